// A server that is busy says when to come again: until then nothing is handed in, by whatever page or worker of this
// till. A moment is added by chance, so that all the tills that were sent away do not come back at once.

import { ABOUT, finished, inStore } from "./store.js";

const KEPT = "rest";
const UNSAID = 10_000; // milliseconds
const MOST = 10 * 60_000;
const LEAST_SPREAD = 1000;

let until = 0;

// The server asked to come later.
export class Resting extends Error {}

// Raises Resting where this answer asks for that, and remembers until when.
export async function obey(response) {
  if (response.status !== 503 && response.status !== 429) return;
  until = Date.now() + delayOf(response);
  await inStore([ABOUT], "readwrite", (store) => finished(store.put(until, KEPT))).catch(() => {});
  throw new Resting();
}

// How long to stay away, in milliseconds: never less than was asked for, unless that is beyond all reason.
export function delayOf(response) {
  const said = response.headers.get("Retry-After");
  const asked = /^\d+$/.test(said ?? "") ? Number(said) * 1000 : Date.parse(said) - Date.parse(response.headers.get("Date"));
  const delay = Math.min(Math.max(Number.isNaN(asked) ? UNSAID : asked, 0), MOST);
  return delay + Math.random() * Math.max(delay / 2, LEAST_SPREAD);
}

// How long it still asks to stay away; 0: not at all. A clock that was set back does not keep this till away for long.
export async function restsFor() {
  const kept = await inStore([ABOUT], "readonly", (store) => finished(store.get(KEPT))).catch(() => 0);
  const left = Math.max(until, kept ?? 0) - Date.now();
  return left > 0 && left <= 2 * MOST ? left : 0;
}
