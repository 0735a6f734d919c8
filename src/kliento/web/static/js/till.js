// The till. Without these files it works by its forms and links, each answer a page of its own.

import "./till/burst.js";
import "./till/camera.js";
import "./till/focus.js";
import "./till/nfc.js";
import "./till/online.js";
import "./till/own.js";
import "./till/return.js";
import "./till/shift.js";
import "./till/tones.js";
import "./keypad.js";
import { keepAwake } from "./card/awake.js";
import "./till/handing_in.js";
import { watchLog } from "./witness.js";

const WATCH_EVERY = 60_000; // milliseconds

keepAwake();
watchLog();
document.addEventListener("till:reached", watchLog);
addEventListener("online", watchLog);
setInterval(watchLog, WATCH_EVERY);
