// Reads cards and stickers held to this device, where the browser can (Web NFC). Their number is entered like a typed one.

import { enter } from "./screen.js";

const refused = document.querySelector("[data-nfc-refused]");
let reading = false;

async function start() {
  refused.hidden = true;
  try {
    const reader = new NDEFReader();
    reader.addEventListener("reading", ({ serialNumber }) => take(serialNumber));
    reader.addEventListener("readingerror", () => {}); // an empty sticker still has its number with the next touch
    await reader.scan();
    reading = true;
  } catch {
    refused.hidden = false;
  }
  draw();
}

function take(serialNumber) {
  const uid = serialNumber.replace(/[^0-9a-f]/gi, "").toUpperCase();
  if (uid) enter(uid);
}

function draw() {
  for (const button of document.querySelectorAll("[data-nfc-start]")) button.hidden = reading;
}

if ("NDEFReader" in window) {
  document.addEventListener("click", ({ target }) => { if (target.closest("[data-nfc-start]")) start(); });
  for (const event of ["till:shown", "till:offline"]) document.addEventListener(event, draw);
  draw();
}
