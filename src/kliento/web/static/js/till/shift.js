// Ending a shift works without a network, too: whoever goes home is on duty for nothing that comes after.

import { about, endHere, formToken } from "./about.js";
import { showWaiting } from "./screen.js";

const PATIENCE = 8000; // milliseconds

const root = document.querySelector("[data-till]");

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-end-shift]")) return;
  event.preventDefault();
  const body = new FormData(form);
  if (!body.get("shift") && about()?.shift) body.set("shift", about().shift);
  if (await isTold(form, body)) return location.assign(root.dataset.backTo);
  await endHere(body.get("shift"));
  showWaiting();
});

async function isTold(form, body) {
  if (formToken()) body.set("csrfmiddlewaretoken", formToken());
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

// On our own screen: there is something to end only where a PIN opened this till.
document.addEventListener("till:offline", () => {
  for (const form of document.querySelectorAll("[data-local] [data-end-shift]")) form.hidden = !about()?.shift;
});
