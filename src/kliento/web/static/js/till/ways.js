// Which way people go past this till, where stays are counted: chosen here while there is no network.

import { about } from "./about.js";
import { chooseHere } from "./preferences.js";

const row = () => document.querySelector("[data-local] [data-ways]");

// The row of our own screen.
export function drawWays() {
  if (!row()) return;
  row().hidden = !about()?.countsStays;
  for (const button of row().querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === about()?.preferences?.way);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-local] [data-ways] button");
  if (!button) return;
  await chooseHere({ way: button.value });
  drawWays();
});
document.addEventListener("till:offline", drawWays);
