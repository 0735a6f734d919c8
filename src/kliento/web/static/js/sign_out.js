// Whoever leaves takes the waiting codes off this phone. Bound by [data-forgets-codes]: a form forgets before it is
// sent, anything else as soon as the page is open.

import { forgetCodes } from "./card/codes.js";

for (const place of document.querySelectorAll("[data-forgets-codes]")) {
  if (place instanceof HTMLFormElement) {
    place.addEventListener("submit", async (event) => {
      event.preventDefault();
      await forgetCodes();
      place.submit();
    });
  } else {
    forgetCodes();
  }
}
