// A short tone and a buzz for each answer. Browsers allow both only after somebody touched the page or typed.

import { till } from "./screen.js";

// Hertz, and seconds from and to. Told apart without looking: two rising, one low, two alike.
const TONES = {
  ok: [[880, 0, 0.09], [1320, 0.1, 0.26]],
  no: [[196, 0, 0.35]],
  wait: [[523, 0, 0.12], [523, 0.2, 0.32]],
};
const BUZZES = { ok: 60, no: [200, 80, 200], wait: [80, 80, 80] };
const LOUDNESS = 0.15;
let audio = null;

function wake() {
  if (!("AudioContext" in window)) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

function play([hertz, from, to]) {
  const tone = new OscillatorNode(audio, { frequency: hertz });
  const volume = new GainNode(audio, { gain: 0 });
  const start = audio.currentTime + from;
  const end = audio.currentTime + to;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
  volume.gain.setValueAtTime(LOUDNESS, end - 0.03);
  volume.gain.linearRampToValueAtTime(0, end); // without the ramps it would click
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(end);
}

function answer() {
  const { state, sounds } = till().dataset;
  if (!(state in TONES) || sounds !== "on" || !audio) return;
  TONES[state].forEach(play);
  navigator.vibrate?.(BUZZES[state]);
}

addEventListener("pointerdown", wake, { capture: true });
addEventListener("keydown", wake, { capture: true });
for (const event of ["till:shown", "till:offline", "till:unreachable"]) document.addEventListener(event, answer);
