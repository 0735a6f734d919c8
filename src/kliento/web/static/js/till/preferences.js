// How this till is set, without asking the server: what was chosen on our own screens, and what its screens show.

import { about, choose, learnShown } from "./about.js";
import { till } from "./screen.js";

const root = document.querySelector("[data-till]");

// From now on; the server is told as soon as it answers.
export async function chooseHere(chosen) {
  await choose(chosen);
  applyPreferences();
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

document.addEventListener("till:shown", () => {
  const pressed = till().querySelector(".till-way[aria-pressed=true]");
  learnShown({ sounds: till().dataset.sounds, ...(pressed && { way: pressed.value }) });
});
