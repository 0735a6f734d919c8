// The till. Without these files it works by its forms and links, each answer a page of its own.

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

keepAwake();
