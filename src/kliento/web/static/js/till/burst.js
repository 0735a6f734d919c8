// A scanner types faster than any hand. What it types is the whole code: it takes the place of whatever stood in the field,
// typed by mistake or left half corrected. What a hand types goes on where it is.

const PAUSE = 500; // milliseconds; after so long somebody begins anew
const STALL = 3000; // within a code a scanner pauses for no longer, on whichever tablet
const FAST = 50; // milliseconds for one sign, on average
const LEAST = 8; // signs of the shortest code

let typed = null, took = 0, lastAt = 0;

document.addEventListener("input", ({ target, data, inputType, timeStamp }) => {
  if (!target.matches("[data-scanner]")) return;
  const pause = lastAt && timeStamp - lastAt; // of what stood there when this was loaded nobody knows since when
  lastAt = timeStamp;
  if (inputType !== "insertText" || !data) return forget(); // a correction, or a paste
  if (target.value === data || pause > (isFast() ? STALL : PAUSE)) [typed, took] = ["", 0];
  else took += Math.min(pause, PAUSE);
  if (typed === null) return;
  typed += data; // also across an answer that comes meanwhile, with a field of its own
  if (typed.length >= LEAST && isFast() && target.value !== typed) target.value = typed;
});
document.addEventListener("submit", forget, { capture: true });

const isFast = () => typed !== null && took / typed.length < FAST;

function forget() {
  typed = null;
}
