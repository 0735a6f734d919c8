// Keys that type without asking the server, in groups of four as on the card.

const form = document.querySelector("[data-keypad]");
const field = form.querySelector("[name=code]");

form.addEventListener("submit", (event) => {
  const key = event.submitter?.name === "key" ? event.submitter.value : "";
  if (!key) return;
  event.preventDefault();
  const typed = field.value.replace(/\s/g, "");
  const now = key === "back" ? typed.slice(0, -1) : typed + key;
  field.value = now.match(/.{1,4}/g)?.join(" ") ?? "";
});
