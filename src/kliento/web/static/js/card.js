// The card: shows the code of this moment, renews it every slot, keeps codes for two hours without a network, and
// keeps the screen awake. Bound by [data-card]; without this script the page renews itself by loading again.

import { keepAwake } from "./card/awake.js";
import { blockCodes, codeAt, fetchCodes, isBlocked, recallCodes } from "./card/codes.js";
import { drawCode } from "./card/picture.js";
import { drawRing } from "./card/ring.js";
import { watchLog } from "./witness.js";

const SECOND = 1000;
const RENEW_AFTER = 10 * 60 * SECOND;

const card = document.querySelector("[data-card]");
const picture = card.querySelector("[data-qr]");
const note = card.querySelector("[data-card-note]");
const problem = card.querySelector("[data-card-problem]");
const blockedNote = card.querySelector("[data-card-blocked]");
// The page may have come with a picture; it is good for so long, and belongs to whoever is signed in now.
const servedUntil = Date.now() + Number(card.dataset.goodFor ?? 0) * SECOND;
let drawn = null;
let triedAt = 0;

async function renew() {
  triedAt = Date.now();
  try {
    await fetchCodes(card.dataset.codes);
  } catch {
    // Without a network the codes on the phone go on; this is tried again when it is back.
  }
}

async function show() {
  const now = Date.now();
  const current = await codeAt(now);
  if (current !== null && current.code !== drawn) {
    drawCode(picture, current.code);
    drawn = current.code;
  }
  if (current !== null) drawRing(card, current.leftMs, current.slotMs);
  const blocked = isBlocked();
  const usable = !blocked && (current !== null || now < servedUntil);
  picture.hidden = note.hidden = !usable;
  problem.hidden = usable || blocked;
  blockedNote.hidden = !blocked;
  if (blocked) card.querySelector("[data-ring]").hidden = true;
}

async function tick() {
  if (Date.now() - triedAt > RENEW_AFTER) await renew();
  await show();
  watchLog();
  setTimeout(tick, SECOND);
}

async function start() {
  if (card.dataset.blocked !== undefined) await blockCodes();
  // Codes of an earlier account may wait here: they are shown only when the page did not come from the network.
  if (card.dataset.goodFor === undefined) {
    await recallCodes();
    await show();
  }
  await renew();
  await recallCodes();
  await tick();
}

addEventListener("online", renew);
keepAwake();
navigator.serviceWorker?.register(card.dataset.worker);
await start();
