// Seals a waiting code, and what belongs to it, to the server's key: what is on this device opens nowhere but there, and
// for its own scan alone.
// Format: domain/cards/queries/unsealing.py.

import { base64url } from "./symbols.js";

const VERSION = 1;
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const text = new TextEncoder();

export async function seal(said, scanId, serverKey) {
  const theirs = await crypto.subtle.importKey("raw", serverKey, CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: point, info: text.encode("kliento sealed scan 1") };
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(derivation, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const bound = { name: "AES-GCM", iv: nonce, additionalData: text.encode(scanId) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(bound, key, text.encode(said)));
  return base64url([VERSION, ...point, ...nonce, ...sealed]);
}
