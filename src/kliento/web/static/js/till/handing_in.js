// Says which scans wait, hands them in when the network is back, on opening and every half a minute, and tells what came
// of them; later where a busy server asks for that. Leads to the page that says so when this till was disconnected. Names
// it when this device's clock is off.

import { about, Disconnected, recall } from "./about.js";
import { learnBlocked, listIsOld } from "./blocked.js";
import { openHere } from "./own.js";
import { applyPreferences } from "./preferences.js";
import { count, waitingHere } from "./queue.js";
import { restsFor } from "./rest.js";
import { goBack, isBusy, showWaiting, till } from "./screen.js";
import { handIn } from "./sending.js";
import { timeOf } from "./times.js";
import { drawWays } from "./ways.js";

const EVERY = 30_000; // milliseconds
const LIST_EVERY = 10 * 60_000;
const NEWS_STAY = 20_000;
const CLOCK_OFF = 60_000;
const JUMP = 2000;
const LISTED = 100;
const COUNTED = ["identified", "unclaimed", "left"];
const NEWS = "kliento-till-news";
const NAMELESS = "received"; // this till was disconnected, and learns nothing of what it handed in

const root = document.querySelector("[data-till]");
const { state, scans, pair, worker } = root.dataset;
const isShell = "shell" in root.dataset;
const waiting = document.querySelector("[data-waiting]");
const news = document.querySelector("[data-news]");
const clock = document.querySelector("[data-clock]");
const old = document.querySelector("[data-old]");
let started = Date.now() - performance.now();
let listAt = -Infinity;
let newsTimer = 0;
let restTimer = 0;
let wanted = false;
let trying = false;
let again = false;
let tried = false; // before that a list may be on its way

async function draw() {
  list(await waitingHere().catch(() => null));
  old.hidden = !tried || !about() || !(await listIsOld().catch(() => true));
  const off = about()?.offsetMs ?? 0;
  clock.hidden = Math.abs(off) < CLOCK_OFF;
  for (const way of clock.querySelectorAll("[data-off]")) way.hidden = (way.dataset.off === "ahead") !== off < 0;
  for (const minutes of clock.querySelectorAll("[data-minutes]")) minutes.textContent = Math.round(Math.abs(off) / 60_000);
  if (isShell && about()) document.querySelector("[data-place]").textContent = about().place;
  drawWays();
}

// The newest first, each with its time and the way it was shown, where that counts. What it is, nobody can read here.
// `null`: this device does not tell what it keeps; that is never said to be nothing.
function list(kept) {
  waiting.hidden = kept?.length === 0;
  waiting.querySelector("[data-number]").textContent = kept?.length ?? "?";
  const lines = waiting.querySelector("[data-list]");
  lines.replaceChildren(...(kept ?? []).slice(-LISTED).reverse().map(({ occurredAt, direction }) => {
    const line = document.createElement("li");
    line.textContent = [timeOf(Date.parse(occurredAt)), lines.dataset[direction]].filter(Boolean).join(" · ");
    return line;
  }));
}

async function attempt() {
  again = trying; // something to tell came up meanwhile
  if (trying) return;
  trying = true;
  try {
    const looksDifferent = await handIn(state, scans);
    wanted = false;
    await renewList();
    document.dispatchEvent(new CustomEvent("till:reached"));
    if (about().untoldEnd) shut();
    else if (about().locked || ((looksDifferent || "local" in till().dataset) && isQuiet())) refresh();
  } catch (error) {
    if (error instanceof Disconnected) location.assign(about()?.disconnected ? root.dataset.backTo : pair);
  } finally {
    trying = false;
    tried = true;
    await draw();
    if (again) attempt();
    else await comeBack();
  }
}

// As soon as a busy server has no objection any more, and not with the next half minute.
async function comeBack() {
  const rest = await restsFor();
  clearTimeout(restTimer);
  if (rest > 0) restTimer = setTimeout(attempt, rest);
}

function tell(outcomes) {
  if (isShell) sessionStorage.setItem(NEWS, JSON.stringify(outcomes)); // for the server's screen, which comes at once
  const sent = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
  const counted = COUNTED.reduce((sum, each) => sum + (outcomes[each] ?? 0), 0);
  news.hidden = false;
  clearTimeout(newsTimer);
  newsTimer = setTimeout(() => { news.hidden = true; }, NEWS_STAY);
  news.querySelector("[data-sent]").textContent = sent;
  const told = news.querySelector("[data-told]");
  told.hidden = (outcomes[NAMELESS] ?? 0) === sent;
  told.querySelector("[data-counted]").textContent = counted;
}

async function renewList() {
  if (performance.now() - listAt < LIST_EVERY) return;
  await learnBlocked().then(() => { listAt = performance.now(); }, () => {}); // asked again with the next attempt
}

// Nobody types, chooses, reads an answer, or waits for one.
function isQuiet() {
  if (isBusy() || till().querySelector("[data-chosen-here]")) return false;
  return "shut" in till().dataset || (!till().dataset.state && !till().querySelector("[data-scanner]")?.value);
}

// What was ended here the server would still open: it could not be told.
function shut() {
  if (!("shut" in till().dataset)) showWaiting();
}

// Back from our own screen to the server's, which has all its buttons, or from any to where a locked till is opened.
function refresh() {
  if (isShell) location.replace(root.dataset.backTo);
  else goBack();
}

// A clock that was set meanwhile: how far it is off must be learnt again.
function clockJumped() {
  const passed = Date.now() - performance.now();
  const jumped = Math.abs(passed - started) > JUMP;
  started = passed;
  return jumped;
}

async function whenWaiting() {
  if (clockJumped() || performance.now() - listAt > LIST_EVERY || wanted || (await count().catch(() => Infinity)) > 0) await attempt();
}

// Without a page the worker hands in, where the browser wakes it for that.
async function askToBeWoken() {
  const registration = await navigator.serviceWorker?.ready;
  await registration?.sync?.register("scans").catch(() => {});
}

async function install() {
  if (!navigator.serviceWorker) return;
  const modules = await navigator.serviceWorker.register(`${worker}?modules`, { type: "module" }).catch(() => null);
  if (!modules) await navigator.serviceWorker.register(worker).catch(() => null);
  await navigator.storage?.persist?.().catch(() => false);
}

new BroadcastChannel("kliento-till").addEventListener("message", ({ data }) => {
  if (data.outcomes) tell(data.outcomes);
  draw();
});
document.addEventListener("till:shown", whenWaiting);
document.addEventListener("till:offline", () => { wanted = true; draw(); askToBeWoken(); });
document.addEventListener("till:chosen", () => { wanted = true; });
document.addEventListener("till:again", attempt);
document.addEventListener("visibilitychange", () => { if (!document.hidden) whenWaiting(); });
addEventListener("online", attempt);
setInterval(whenWaiting, EVERY);

async function start() {
  const told = sessionStorage.getItem(NEWS);
  sessionStorage.removeItem(NEWS);
  if (told) tell(JSON.parse(told));
  await recall();
  if (isShell) openHere();
  else if (about()?.untoldEnd) shut();
  else if (about()?.untold) applyPreferences();
  await draw();
  install();
  await attempt();
}

start();
