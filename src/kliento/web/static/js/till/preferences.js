// How this till is set, without asking the server: what was chosen on our own screens, and what its screens show.

import { about, choose, formToken, learnShown, toldChosen } from "./about.js";
import { inLine, till } from "./screen.js";

const PATIENCE = 8000; // milliseconds

const root = document.querySelector("[data-till]");

// From now on. The server is told at once where it answers, and else with what waits.
export async function chooseHere(chosen) {
  await choose(chosen);
  applyPreferences();
  inLine(tellNow); // not beside a scan: the server keeps both in one place
  document.dispatchEvent(new CustomEvent("till:chosen"));
}

// Makes this page as it was chosen to be.
export function applyPreferences() {
  const chosen = about()?.preferences;
  if (!chosen) return;
  root.classList.toggle("counter-large", chosen.type === "large");
  if ("local" in till().dataset) till().dataset.sounds = chosen.sounds;
  document.dispatchEvent(new CustomEvent("till:preferences", { detail: chosen }));
}

async function tellNow() {
  const token = formToken() ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const { untold, settings, locked } = about() ?? {};
  if (!untold || !token || locked) return;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, ...untold });
  try {
    const answer = await fetch(settings, { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(PATIENCE) });
    await answer.text(); // or the browser holds on to the connection
    if (answer.status === 400) await refused(untold);
    else if (isTill(answer)) await toldChosen(untold);
    else if (answer.redirected) location.assign(answer.url); // locked or disconnected meanwhile: it is told later
  } catch {
    // No network: it is told later.
  }
}

// One alone: now as later. Of several perhaps one: each is told for itself with what waits.
async function refused(untold) {
  if (Object.keys(untold).length === 1) await toldChosen(untold);
  else document.dispatchEvent(new CustomEvent("till:again"));
}

function isTill({ redirected, url }) {
  return redirected && url === new URL(root.dataset.backTo, location.href).href;
}

document.addEventListener("till:shown", () => {
  const pressed = till().querySelector(".till-way[aria-pressed=true]");
  learnShown({ sounds: till().dataset.sounds, ...(pressed && { way: pressed.value }) });
});
