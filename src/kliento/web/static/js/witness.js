// A witness of the sealed log: keeps its last checkpoint, demands the proof that the log only grew when it connects again,
// and alarms on the screen and at the service when there is none or it does not fit. docs/sealing.md says what is checked.
// Bound by [data-log]. Kept: signed checkpoints and the log's key; nothing about anybody.

import { isSigned } from "./till/signatures.js";

const DATABASE = "kliento-log";
const STORE = "kept";
const ONLY = "log"; // { note, key, failures, refusals, since, alarm, told, former }
const EVERY_MS = 30_000;
const PATIENCE_MS = 10_000;
const MOST_FAILURES = 5; // proofs in a row that did not come although the checkpoint did
const MOST_REFUSALS = 5; // answers without a checkpoint, over a day at least, before the screen says so
const DAY_MS = 86_400_000;
const ED25519 = 1;

const banner = document.querySelector("[data-log]");
let askedAt = -Infinity;
let asking = false;

// What the log says of itself did not fit what it said before.
class Alarm extends Error {}

// A service that is busy or away is asked again; what it answers counts.
class Later extends Error {}

// It answered, and showed nothing.
class Refused extends Later {}

export async function watchLog() {
  if (!banner || !globalThis.crypto?.subtle || asking || Date.now() - askedAt < EVERY_MS) return;
  asking = true;
  askedAt = Date.now();
  try {
    const kept = await recall();
    if (!kept?.alarm) await follow(kept);
  } catch (error) {
    if (!(error instanceof Later)) throw error;
  } finally {
    asking = false;
    await show();
  }
}

async function follow(kept) {
  const note = await newest(kept);
  if (note === kept?.note) {
    if (kept.refusals) await keep({ ...kept, refusals: 0 });
    return;
  }
  try {
    if (!kept) {
      if (note !== null) await keep(await met(note));
      return;
    }
    if (note === null) throw new Alarm("rolled_back");
    await demand(kept, note);
    await keep({ ...kept, note, failures: 0, refusals: 0 });
  } catch (error) {
    if (!(error instanceof Alarm)) throw error;
    await keep({ ...kept, alarm: error.message, shown: note, told: false });
  }
}

async function newest(kept) {
  try {
    return await ask(banner.dataset.checkpoint);
  } catch (error) {
    if (kept && error instanceof Refused) {
      const refusals = (kept.refusals ?? 0) + 1;
      await keep({ ...kept, refusals, since: refusals === 1 ? Date.now() : kept.since });
    }
    throw error;
  }
}

// The first time there is nothing to compare with: what is shown then is taken, with its key.
async function met(note) {
  const line = await ask(banner.dataset.key);
  if (line === null) throw new Later();
  const key = line.trim();
  if (!(await opened(note, key))) throw new Later(); // a new epoch began between the two answers
  return { note, key, failures: 0 };
}

async function demand(kept, note) {
  const before = read(kept.note);
  const now = read(note);
  if (now === null || now.origin !== before.origin) throw new Alarm(now ? "another_epoch" : "foreign");
  if (!(await opened(note, kept.key))) throw new Alarm("foreign");
  if (now.size < before.size) throw new Alarm("rolled_back");
  if (now.size === before.size) {
    if (!same(now.root, before.root)) throw new Alarm("rewritten");
    return;
  }
  const path = await proof(kept, before, now);
  if (!(await isConsistent(before, now, path))) throw new Alarm("rewritten");
}

async function proof(kept, before, now) {
  const epoch = now.origin.slice(now.origin.lastIndexOf("/") + 1);
  const address = banner.dataset.consistency.replace("EPOCH", epoch).replace("/0/", `/${before.size}/`).replace(/0$/, now.size);
  try {
    const answer = await ask(address);
    if (answer === null) throw new Alarm("unproven");
    return JSON.parse(answer).path.map(unhex);
  } catch (error) {
    if (error instanceof Alarm) throw error;
    const failures = (kept.failures ?? 0) + 1;
    if (failures >= MOST_FAILURES || error instanceof SyntaxError || error instanceof TypeError) throw new Alarm("unproven");
    await keep({ ...kept, failures });
    throw new Later();
  }
}

// The text at an address; null when there is none.
async function ask(address) {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return await answer.text();
  } catch {
    throw new Later();
  }
  if (answer.status === 404 || answer.status === 410) return null;
  throw new Refused();
}

function read(note) {
  const lines = note.split("\n");
  if (lines.length < 6 || lines[3] !== "" || !/^(0|[1-9][0-9]{0,14})$/.test(lines[1])) return null;
  const root = unbase64(lines[2]);
  return root?.length === 32 ? { origin: lines[0], size: Number(lines[1]), root, body: `${lines.slice(0, 3).join("\n")}\n`, signature: lines[4] } : null;
}

// Whether this key, in one line as C2SP writes it, signed that note.
async function opened(note, key) {
  const found = read(note);
  const [name, , ...encoded] = key.split("+");
  const raw = unbase64(encoded.join("+"));
  if (found === null || name !== found.origin || raw?.length !== 33 || raw[0] !== ED25519) return false;
  const [dash, signer, text] = found.signature.split(" ");
  const signature = unbase64(text ?? "");
  if (dash !== "—" || signer !== name || signature?.length !== 68) return false;
  return isSigned(new TextEncoder().encode(found.body), signature.slice(4), raw.slice(1));
}

// RFC 9162, 2.1.4.2. Sizes may be beyond 32 bits: no bitwise operators.
async function isConsistent(before, now, path) {
  if (before.size === 0) return path.length === 0;
  const hashes = isPowerOfTwo(before.size) ? [before.root, ...path] : path;
  if (hashes.length === 0) return false;
  let place = before.size - 1;
  let last = now.size - 1;
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [ofOld, ofNew] = [hashes[0], hashes[0]];
  for (const sibling of hashes.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [ofOld, ofNew] = [await node(sibling, ofOld), await node(sibling, ofNew)];
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      ofNew = await node(ofNew, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && same(ofOld, before.root) && same(ofNew, now.root);
}

async function node(left, right) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array([1, ...left, ...right])));
}

async function show() {
  const kept = await recall();
  showUnchecked(kept);
  const shown = banner.querySelector(":scope > .banner-error");
  if (!kept?.alarm) {
    shown?.remove();
    return;
  }
  if (!shown) {
    banner.append(banner.querySelector("template[data-log-changed]").content.cloneNode(true));
    banner.querySelector(":scope > .banner-error [data-log-accept]").addEventListener("click", accept);
  }
  for (const reason of banner.querySelectorAll(":scope > .banner-error [data-log-reason]")) {
    reason.hidden = (reason.dataset.logReason === "another_epoch") !== (kept.alarm === "another_epoch");
  }
  if (!kept.told) await tell(kept);
}

// No alarm: nothing says that the log was changed, only that this device could not see it.
function showUnchecked(kept) {
  banner.querySelector(":scope > .banner-warn")?.remove();
  if (!kept || kept.alarm || !(kept.refusals >= MOST_REFUSALS && Date.now() - kept.since >= DAY_MS)) return;
  banner.append(banner.querySelector("template[data-log-unchecked]").content.cloneNode(true));
  const { lang } = document.documentElement;
  const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long" }).format(kept.since);
  banner.querySelector(":scope > .banner-warn [data-log-since]").textContent = day;
}

async function tell(kept) {
  try {
    const body = new URLSearchParams({ reason: kept.alarm, kept: kept.note });
    const answer = await fetch(banner.dataset.alarm, { method: "POST", body, credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) await keep({ ...kept, told: true });
  } catch {
    // Told when it connects again.
  }
}

// Whoever has dealt with it goes on with the log as it is now; what was kept until then stays on the device.
async function accept() {
  const { note, key, former } = await recall();
  await keep({ former: [...former, { note, key }].slice(-5) });
  askedAt = -Infinity;
  await watchLog();
}

// Where the browser gives no storage there is no witness.
async function recall() {
  const kept = await inStore("readonly", (log) => log.get(ONLY));
  return kept?.note ? kept : null;
}

async function keep(record) {
  const before = await inStore("readonly", (log) => log.get(ONLY));
  await inStore("readwrite", (log) => log.put({ former: before?.former ?? [], ...record }, ONLY));
}

// A full device goes on with the checkpoint it has.
async function inStore(mode, act) {
  try {
    const database = await opening();
    const done = await finished(act(database.transaction(STORE, mode).objectStore(STORE)));
    database.close();
    return done;
  } catch {
    return undefined;
  }
}

function opening() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return finished(request);
}

function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function half(number) {
  return Math.floor(number / 2);
}

function isPowerOfTwo(number) {
  let rest = number;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}

function same(one, other) {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

function unhex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function unbase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
