// The screen stays on while the card is looked at.

export function keepAwake() {
  if (!("wakeLock" in navigator)) return;
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      await navigator.wakeLock.request("screen");
    } catch {
      // Refused on a low battery; the card works all the same.
    }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
