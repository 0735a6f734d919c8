// Sends what is marked [data-in-place] without leaving the page, so that the camera keeps running, and shows the
// server's answer. Tells the others by "till:shown", or "till:unreachable" when there was none.

const field = () => document.querySelector("[data-scanner]");
let line = Promise.resolve(); // one after the other, in the order in which they were sent
let waiting = 0;

export const till = () => document.querySelector("#till");
export const isBusy = () => waiting > 0;

// Enter a code as a scanner would.
export function enter(code) {
  field().value = code;
  field().form.requestSubmit();
}

// The waiting screen, fresh from the server.
export function goBack() {
  ask(till().dataset.backTo);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-in-place]")) return;
  event.preventDefault();
  const scanned = form.querySelector("[data-scanner]");
  if (scanned && !scanned.value && waiting) return; // a scanner that ends with two line breaks
  const body = new FormData(form);
  if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
  if (scanned) scanned.value = "";
  ask(form.action, { method: "POST", body });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(link.href);
});

function ask(address, options) {
  waiting += 1;
  line = line.then(() => answered(address, options)).finally(() => { waiting -= 1; });
}

async function answered(address, options) {
  let response, page;
  try {
    response = await fetch(address, options);
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return showUnreachable();
  }
  const next = page.querySelector("#till");
  if (next) show(next, page.title);
  else if (response.status >= 500) showUnreachable();
  else location.assign(response.redirected ? response.url : till().dataset.backTo); // disconnected, or an old form
}

function show(next, title) {
  const typed = field().value; // the next customer's code, while this answer was under way
  till().replaceWith(document.adoptNode(next));
  document.title = title;
  if (typed) field().value = typed;
  settle("till:shown");
  if (!typed) field().select(); // a mistyped number is replaced by the next scan
}

function showUnreachable() {
  const note = document.querySelector("[data-till-unreachable]").content.cloneNode(true);
  till().className = "till till-wait";
  till().dataset.state = "wait";
  till().querySelector(".till-answer").replaceWith(note);
  settle("till:unreachable");
}

function settle(event) {
  const answer = till().querySelector("[role=alert]") ?? till().querySelector(".till-answer");
  document.querySelector("[data-till-said]").textContent = [...answer.querySelectorAll("h1, h2, .till-line, li")]
    .map((each) => each.textContent.trim()).join(". ");
  field().focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent(event));
}
