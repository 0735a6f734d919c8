// A code as a QR picture: black on white in any colour scheme, with the quiet zone scanners need.

import { qrcode } from "../../vendor/qrcode-generator-2.0.4/qrcode.mjs";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

export function drawCode(place, text) {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const size = code.getModuleCount() + 2 * QUIET;
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "qr-picture");
  picture.setAttribute("viewBox", `0 0 ${size} ${size}`);
  picture.append(shape("rect", { width: size, height: size, fill: "#fff" }), shape("path", { d: modules(code) }));
  place.replaceChildren(picture);
}

function modules(code) {
  const count = code.getModuleCount();
  let drawn = "";
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) drawn += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
    }
  }
  return drawn;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
