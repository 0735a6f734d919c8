// A till that was disconnected hands in what it had until then, and says how many scans that were: nothing else about them.

import { about, recall } from "./about.js";
import { count } from "./queue.js";
import { handIn } from "./sending.js";

const EVERY = 30_000; // milliseconds

const root = document.querySelector("[data-former]");
const { state, scans } = root.dataset;

async function draw() {
  const { disconnected, handedIn = 0, late = 0 } = about() ?? {};
  const waiting = await count().catch(() => 0);
  say("handed", handedIn, disconnected);
  say("late", late, late > 0);
  say("waiting", waiting, waiting > 0);
}

function say(name, number, shown) {
  const line = root.querySelector(`[data-${name}]`);
  line.querySelector("b").textContent = number;
  line.hidden = !shown;
}

async function attempt() {
  if (state && about()) await handIn(state, scans).catch(() => {}); // what could not be sent is tried again
  await draw();
}

async function start() {
  await recall();
  await draw();
  await attempt();
  setInterval(async () => { if (await count().catch(() => 0)) attempt(); }, EVERY);
}

new BroadcastChannel("kliento-till").addEventListener("message", attempt); // the worker may have been first
addEventListener("online", attempt);
start();
