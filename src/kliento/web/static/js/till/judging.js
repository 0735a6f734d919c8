// What a till can tell about a code by itself. Never more than "genuine": whose it is, and whether it counts, only the
// server knows.

import { about } from "./about.js";
import { isBlocked } from "./blocked.js";
import { usedBefore } from "./queue.js";
import { isSigned } from "./signatures.js";
import { base64url, fromBase32, isChip, isNumber, numberOf, tidied } from "./symbols.js";

const SLOT = 30_000; // milliseconds
const ROTATING = /^K2\.([0-9A-HJKMNP-TV-Z]{6})\.([A-Z2-7]{39})\.([A-Z2-7]{103})$/;

// { verdict, digest?, firstAt? }: "genuine", "unchecked" and "blocked" wait for the server; "used", "expired", "early",
// "mistyped" and "unknown" are done with. The order is the server's.
export async function judge(code, at) {
  const tidy = tidied(code);
  const rotating = ROTATING.exec(tidy);
  if (rotating) return judgeRotating(tidy, rotating, at);
  if (tidy.startsWith("K1") && !isNumber(tidy)) return { verdict: "mistyped" };
  if (!isNumber(tidy) && !isChip(tidy)) return { verdict: "unknown" }; // whether anybody uses a chip, the server knows
  return { verdict: (await isBlocked(await sha256(new TextEncoder().encode(tidy)))) ? "blocked" : "unchecked" };
}

async function judgeRotating(tidy, [, slot, token, signature], at) {
  const signed = new TextEncoder().encode(tidy.slice(0, tidy.lastIndexOf(".")));
  const by = fromBase32(signature);
  if (by === null || !(await isSigned(signed, by, about().codeKey))) return { verdict: "unknown" };
  const hash = await sha256(fromBase32(token));
  const digest = base64url(hash);
  const firstAt = await usedBefore(digest);
  if (firstAt !== null) return { verdict: "used", firstAt };
  const distance = Math.floor(at / SLOT) - numberOf(slot);
  if (distance > 1) return { verdict: "expired" };
  if (distance < -1) return { verdict: "early" };
  return (await isBlocked(hash)) ? { verdict: "blocked" } : { verdict: "genuine", digest };
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
