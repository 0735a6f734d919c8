// Hands in what waits, in batches, and drops what was answered. Runs in the page, and in the worker when the network
// returns while no page is open. Sent twice it is counted once: each scan has had its id from the start.

import { learn, recall } from "./about.js";
import { drop, forgetUsed, oldest } from "./queue.js";

const MOST = 500;
const PATIENCE = 30_000; // milliseconds
const changes = new BroadcastChannel("kliento-till");
const AGAIN = new Set(["try_later", "clock_off"]); // not judged: the same may be sent later

// Sends everything that can be sent, and tells every open page how many had which outcome. Raises Disconnected, or what kept it from being sent.
export function handIn(state, scans) {
  const act = () => send(state, scans);
  return navigator.locks ? navigator.locks.request("kliento-till-handing-in", act) : act();
}

async function send(state, scans) {
  await recall();
  const token = await learn(state);
  await forgetUsed();
  const outcomes = {};
  for (;;) {
    const batch = await oldest(MOST);
    if (batch.length === 0) break;
    const answers = await answersTo(batch, scans, token);
    const answered = answers.filter(({ outcome }) => !AGAIN.has(outcome));
    await drop(answered.map(({ id }) => id));
    for (const { outcome } of answered) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (answered.length < batch.length) break;
  }
  if (Object.keys(outcomes).length) changes.postMessage({ outcomes });
}

async function answersTo(batch, address, token) {
  const sent = batch.map(({ id, sealed, occurredAt }) => ({ id, sealed, occurred_at: occurredAt }));
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, scans: JSON.stringify(sent) });
  const response = await fetch(address, { method: "POST", body, redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`Not taken in: ${response.status}`);
  const ids = new Set(batch.map(({ id }) => id));
  return (await response.json()).scans.filter(({ id }) => ids.has(id));
}
