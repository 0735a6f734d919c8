// The till's own storage in IndexedDB: scans that wait, sealed; digests of codes that were used here; what the till
// knows about itself. No code in clear and nothing about a person is ever put here.

const DATABASE = "kliento-till";
export const WAITING = "waiting"; // { id, sealed, occurredAt, direction, premisesId }
export const USED = "used"; // { digest, id, at }
export const ABOUT = "about"; // one record, see about.js; and which camera looks, see lens.js
export const BLOCKED = "blocked"; // one record, see blocked.js

let opening = null;

// Does something in one transaction and answers once it is on the disk. Raises what the browser says when it cannot:
// QuotaExceededError when there is no room.
export async function inStore(names, mode, act) {
  const transaction = await begun(names, mode).catch((error) => {
    if (error.name !== "InvalidStateError") throw error;
    opening = null; // the browser had closed the connection, as it does to pages in the background
    return begun(names, mode);
  });
  const settled = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new DOMException("Not stored", "AbortError"));
  });
  const [result] = await Promise.all([act(...names.map((name) => transaction.objectStore(name))), settled]);
  return result;
}

async function begun(names, mode) {
  const database = await (opening ??= opened());
  return database.transaction(names, mode, { durability: "strict" });
}

export function finished(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function opened() {
  try {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(WAITING, { keyPath: "id" });
      request.result.createObjectStore(USED, { keyPath: "digest" });
      request.result.createObjectStore(ABOUT);
      request.result.createObjectStore(BLOCKED);
    };
    const database = await finished(request);
    database.onclose = () => { opening = null; }; // the browser may close it when the device is full
    database.onversionchange = () => { // another page changes or clears it, and may not be kept waiting
      database.close();
      opening = null;
    };
    return database;
  } catch (error) {
    opening = null; // the next attempt may be luckier
    throw error;
  }
}
