// The till: keeps the code field ready for a scanner that types, and goes back to waiting after an answer.
// Without this file the page works by clicking into the field and on "Next".

const field = document.querySelector("[data-scanner]");
const answer = document.querySelector("[data-back-after]");
const IDLE_MINUTES = 60; // the waiting page names its next scan: fetch a new name, and notice a revoked till

function ready() {
  field?.focus({ preventScroll: true });
}

if (field) {
  ready();
  field.addEventListener("blur", () => setTimeout(() => {
    if (!document.activeElement?.matches("a, button, input")) ready(); // the keyboard may still go elsewhere
  }));
  document.addEventListener("visibilitychange", ready);
  field.form.addEventListener("submit", (event) => {
    if (field.form.dataset.sent) event.preventDefault();
    field.form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete field.form.dataset.sent);
}

const seconds = answer ? Number(answer.dataset.backAfter) : IDLE_MINUTES * 60;
const back = answer ? answer.dataset.backTo : location.href;
setTimeout(function leave() {
  // The next customer's code is being typed: stay.
  if (field?.value) setTimeout(leave, 1000);
  else location.replace(back);
}, seconds * 1000);
