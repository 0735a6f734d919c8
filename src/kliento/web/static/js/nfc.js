// Reads the number of a chip where the browser can (Web NFC) and puts it into its field. Nothing else of the chip is
// looked at, and nothing is written to it. Bound by [data-nfc], which stays hidden everywhere else.
const part = document.querySelector("[data-nfc]");
const field = document.querySelector("[data-uid]");

if (part && field && "NDEFReader" in window) {
  const status = part.querySelector("[data-nfc-status]");
  const say = (what) => {
    status.textContent = status.dataset[what];
  };
  let reading = null;
  part.hidden = false;
  part.querySelector("[data-nfc-read]").addEventListener("click", async () => {
    reading?.abort();
    reading = new AbortController();
    try {
      const reader = new NDEFReader();
      reader.addEventListener(
        "reading",
        ({ serialNumber }) => {
          if (!serialNumber) return say("empty");
          field.value = serialNumber.toUpperCase();
          reading.abort();
          say("done");
          field.focus();
        },
        { signal: reading.signal },
      );
      reader.addEventListener("readingerror", () => say("empty"), { signal: reading.signal });
      await reader.scan({ signal: reading.signal });
      say("wait");
    } catch (refused) {
      if (refused.name !== "AbortError") say("off");
    }
  });
}
