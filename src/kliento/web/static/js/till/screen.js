// Sends what is marked [data-in-place] without leaving the page, so that the camera keeps running, and shows the
// server's answer, or what the till can tell by itself. Tells the others by "till:shown" (the server answered),
// "till:offline" (it did not, and the scan was judged here), "till:unreachable" (it did not, and nothing was done),
// "till:own" (it was not asked) or "till:again" (somebody wants it to be asked again).

import { about, formToken } from "./about.js";
import { delayOf } from "./rest.js";
import { leave, newScan, prepare, settle as settleScan } from "./scanning.js";
import { timeOf } from "./times.js";

const PATIENCE = 8000; // milliseconds
const NOT_ASKED_AGAIN = 10_000; // after a silence the next scans do not wait for another one
const LONGEST_REST = 30_000; // of a scan that somebody waits for, however busy the server says it is

const CORRECTED = new Set(["mistyped", "unknown"]);

const root = document.querySelector("[data-till]");
const field = () => document.querySelector("[data-scanner]");
let line = Promise.resolve(); // one after the other, in the order in which they were sent
let waiting = 0;
let isRead = false;
let silentUntil = 0;

export const till = () => document.querySelector("#till");
export const isBusy = () => waiting > 0;
// Whether somebody is typing: what was given back for another look is theirs to correct, and in nobody's way.
export const isTyping = () => Boolean(field()?.value) && field().value !== field().dataset.givenBack;

// Enter a code as a scanner would that types; what a camera or a reader of chips saw is not there to be corrected.
export function enter(code) {
  field().value = code;
  isRead = true;
  field().form.requestSubmit();
  isRead = false;
}

// A screen of our own, for which no server is asked: keypad and settings; waiting, locked and disconnected instead of it.
export function showOwn(name, event = "till:own") {
  const next = document.querySelector(`[data-till-own="${name}"]`).content.firstElementChild.cloneNode(true);
  next.dataset.sounds = till().dataset.sounds;
  replace(next, next.querySelector("h1").textContent, event);
}

// What this till shows without a network: whether it takes scans at all is seen before anybody tries.
export function showWaiting() {
  showOwn(about()?.disconnected ? "disconnected" : about()?.locked ? "locked" : "waiting", "till:offline");
}

// The waiting screen, fresh from the server; our own when it does not answer, and while it does not know that a shift was
// ended here.
export function goBack() {
  if (about()?.untoldEnd) return document.dispatchEvent(new CustomEvent("till:again"));
  inLine(async () => {
    const answer = await ask(root.dataset.backTo);
    if (!answer) showWaiting();
    else showAnswer(answer);
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-in-place]")) return;
  event.preventDefault();
  const scanned = form.querySelector("[data-scanner]");
  if (scanned && !scanned.value && waiting) return; // a scanner that ends with two line breaks
  const body = new FormData(form);
  if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
  if (!scanned) return inLine(() => show(form.action, { method: "POST", body }));
  const typed = scanned.value, wasRead = isRead;
  const scan = typed.trim() ? newScan(typed) : null;
  scanned.value = "";
  inLine(() => (scan ? take(scan, form.action, body, wasRead ? "" : typed) : show(form.action, { method: "POST", body })));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.href === new URL(root.dataset.backTo, location.href).href) goBack();
  else inLine(() => show(link.href));
});
addEventListener("online", () => { silentUntil = 0; });

// Does this once everything that was begun before is done.
export function inLine(act) {
  waiting += 1;
  line = line.then(act).finally(() => { waiting -= 1; });
}

async function take(scan, address, body, typed) {
  const prepared = await prepare(scan);
  body.set("code", scan.code);
  body.set("scan_id", scan.id);
  if (prepared.kept) { // sent again it must be the same scan
    body.set("occurred_at", scan.occurredAt);
    body.set("direction", scan.direction || "both");
  }
  if (formToken() && !body.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", formToken());
  const answer = Date.now() < silentUntil ? null : await ask(address, { method: "POST", body });
  if (answer && showAnswer(answer)) return settleScan(scan, prepared);
  leave(scan);
  if (answer) return;
  showJudged(prepared);
  if (CORRECTED.has(prepared.verdict)) giveBack(typed);
}

async function show(address, options) {
  const answer = await ask(address, options);
  if (!answer) showUnreachable();
  else showAnswer(answer);
}

// What the server answered: { response, page }; null when it did not.
async function ask(address, options) {
  try {
    const response = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (page.querySelector("#till") || (response.status < 500 && response.status !== 429)) return { response, page };
    silentUntil = Date.now() + Math.min(delayOf(response), LONGEST_REST);
  } catch { // no network, or too slow to wait for
    silentUntil = Date.now() + NOT_ASKED_AGAIN;
  }
  return null;
}

function showAnswer({ response, page }) {
  const next = page.querySelector("#till");
  silentUntil = 0;
  if (next) replace(next, page.title, "till:shown");
  else location.assign(response.redirected ? response.url : root.dataset.backTo); // disconnected, or an old form
  return next !== null;
}

function showJudged({ verdict, firstAt }) {
  if (verdict === null) return showUnreachable();
  showNote(verdict, "till:offline", firstAt && timeOf(firstAt));
}

// For another look, on this very screen; whatever is scanned next takes its place.
function giveBack(typed) {
  if (!typed || field().value) return;
  field().value = typed;
  markGivenBack();
}

function markGivenBack() {
  field().dataset.givenBack = field().value;
  field().select();
}

function showUnreachable() {
  showNote("unreachable", "till:unreachable");
}

function showNote(name, event, time) {
  if (!till().querySelector(".till-answer")) showOwn("waiting", event);
  const note = document.querySelector(`[data-till-note="${name}"]`);
  const answer = note.content.firstElementChild.cloneNode(true);
  for (const place of answer.querySelectorAll("[data-time]")) place.textContent = time;
  till().className = `till till-${note.dataset.state}`;
  till().dataset.state = note.dataset.state;
  till().dataset.stays = note.dataset.stays ?? about()?.preferences.stays ?? root.dataset.stays;
  delete till().dataset.holds;
  till().querySelector(".till-answer").replaceWith(answer);
  till().querySelector(".error-summary")?.remove();
  till().querySelector(".till-tools")?.remove();
  settle(event);
}

function replace(next, title, event) {
  const typed = till().querySelector(".till-form [data-scanner]") && isTyping() ? field().value : ""; // the next customer's code, while this answer was under way
  till().replaceWith(document.adoptNode(next));
  document.title = title;
  if (typed && field()) field().value = typed;
  settle(event);
  if (!typed && field()?.closest(".till-form")) markGivenBack(); // a mistyped number is replaced by the next scan
}

function settle(event) {
  const answer = till().querySelector("[role=alert]") ?? till().querySelector(".till-answer") ?? till();
  document.querySelector("[data-till-said]").textContent = [...answer.querySelectorAll("h1, h2, .till-line, li")]
    .map((each) => each.textContent.trim()).join(". ");
  (field() ?? till().querySelector("input:checked, a, button")).focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent(event));
}
