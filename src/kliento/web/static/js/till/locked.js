// A locked till stays locked when the network is gone: this page is only reached with one. What waited until then is handed
// in at once, so that nobody who opens the till later is on duty for it, and it is said what waits still.

import { lock } from "./about.js";
import { count } from "./queue.js";
import { handIn } from "./sending.js";

const EVERY = 30_000; // milliseconds

const root = document.querySelector("[data-till-locked]");
const waiting = root.querySelector("[data-waiting]");
const { state, scans } = root.dataset;

async function attempt() {
  await handIn(state, scans).catch(() => {}); // what could not be sent is tried again, or waits for whoever opens the till
  await draw();
}

async function draw() {
  const number = await count().catch(() => 0);
  waiting.querySelector("[data-number]").textContent = number;
  waiting.hidden = number === 0;
}

async function whenWaiting() {
  if (await count().catch(() => 0)) await attempt();
}

new BroadcastChannel("kliento-till").addEventListener("message", draw);
addEventListener("online", attempt);
setInterval(whenWaiting, EVERY);
lock().finally(attempt);
