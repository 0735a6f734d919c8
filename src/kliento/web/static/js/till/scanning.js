// One scan: kept on this device before it is sent, answered by the server, or, when no answer comes, as far as a till can
// tell by itself. Never green without the server.

import { about, correctedNow, direction, recall } from "./about.js";
import { judge } from "./judging.js";
import { drop, keep, release } from "./queue.js";
import { meant, newId } from "./symbols.js";
import { asWritten } from "./wedge.js";

const LONGEST = 200; // characters; nothing longer is a card code
const WAITS = new Set(["genuine", "unchecked", "blocked"]); // the person reads in Activity that it was refused, too

// A scan as the server knows it again: its id, moment and direction never change, however often it is sent.
export function newScan(code) {
  const at = correctedNow();
  return { id: newId(at), code: meant(asWritten(code)), occurredAt: new Date(at).toISOString() };
}

// What this till can say about it, and whether it was kept: { verdict, kept, firstAt? }. `verdict` null: it can say
// nothing, because it never learnt the keys or the browser has no cryptography.
export async function prepare(scan) {
  await recall();
  if (!about() || !crypto.subtle || scan.code.length > LONGEST) return { verdict: null, kept: false };
  scan.direction = direction();
  if (about().disconnected) return { verdict: "disconnected", kept: false };
  if (about().locked) return { verdict: "locked", kept: false };
  try {
    const judged = await judge(scan.code, Date.parse(scan.occurredAt));
    const waits = WAITS.has(judged.verdict);
    if (waits) await keep(scan, judged.digest);
    return { ...judged, kept: waits };
  } catch (error) { // whatever the browser's reason is, nothing may be promised
    return { verdict: error.name === "QuotaExceededError" ? "full" : "unkept", kept: false };
  }
}

// The server has answered it.
export async function settle(scan, prepared) {
  if (prepared.kept) await drop([scan.id]).catch(() => release(scan.id));
}

// No answer came: it waits with the others.
export function leave(scan) {
  release(scan.id);
}
