// Signing out takes the waiting codes off this phone first. Bound by [data-forgets-codes] on the form.

import { forgetCodes } from "./card/codes.js";

for (const form of document.querySelectorAll("[data-forgets-codes]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await forgetCodes();
    form.submit();
  });
}
