// How codes are written: Crockford's 32 symbols with a Luhn check, base32 and base64url, and UUIDv7 for scans.

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const UID = /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/; // 4, 7 or 10 bytes
const LONGEST_UID = 48; // as written, with something between its bytes
const LOOK_ALIKES = { O: "0", I: "1", L: "1", "-": "" };

// The one form in which codes are compared, as the server has it: capitals, no spaces, look-alikes read as meant; the
// number of a chip without what readers write between its bytes.
export function tidied(code) {
  const plain = code.toUpperCase().replace(/\s/g, "");
  if (plain.startsWith("K2.")) return plain;
  const tidy = plain.replace(/[OIL-]/g, (symbol) => LOOK_ALIKES[symbol]);
  return tidy.startsWith("K1") ? tidy : (uidOf(tidy) ?? tidy);
}

function uidOf(tidy) {
  const bare = tidy.replace(/[:.]/g, "").replace(/^0X/, "");
  return tidy.length <= LONGEST_UID && UID.test(bare) ? bare : null;
}

// Whether a tidied code is a card number whose check symbol fits.
export function isNumber(tidy) {
  return /^K1[0-9A-HJKMNP-TV-Z]{14}$/.test(tidy) && checkSymbol(tidy.slice(2, -1)) === tidy.at(-1);
}

// Whether a tidied code can be the number of a chip that is somebody's card, as the server takes one (kernel/uids.py,
// kernel/products.py): not a product's barcode, nor one that a phone makes up, a part of one, or that of several chips.
export function isChip(tidy) {
  if (!UID.test(tidy) || isProduct(tidy) || new Set(tidy).size === 1) return false;
  return tidy.length !== 8 || !/^(?:08|88|.F)/.test(tidy);
}

// A typed number with a U for a V, as it was meant: no card number has a U. Everything else stays as it is.
export function meant(code) {
  const tidy = tidied(code);
  const better = tidy.replaceAll("U", "V");
  return tidy.startsWith("K1") && !isNumber(tidy) && isNumber(better) ? better : code;
}

export function numberOf(symbols) {
  return [...symbols].reduce((number, symbol) => number * 32 + CROCKFORD.indexOf(symbol), 0);
}

// Bytes from base32; null when it is not written in it, or not in the one way there is: the last symbol's spare bits are 0.
export function fromBase32(text) {
  const bytes = [];
  let held = 0, bits = 0;
  for (const symbol of text) {
    const value = BASE32.indexOf(symbol);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? Uint8Array.from(bytes) : null;
}

export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// A UUIDv7 of this moment (milliseconds since 1970): sent twice it arrives once.
export function newId(ms) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = Math.floor(ms).toString(16).padStart(12, "0");
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const random = [...bytes.slice(6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-${random.slice(0, 4)}-${random.slice(4, 8)}-${random.slice(8)}`;
}

// The digits of a barcode whose last one fits (GS1); of the lengths that a chip's number has, too.
function isProduct(tidy) {
  if (!/^(?:\d{8}|\d{14})$/.test(tidy)) return false;
  const weighed = [...tidy].reverse().reduce((sum, digit, place) => sum + Number(digit) * (place % 2 ? 3 : 1), 0);
  return weighed % 10 === 0;
}

function checkSymbol(symbols) {
  let total = 0;
  [...symbols].reverse().forEach((symbol, place) => {
    const doubled = CROCKFORD.indexOf(symbol) * (place % 2 === 0 ? 2 : 1);
    total += Math.floor(doubled / 32) + (doubled % 32);
  });
  return CROCKFORD[(32 - (total % 32)) % 32];
}
