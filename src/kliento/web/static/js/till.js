// The till. Without these files it works by its forms and links, each answer a page of its own.

import "./till/camera.js";
import "./till/focus.js";
import "./till/nfc.js";
import "./till/online.js";
import "./till/return.js";
import "./till/tones.js";
import { keepAwake } from "./card/awake.js";
import "./till/handing_in.js";

keepAwake();
