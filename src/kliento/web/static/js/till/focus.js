// Keeps the code field ready for a scanner that types: wherever the focus is, what is typed arrives there.

const field = () => document.querySelector("[data-scanner]");
const ready = () => field()?.focus({ preventScroll: true });
const isElsewhere = () => document.activeElement?.matches("a, button, input, select, summary"); // by the keyboard

document.addEventListener("focusout", () => setTimeout(() => {
  if (!isElsewhere()) ready();
}));
document.addEventListener("visibilitychange", ready);
document.addEventListener("keydown", (event) => {
  const types = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (types && !event.target.matches("input")) ready(); // the scanner's Enter would press the button in focus
});
// Whoever was faster than this file goes on where they are.
if (!isElsewhere()) ready();
if (field() && document.activeElement === field() && field().value === field().defaultValue) field().select();
