// Scans that wait for the server's answer. One is here, on the disk, before it is sent, and leaves only when the server
// has answered its id: whatever happens to this device meanwhile, it arrives, and once.

import { about } from "./about.js";
import { seal } from "./sealing.js";
import { finished, inStore, USED, WAITING } from "./store.js";

const USED_KEPT = 60 * 60 * 1000; // milliseconds
const changes = new BroadcastChannel("kliento-till");
const underway = new Set(); // ids this page is asking the server about right now

// Keeps a scan, sealed with the shift in which it was made. Raises when this device cannot: then it must not be promised.
export async function keep(scan, digest) {
  underway.add(scan.id);
  try {
    const sealed = await seal([scan.code, about().shift].filter(Boolean).join("\n"), scan.id, about().sealingKey);
    const entry = { id: scan.id, sealed, occurredAt: scan.occurredAt, direction: scan.direction, premisesId: about().premisesId };
    await inStore([WAITING, USED], "readwrite", async (waiting, used) => {
      if (digest) used.put({ digest, id: scan.id, at: Date.parse(scan.occurredAt) });
      await finished(waiting.add(entry));
    });
  } catch (error) {
    underway.delete(scan.id);
    throw error;
  }
  changes.postMessage({});
}

// The page does not ask about it any more: it is handed in with the others.
export const release = (id) => underway.delete(id);

// These were answered.
export async function drop(ids) {
  for (const id of ids) underway.delete(id);
  await inStore([WAITING], "readwrite", async (waiting) => ids.forEach((id) => waiting.delete(id)));
  changes.postMessage({});
}

// The places at which something waits.
export const places = async () => [...new Set((await waiting()).map((one) => one.premisesId))];

// The oldest that wait at this place and are not being asked about, at most so many.
export async function oldest(most, place) {
  return (await waiting()).filter((one) => one.premisesId === place).slice(0, most);
}

// What waits at these premises, the oldest first; how many that are.
export const waitingHere = () => oldest(Infinity, about()?.premisesId);
export const count = async () => (await waitingHere()).length;

async function waiting() {
  const all = await inStore([WAITING], "readonly", (kept) => finished(kept.getAll()));
  return all.filter((one) => !underway.has(one.id));
}

// When this code was first used at this till within the last hour; null if it was not.
export async function usedBefore(digest) {
  const forgotten = Date.now() - USED_KEPT + (about()?.offsetMs ?? 0);
  const known = await inStore([USED], "readonly", (used) => finished(used.get(digest)));
  return known && known.at > forgotten ? known.at : null;
}

// Codes used more than an hour ago have long expired.
export async function forgetUsed() {
  const forgotten = Date.now() - USED_KEPT + (about()?.offsetMs ?? 0);
  await inStore([USED], "readwrite", async (used) => {
    const all = await finished(used.getAll());
    for (const { digest, at } of all) if (at < forgotten) used.delete(digest);
  });
}
