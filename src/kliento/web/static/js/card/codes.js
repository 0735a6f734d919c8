// Codes that have not been shown yet, in memory and in IndexedDB, so that the card opens without a network.
// One record: { skewMs, slotMs, codes: Map(slot -> code) }, or { blocked: true } so that the card does not promise offline
// what no till would take. Nothing else about the person is kept on the phone.

const DATABASE = "kliento-card";
const STORE = "codes";
const ONLY = "waiting";
const PATIENCE_MS = 8000;

let waiting = null;

// The code of this moment of the phone's clock, and how long it stays; null when there is none.
export async function codeAt(phoneMs) {
  if (waiting === null || isBlocked()) return null;
  const { skewMs, slotMs, codes } = waiting;
  const moment = phoneMs + skewMs;
  const slot = Math.floor(moment / slotMs);
  const code = codes.get(slot);
  if (code === undefined) return null;
  await forgetBefore(slot);
  return { code, slotMs, leftMs: (slot + 1) * slotMs - moment };
}

// Whether the service said that this phone's card is blocked.
export function isBlocked() {
  return waiting?.blocked === true;
}

// Asks for the codes of the next two hours; forgets the old ones when nobody is signed in any more, or none is accepted.
export async function fetchCodes(address) {
  const answer = await fetch(address, {
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.type === "opaqueredirect" || answer.status === 404) {
    await forgetCodes();
    return;
  }
  if (answer.status === 409) {
    await blockCodes();
    return;
  }
  if (!answer.ok) throw new Error(`No codes: ${answer.status}`);
  const { at_ms, slot_seconds, first_slot, codes } = await answer.json();
  waiting = {
    skewMs: at_ms - Date.now(),
    slotMs: slot_seconds * 1000,
    codes: new Map(codes.map((code, place) => [first_slot + place, code])),
  };
  await store(waiting);
}

// Takes up what an earlier visit left on the phone; what has been fetched since stays.
export async function recallCodes() {
  waiting ??= await stored();
}

// Until the service gives codes again.
export async function blockCodes() {
  waiting = { blocked: true };
  await store(waiting);
}

export async function forgetCodes() {
  waiting = null;
  await inStore("readwrite", (codes) => codes.clear());
}

async function forgetBefore(slot) {
  const passed = [...waiting.codes.keys()].filter((each) => each < slot);
  if (passed.length === 0) return;
  for (const each of passed) waiting.codes.delete(each);
  await store(waiting);
}

async function store(record) {
  await inStore("readwrite", (codes) => codes.put(record, ONLY));
}

async function stored() {
  return (await inStore("readonly", (codes) => codes.get(ONLY))) ?? null;
}

// Where the browser gives no storage (a private window), the codes stay in memory and the card works while it is open.
async function inStore(mode, act) {
  try {
    const database = await opened();
    const done = await finished(act(database.transaction(STORE, mode).objectStore(STORE)));
    database.close();
    return done;
  } catch {
    return undefined;
  }
}

function opened() {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return finished(opening);
}

function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
