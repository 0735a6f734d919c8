// What is not accepted any more: the company's own list, whose entries tell nothing to whoever does not have the code.
// Format: domain/cards/queries/blocking.py.

import { about, bytesOf, correctedNow } from "./about.js";
import { obey } from "./rest.js";
import { isSigned } from "./signatures.js";
import { BLOCKED, finished, inStore } from "./store.js";

const ONLY = "this";
const ENTRY = 10; // bytes
const PATIENCE = 20_000; // milliseconds

// Asks for the newest one. Whatever is not signed by the service is not taken.
export async function learnBlocked() {
  const kept = await stored();
  const headers = kept ? { "If-None-Match": kept.version } : {};
  const response = await fetch(about().blockList, { headers, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  await obey(response);
  if (!response.ok) return; // 304: ours is the newest
  const list = await response.json();
  const said = ["kliento-block-list-1", list.third_party_id, list.made_at, list.good_until, list.entries].join("\n");
  if (!(await isSigned(new TextEncoder().encode(said), bytesOf(list.signature), about().codeKey))) return;
  const record = { version: response.headers.get("ETag"), goodUntil: Date.parse(list.good_until), listKey: bytesOf(list.list_key), entries: bytesOf(list.entries) };
  await inStore([BLOCKED], "readwrite", (store) => finished(store.put(record, ONLY)));
}

// Whether this is not accepted: the digest of a number, or of a rotating code's token.
export async function isBlocked(digest) {
  const list = await stored();
  if (!list) return false;
  const key = await crypto.subtle.importKey("raw", list.listKey, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return holds(list.entries, new Uint8Array(await crypto.subtle.sign("HMAC", key, digest)));
}

// Whether what this till would refuse without a network is out of date, or was never learnt.
export async function listIsOld() {
  const list = await stored();
  return !list || list.goodUntil < correctedNow();
}

function stored() {
  return inStore([BLOCKED], "readonly", (store) => finished(store.get(ONLY)));
}

// The entries are sorted.
function holds(entries, wanted) {
  let low = 0, high = entries.length / ENTRY;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(entries, middle * ENTRY, wanted);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

function compare(entries, start, wanted) {
  for (let place = 0; place < ENTRY; place += 1) {
    const difference = entries[start + place] - wanted[place];
    if (difference !== 0) return difference;
  }
  return 0;
}
