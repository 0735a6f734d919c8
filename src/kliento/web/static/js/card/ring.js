// How long the code stays: a ring that empties, with the seconds in it. Not read aloud; it would never stop talking.

export function drawRing(card, leftMs, slotMs) {
  const ring = card.querySelector("[data-ring]");
  ring.hidden = false;
  ring.querySelector("[data-ring-left]").setAttribute("stroke-dasharray", `${(leftMs / slotMs) * 100} 100`);
  ring.querySelector("[data-ring-seconds]").textContent = String(Math.ceil(leftMs / 1000));
}
