// Keys that type without asking the server, in groups of four as on the card. A keyboard goes on after how every number
// begins; a scanner or a clipboard brings that beginning along.

const form = document.querySelector("[data-keypad]");
const field = form.querySelector("[name=code]");

form.addEventListener("submit", (event) => {
  const key = event.submitter?.name === "key" ? event.submitter.value : "";
  if (!key) field.value = field.value.replace(/^\s*K1\s*(?=K[12])/i, "");
  if (!key) return;
  event.preventDefault();
  const typed = field.value.replace(/\s/g, "");
  const now = key === "back" ? typed.slice(0, -1) : typed + key;
  field.value = now.match(/.{1,4}/g)?.join(" ") ?? "";
});

field.setSelectionRange(field.value.length, field.value.length);
