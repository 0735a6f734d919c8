// A locked till stays locked when the network is gone: this page is only reached with one.

import { lock } from "./about.js";

lock();
