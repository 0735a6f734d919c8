// Hands in what waits, in batches, and drops what was answered. Runs in the page, and in the worker when the network
// returns while no page is open. Sent twice it is counted once: each scan has had its id from the start.

import { about, Disconnected, learn, noteHandedIn, recall, toldChosen, toldEnd } from "./about.js";
import { drop, forgetUsed, oldest, places } from "./queue.js";
import { obey, Resting, restsFor } from "./rest.js";

const MOST = 500;
const PATIENCE = 30_000; // milliseconds
const changes = new BroadcastChannel("kliento-till");
const TAKEN = "taken";
const REFUSED = "refused";
const AGAIN = new Set(["try_later", "clock_off"]); // not judged: the same may be sent later

// Sends everything that can be sent, and tells every open page how many had which outcome. Raises Disconnected, after
// sending, once somebody disconnected this till; Resting while a busy server asked to come later; or what kept it from
// being sent. Answers whether the server's screen looks different by that.
export function handIn(state, scans) {
  const act = () => send(state, scans);
  return navigator.locks ? navigator.locks.request("kliento-till-handing-in", act) : act();
}

async function send(state, scans) {
  await recall();
  if ((await restsFor()) > 0) throw new Resting();
  let token = await learn(state);
  const endTold = await tellEnd(token);
  if (endTold) token = await learn(state); // as it stands now: somebody may have opened this till since
  const chosenTold = await tellChosen(token, state);
  await forgetUsed();
  const outcomes = {};
  for (const place of await places()) await sendFrom(place, scans, token, outcomes);
  if (Object.keys(outcomes).length) changes.postMessage({ outcomes });
  if (!about().disconnected) return endTold || chosenTold;
  throw new Disconnected();
}

// That a shift was ended while there was no network.
async function tellEnd(token) {
  const { untoldEnd, endShift, disconnected } = about();
  if (!untoldEnd || disconnected) return false;
  const named = untoldEnd === true ? {} : { shift: untoldEnd };
  let answer = await tell(endShift, { csrfmiddlewaretoken: token, ...named });
  // A service of the version before knows no shift by its name. What it refuses twice is not told again: nobody could come in.
  if (answer === REFUSED) answer = await tell(endShift, { csrfmiddlewaretoken: token });
  if (answer) await toldEnd();
  return Boolean(answer);
}

// What was chosen on our own screens. What the settings page refuses is not asked of it again: its own choice stands.
async function tellChosen(token, state) {
  const { untold, settings, disconnected, locked } = about();
  if (!untold || disconnected || locked) return false; // a locked one is told once somebody has opened it
  const answer = await tell(settings, { csrfmiddlewaretoken: token, ...untold });
  const chosen = Object.entries(untold);
  if (answer === REFUSED && chosen.length > 1) await tellEach(chosen, settings, token);
  else if (answer) await toldChosen(untold);
  if (answer === REFUSED) await learn(state);
  return Boolean(answer);
}

// One of them was refused, and with it all: told alone, the others are taken. What is not answered is told again.
async function tellEach(chosen, settings, token) {
  for (const [name, choice] of chosen) {
    if (await tell(settings, { csrfmiddlewaretoken: token, [name]: choice })) await toldChosen({ [name]: choice });
  }
}

// TAKEN or REFUSED; null for what failed on the way, or in the service: that is told again.
async function tell(address, said) {
  const body = new URLSearchParams(said);
  const answer = await fetch(address, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  await obey(answer);
  if (answer.type === "opaqueredirect") return TAKEN;
  await answer.text(); // or the browser holds on to the connection
  return answer.status === 400 ? REFUSED : null;
}

async function sendFrom(place, scans, token, outcomes) {
  for (;;) {
    const batch = await oldest(MOST, place);
    if (batch.length === 0) return;
    const answers = await answersTo(batch, place, scans, token);
    const answered = answers.filter(({ outcome }) => !AGAIN.has(outcome));
    await letGo(answered);
    for (const { outcome } of answered) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (answered.length < batch.length) return;
  }
}

async function letGo(answered) {
  const ids = answered.map(({ id }) => id);
  const had = (wanted) => answered.filter(({ outcome }) => outcome === wanted).length;
  if (about().disconnected) await noteHandedIn(ids, had("received"), had("invalid"));
  await drop(ids);
}

// None where this browser is no terminal and never was one: they wait until it is.
async function answersTo(batch, place, address, token) {
  const sent = batch.map(({ id, sealed, occurredAt, direction = "" }) => ({ id, sealed, occurred_at: occurredAt, direction }));
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, premises_id: place, scans: JSON.stringify(sent) });
  const response = await fetch(address, { method: "POST", body, redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (response.status === 404) return [];
  await obey(response);
  if (!response.ok) throw new Error(`Not taken in: ${response.status}`);
  const ids = new Set(batch.map(({ id }) => id));
  return (await response.json()).scans.filter(({ id }) => ids.has(id));
}
