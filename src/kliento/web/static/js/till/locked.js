// A locked till stays locked when the network is gone: this page is only reached with one. What waited until then is handed
// in at once, so that nobody who opens the till later is on duty for it.

import { lock } from "./about.js";
import { handIn } from "./sending.js";

const { state, scans } = document.querySelector("[data-till-locked]").dataset;

lock().finally(() => handIn(state, scans).catch(() => {})); // what could not be sent waits for whoever opens the till
