// Reads codes with the camera and enters them like typed ones. Off until somebody starts it, and remembered; released
// while the page is hidden. Whatever fails is said in a sentence, and the till goes on with scanner and keyboard.

import { offerLens, openLens, withdrawLens } from "./lens.js";
import { makeReader } from "./reader.js";
import { chooseHere } from "./preferences.js";
import { enter, isBusy, isTyping, till } from "./screen.js";

const LOOK_EVERY = 120; // milliseconds
const GONE_AFTER = 10_000; // a code this long out of sight is shown anew
const TRY_AGAIN_AFTER = 3000;
const REASONS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing" };

const camera = document.querySelector("[data-camera]");
const picture = camera.querySelector("[data-camera-picture]");
const sight = camera.querySelector("[data-camera-sight]");
const seen = new Map(); // code -> when it was last in sight; never leaves this page
let wanted = camera.dataset.wanted === "on";
let stream = null;
let starting = false;
let reader = null;

async function start() {
  if (stream || starting) return;
  starting = true;
  say("");
  try {
    await open();
  } catch (error) {
    release();
    say(REASONS[error.name] ?? (reader ? "busy" : "unreadable"));
  } finally {
    starting = false;
  }
  if (document.hidden || !wanted) release();
  draw();
  look();
}

async function open() {
  reader ??= await makeReader(camera.dataset);
  stream = await openLens();
  stream.getVideoTracks()[0].addEventListener("ended", unplugged);
  picture.srcObject = stream;
  await picture.play();
  await offerLens(stream.getVideoTracks()[0], restart);
}

function restart() {
  release();
  start();
}

function unplugged() {
  release();
  say("missing");
}

function release() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = picture.srcObject = null;
  withdrawLens();
  draw();
}

async function look() {
  if (!stream) return;
  try {
    for (const { rawValue } of await reader.detect(picture)) judge(rawValue);
  } catch {
    // A frame that cannot be read yet, or any more; the next one can.
  }
  setTimeout(look, LOOK_EVERY);
}

function judge(code) {
  const now = Date.now();
  const isNew = now - (seen.get(code) ?? 0) > GONE_AFTER;
  if (isNew && mustWait()) return;
  for (const [other, at] of seen) if (now - at > GONE_AFTER) seen.delete(other);
  seen.set(code, now);
  if (isNew) enter(code);
}

// Something is being typed, sent, or decided: a reward, an undo. The code will still be there afterwards.
function mustWait() {
  return isBusy() || "holds" in till().dataset || !till().querySelector("[data-scanner]") || isTyping();
}

function say(reason) {
  for (const note of camera.querySelectorAll("[data-camera-note]")) note.hidden = note.dataset.cameraNote !== reason;
}

function draw() {
  sight.hidden = !stream;
  for (const button of document.querySelectorAll("[data-camera-start]")) button.hidden = stream !== null;
  for (const button of document.querySelectorAll("[data-camera-stop]")) button.hidden = stream === null;
}

document.addEventListener("click", async ({ target }) => {
  if (target.closest("[data-camera-start]")) {
    wanted = true;
    await start();
    if (stream) chooseHere({ camera: "on" });
  } else if (target.closest("[data-camera-stop]")) {
    wanted = false;
    release();
    chooseHere({ camera: "off" });
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) release();
  else if (wanted) start();
});
for (const event of ["till:shown", "till:offline"]) document.addEventListener(event, draw);
document.addEventListener("till:unreachable", () => setTimeout(() => seen.clear(), TRY_AGAIN_AFTER));
addEventListener("pagehide", release);
document.addEventListener("till:preferences", ({ detail }) => {
  if ((detail.camera === "on") === wanted) return;
  wanted = !wanted;
  if (wanted) start();
  else release();
});
draw();
if (wanted) start();
