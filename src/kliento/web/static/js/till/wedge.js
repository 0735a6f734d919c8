// A scanner that types presses keys, and the computer's layout says what they mean. Our codes hold capital letters, digits
// and dots only, which mean the same on American and Nordic layouts; a locked Shift turns digits and dots into other signs.

const SHIFTED = { "!": "1", '"': "2", "@": "2", "#": "3", "¤": "4", $: "4", "%": "5", "&": "6", "^": "6", "/": "7", "(": "8", ")": "9", "=": "0", ":": ".", ">": "." };

// The code that was meant. What does not begin like one of ours stays as it is.
export function asWritten(code) {
  const typed = code.trim();
  if (!/^k[!"@]/i.test(typed)) return typed;
  const american = /[@^]|\*/.test(typed);
  return [...typed].map((sign) => meant(sign, american)).join("");
}

// On an American layout & is 7, * is 8, ( is 9 and ) is 0; on a Nordic one & is 6, / is 7, ( is 8, ) is 9 and = is 0.
function meant(sign, american) {
  if (american && "&*()".includes(sign)) return "7890"["&*()".indexOf(sign)];
  return SHIFTED[sign] ?? sign;
}
