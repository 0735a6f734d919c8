// The demo page: fills the till with the code the phone shows, and is the shop's own program that asks for more.
// Everything goes through the product's own pages and API; nothing here knows a way around them.

const steps = document.querySelector("[data-demo]");
const note = document.querySelector("[data-demo-note]");
const answer = document.querySelector("[data-demo-answer]");
const till = document.querySelector("iframe[name=till]");
const office = document.querySelector("iframe[name=office]");
const token = steps.querySelector("[name=csrfmiddlewaretoken]").value;
let memberNumber = "";
let shopSecret = "";

function say(text) {
  note.textContent = text;
  note.hidden = !text;
}

// On a narrow screen everything stands one below the other: go to where something happens.
const stacked = matchMedia("(max-width: 1099px)");

function lookAt(device) {
  if (stacked.matches) document.querySelector(`iframe[name=${device}]`).closest(".demo-device").scrollIntoView();
}

for (const act of steps.querySelectorAll("[target=phone], [target=office]")) {
  act.addEventListener(act.tagName === "FORM" ? "submit" : "click", () => lookAt(act.target));
}

async function pairingCode() {
  const response = await fetch(steps.dataset.pairing, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": token },
  });
  return (await response.json()).code;
}

async function codeOnThePhone() {
  const response = await fetch(steps.dataset.codes, { redirect: "manual" });
  if (!response.ok) return "";
  const shown = await response.json();
  return shown.codes[Math.floor(shown.at_ms / 1000 / shown.slot_seconds) - shown.first_slot];
}

steps.querySelector("[data-demo-till-code]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = steps.querySelector("[data-demo-till]");
  form.elements.code.value = await pairingCode();
  form.submit();
  lookAt("till");
});

steps.querySelector("[data-demo-scan]").addEventListener("click", async () => {
  const code = await codeOnThePhone();
  const field = till.contentDocument.querySelector("[data-scanner]");
  if (!code) return say(steps.dataset.noPhone);
  if (!field) return say(steps.dataset.noTill);
  say("");
  field.value = code;
  field.form.requestSubmit();
  lookAt("till");
});

// The shop knows a member by the number its till was shown, and by nothing else.
function readMemberNumber() {
  const shown = till.contentDocument.querySelector(".till-ok .till-line")?.textContent.match(/\d{4} ?\d{4}/);
  if (!shown) return;
  memberNumber = shown[0].replace(" ", "");
  showInTheOffice();
}

till.addEventListener("load", () => {
  readMemberNumber();
  till.contentDocument.addEventListener("till:shown", readMemberNumber);
});

// Whatever happened on the phone, the office looks again: what is not shared any more is not there.
document.querySelector("iframe[name=phone]").addEventListener("load", () => {
  if (memberNumber) showInTheOffice();
});

function showInTheOffice() {
  if (!office.contentWindow.location.pathname.startsWith("/sign-in/")) {
    office.contentWindow.location.replace(steps.dataset.member.replace("00000000", memberNumber));
  }
}

steps.querySelector("[data-demo-ask]").addEventListener("click", async () => {
  if (!memberNumber) return say(steps.dataset.noMember);
  say("");
  shopSecret ||= await pairedSecret();
  const question = `${steps.dataset.api}/members/${memberNumber}?fields=birth_date&purpose=serving`;
  const response = await fetch(question, { headers: { Authorization: `Bearer ${shopSecret}` } });
  const body = await response.text();
  answer.textContent = `GET ${question}\n\n${response.status} ${response.statusText}\n${body}`;
  answer.hidden = false;
});

async function pairedSecret() {
  const response = await fetch(`${steps.dataset.api}/terminals`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code: await pairingCode(), name: steps.dataset.program }),
  });
  return (await response.json()).secret;
}
