// What the till knows about itself: which it is, the keys it checks and seals with, how far its clock is off. Learnt from
// the server whenever it answers, and kept for when it does not.

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
// what it had. Raises Disconnected for a browser that the server does not know, or whatever kept it from answering.
export async function learn(address) {
  const askedAt = Date.now();
  const response = await fetch(address, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (response.type === "opaqueredirect") throw new Disconnected();
  if (!response.ok) throw new Error(`No state: ${response.status}`);
  const answer = await response.json();
  const offsetMs = Date.parse(answer.at) - (askedAt + Date.now()) / 2;
  const before = await kept();
  const untold = before?.untoldWay && { way: before.untoldWay };
  await remember(answer.disconnected ? { ...before, disconnected: true, offsetMs } : {
    terminalId: answer.terminal_id,
    premisesId: answer.premises_id,
    place: answer.place,
    codeKey: bytesOf(answer.code_key),
    sealingKey: bytesOf(answer.sealing_key),
    blockList: answer.block_list,
    settings: answer.settings,
    locked: answer.locked,
    countsStays: answer.counts_stays,
    preferences: { ...answer.preferences, ...untold },
    untoldWay: untold?.way,
    offsetMs,
  });
  lastToken = answer.token;
  return lastToken;
}

// The server's own screen says which one it knows.
export async function learnWay(way) {
  await remember({ ...known, preferences: { ...known.preferences, way } });
}

// Without a network the way is chosen here, and told to the server later.
export async function chooseWay(way) {
  await remember({ ...known, preferences: { ...known.preferences, way }, untoldWay: way });
}

// The server has been told.
export async function toldWay() {
  await remember({ ...known, untoldWay: undefined });
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
  if (await recall()) await inStore([ABOUT], "readwrite", (store) => finished(store.put({ ...known, locked: true }, ONLY)));
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
