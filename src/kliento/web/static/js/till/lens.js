// Which camera looks, and its light: offered while the camera runs, as far as this device has a choice. The choice is
// remembered on the device, as cameras are its own.

import { ABOUT, finished, inStore } from "./store.js";

const KEPT = "camera";

const tools = document.querySelector("[data-lens]");
const choice = tools.querySelector("[data-lens-choice]");
const select = choice.querySelector("select");
const light = tools.querySelector("[data-light]");
let track = null;
let again = () => {};

// The camera chosen here while it is there, else the one that looks away from the screen.
export async function openLens() {
  const chosen = await inStore([ABOUT], "readonly", (store) => finished(store.get(KEPT))).catch(() => null);
  if (chosen) {
    try {
      return await ask({ deviceId: { exact: chosen } });
    } catch (error) {
      if (error.name !== "OverconstrainedError" && error.name !== "NotFoundError") throw error;
      keep(null); // it was unplugged
    }
  }
  return ask({ facingMode: "environment" });
}

// A device without room forgets the choice, and that is all.
function keep(deviceId) {
  return inStore([ABOUT], "readwrite", (store) => finished(store.put(deviceId, KEPT))).catch(() => {});
}

function ask(which) {
  const video = { ...which, width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video });
}

// This camera looks now; `restart` opens another one.
export async function offerLens(running, restart) {
  track = running;
  again = restart;
  const found = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
  const current = track.getSettings().deviceId;
  select.replaceChildren(...found.map(({ deviceId, label }, place) => new Option(label || `${select.dataset.name} ${place + 1}`, deviceId, false, deviceId === current)));
  choice.hidden = found.length < 2;
  light.hidden = track.getCapabilities?.().torch !== true;
  light.setAttribute("aria-pressed", "false");
  tools.hidden = choice.hidden && light.hidden;
}

export function withdrawLens() {
  track = null;
  tools.hidden = true;
}

select.addEventListener("change", async () => {
  await keep(select.value);
  again();
});
light.addEventListener("click", async () => {
  const torch = light.getAttribute("aria-pressed") !== "true";
  try {
    await track.applyConstraints({ advanced: [{ torch }] });
    light.setAttribute("aria-pressed", String(torch));
  } catch {
    light.hidden = true; // it said that it could
  }
});
