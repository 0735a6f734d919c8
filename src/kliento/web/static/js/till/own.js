// What this page can do by itself, with a network and without one: the keypad; and without one the settings, too. Where
// the worker led here because another page could not be had, the address says which of them was asked for.

import { about } from "./about.js";
import { applyPreferences, chooseHere } from "./preferences.js";
import { goBack, showOwn, showWaiting, till } from "./screen.js";

const OWN = new Set(["keypad", "settings"]);

// Opens what was asked for by the address, once; or says at once that this till takes no scan.
export function openHere() {
  const asked = location.hash.slice(1);
  if (asked) history.replaceState(null, "", location.pathname);
  const isShut = about()?.locked || about()?.disconnected;
  if (OWN.has(asked) && !isShut) show(asked);
  else showWaiting();
}

function show(name) {
  showOwn(name);
  if (name === "settings") fillIn();
  else toTheEnd(till().querySelector("[data-scanner]"));
}

function toTheEnd(field) {
  field.setSelectionRange(field.value.length, field.value.length);
}

function fillIn() {
  const form = till().querySelector("form");
  for (const [name, value] of Object.entries(about()?.preferences ?? {})) {
    const choice = form.querySelector(`input[name="${name}"][value="${value}"]`);
    if (choice) choice.checked = true;
  }
  for (const part of form.querySelectorAll("[data-counts-stays]")) part.hidden = !about()?.countsStays;
  form.querySelector("input:checked")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-own]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.dataset.own);
});
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-chosen-here]")) return;
  event.preventDefault();
  await chooseHere(Object.fromEntries(new FormData(event.target)));
  goBack();
});
document.addEventListener("till:offline", applyPreferences);
