// Which way people go past this till, where stays are counted: chosen here while there is no network; the server is told
// with what waits.

import { about, chooseWay, learnWay } from "./about.js";

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
  await chooseWay(button.value);
  drawWays();
});
document.addEventListener("till:offline", drawWays);
document.addEventListener("till:shown", () => {
  const pressed = document.querySelector("#till:not([data-local]) .till-way[aria-pressed=true]");
  if (pressed && about()?.preferences && !about().untoldWay) learnWay(pressed.value);
});
