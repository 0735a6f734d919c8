// The status bar says whether the last answer came, and what the browser knows about its network.

const words = document.querySelectorAll("[data-when]");

function say(state) {
  for (const word of words) word.hidden = word.dataset.when !== state;
}

for (const event of ["till:shown", "till:reached"]) document.addEventListener(event, () => say("online"));
for (const event of ["till:offline", "till:unreachable"]) document.addEventListener(event, () => say("offline"));
addEventListener("online", () => say("online"));
addEventListener("offline", () => say("offline"));
if (!navigator.onLine) say("offline");
