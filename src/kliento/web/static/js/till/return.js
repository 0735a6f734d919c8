// Goes back to waiting after an answer, and keeps the waiting screen fresh: it names its next scan, and notices when the
// till was disconnected. Whoever moves or presses something is reaching for a button: the answer stays for them.

import { goBack, till } from "./screen.js";

const SECOND = 1000;
const REACHING = 30 * SECOND;
const IDLE = 60 * 60 * SECOND;
const UNREACHABLE = 10 * SECOND;
let timer = 0;

function backAfter(delay) {
  clearTimeout(timer);
  timer = setTimeout(leave, delay);
}

function leave() {
  if (till().querySelector("[data-scanner]")?.value) backAfter(SECOND); // the next code is being typed
  else goBack();
}

function arm() {
  const stays = till().dataset.stays;
  if (stays === "next") clearTimeout(timer);
  else backAfter(stays ? Number(stays) * SECOND : IDLE);
}

function reach() {
  if (Number(till().dataset.stays)) backAfter(Math.max(REACHING, Number(till().dataset.stays) * SECOND));
}

for (const event of ["till:shown", "till:offline", "till:own"]) document.addEventListener(event, arm);
document.addEventListener("till:unreachable", () => backAfter(UNREACHABLE));
document.addEventListener("pointermove", reach);
document.addEventListener("pointerdown", reach);
document.addEventListener("keydown", (event) => {
  if (event.key === "Tab") reach();
});
arm();
