// What the till knows about itself: which it is, the keys it checks and seals with, how far its clock is off, whose shift
// it is. Learnt from the server whenever it answers, and kept for when it does not.

import { obey } from "./rest.js";
import { ABOUT, finished, inStore, WAITING } from "./store.js";

const ONLY = "this";
const PATIENCE = 8000; // milliseconds

let known = null;
let lastToken = null;

// Somebody disconnected this till: it must be paired again.
export class Disconnected extends Error {}

export const about = () => known;

// What forms of our own screens carry; never kept on the device.
export const formToken = () => lastToken;

// The time as the server has it.
export const correctedNow = () => Date.now() + (known?.offsetMs ?? 0);

// Which way people go past this till, as a scan says it; empty for either way, and where nobody counts that.
export const direction = () => (known?.countsStays && { entry: "in", exit: "out" }[known.preferences.way]) || "";

// Takes up what an earlier visit left; what was learnt since stays.
export async function recall() {
  if (known === null) {
    const before = await kept();
    known ??= before;
  }
  return known;
}

// Asks the server. Answers with the token that forms need; a till that somebody disconnected gets one, too, to hand in
// what it had. Raises Disconnected for a browser that the server does not know, Resting, or whatever kept it from
// answering. What was chosen or ended here meanwhile stands until the server has been told.
export async function learn(address) {
  const askedAt = Date.now();
  const response = await fetch(address, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (response.type === "opaqueredirect") throw new Disconnected();
  await obey(response);
  if (!response.ok) throw new Error(`No state: ${response.status}`);
  const answer = await response.json();
  const offsetMs = Date.parse(answer.at) - (askedAt + Date.now()) / 2;
  const held = known;
  const stored = await kept();
  const before = known === held ? stored : known; // or something was chosen at this very moment
  const ended = Boolean(before?.untoldEnd);
  await remember(answer.disconnected ? { ...before, disconnected: true, offsetMs } : {
    terminalId: answer.terminal_id,
    premisesId: answer.premises_id,
    place: answer.place,
    codeKey: bytesOf(answer.code_key),
    sealingKey: bytesOf(answer.sealing_key),
    blockList: answer.block_list,
    settings: answer.settings,
    endShift: answer.end_shift,
    locked: answer.locked || ended,
    shift: ended ? null : answer.shift,
    untoldEnd: before?.untoldEnd,
    countsStays: answer.counts_stays,
    preferences: { ...answer.preferences, ...before?.untold },
    untold: before?.untold,
    offsetMs,
  });
  lastToken = answer.token;
  return lastToken;
}

// The server's own screen says what it knows.
export async function learnShown(shown) {
  if (!known?.preferences) return;
  const preferences = { ...known.preferences, ...shown, ...known.untold };
  if (Object.keys(shown).some((name) => preferences[name] !== known.preferences[name])) await remember({ ...known, preferences });
}

// What is chosen on our own screens stands at once, and the server is told later.
export async function choose(chosen) {
  if (!known?.preferences) return;
  await remember({ ...known, preferences: { ...known.preferences, ...chosen }, untold: { ...known.untold, ...chosen } });
}

// The server has been told of these, and took them or refused them for good; what was chosen since is told next.
export async function toldChosen(told) {
  const since = Object.entries(known.untold ?? {}).filter(([name, choice]) => told[name] !== choice);
  await remember({ ...known, untold: since.length ? Object.fromEntries(since) : undefined });
}

// A shift that was ended without a network: this till is locked from then on, and the server is told later, by its name:
// by then somebody may be in the next one.
export async function endHere(shift) {
  await remember({ ...known, locked: true, shift: null, untoldEnd: shift || true });
}

// The server has been told.
export async function toldEnd() {
  await remember({ ...known, untoldEnd: false });
}

// How many scans a disconnected till still handed in, and how many came too late for that, for the page that says so: in
// one transaction with letting these go, for this page may be left at any moment.
export async function noteHandedIn(ids, taken, late) {
  await inStore([ABOUT, WAITING], "readwrite", async (store, waiting) => {
    ids.forEach((id) => waiting.delete(id));
    const before = await finished(store.get(ONLY));
    known = { ...known, ...before, handedIn: (before?.handedIn ?? 0) + taken, late: (before?.late ?? 0) + late };
    store.put(known, ONLY);
  });
}

// Somebody ended their shift: without a network this till opens for nobody.
export async function lock() {
  if (await recall()) await remember({ ...known, locked: true, shift: null });
}

function kept() {
  return inStore([ABOUT], "readonly", (store) => finished(store.get(ONLY))).then((found) => found ?? null, () => null);
}

async function remember(learnt) {
  known = learnt;
  await inStore([ABOUT], "readwrite", (store) => finished(store.put(known, ONLY))).catch(() => {});
}

export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (symbol) => symbol.charCodeAt(0));
}
