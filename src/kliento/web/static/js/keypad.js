// Keys that type without asking the server, in groups of four as on the card. A keyboard goes on after how every number
// begins; a scanner or a clipboard brings that beginning along.

const GROUP = 4;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-keypad]")) return;
  const field = form.querySelector("[name=code]");
  if (event.submitter?.name === "key") {
    event.preventDefault();
    event.stopImmediatePropagation(); // nothing is sent yet
    field.value = typed(field.value.replace(/\s/g, ""), event.submitter.value);
  } else {
    field.value = field.value.replace(/^\s*K1\s*(?=K[12])/i, "");
  }
}, { capture: true });

function typed(before, key) {
  const now = key === "back" ? before.slice(0, -1) : before + key;
  return Array.from({ length: Math.ceil(now.length / GROUP) }, (_, place) => now.slice(place * GROUP, (place + 1) * GROUP)).join(" ");
}

const field = document.querySelector("form[data-keypad] [name=code]");
field?.setSelectionRange(field.value.length, field.value.length);
