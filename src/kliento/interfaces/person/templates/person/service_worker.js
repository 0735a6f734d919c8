// The person's pages without a network: the card page opens and shows the codes waiting on this phone.
// Kept: the card page as everybody gets it (no codes, no names in it), and the files it needs. Never a personal page.

const OURS = "kliento-card-";
const KEPT = `${OURS}@version@`;
const SHELL = "{% url "person:card_shell" %}";
const CARD = "{% url "person:card" %}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(CARD)) event.respondWith(pageOf(event, pathname));
  else if (FILES.includes(pathname)) event.respondWith(fileOf(event));
});

async function keep() {
  const kept = await caches.open(KEPT);
  await kept.addAll([SHELL, ...FILES]);
  await self.skipWaiting();
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(OURS) && name !== KEPT); // the till keeps files here, too
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The network first, and its answer is kept nowhere. Without one the card opens from what is kept; other pages need it.
async function pageOf(event, pathname) {
  try {
    const answer = await fetch(event.request);
    if (pathname === CARD && answer.ok) event.waitUntil(renewShell());
    return answer;
  } catch (unreachable) {
    if (pathname !== CARD) return Response.redirect(CARD);
    return (await caches.match(SHELL)) ?? Response.error();
  }
}

// In the language chosen meanwhile.
async function renewShell() {
  const kept = await caches.open(KEPT);
  await kept.add(SHELL);
}

// What is kept at once; renewed behind it, for files whose name does not change when they do.
async function fileOf(event) {
  const kept = await caches.match(event.request);
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok) await (await caches.open(KEPT)).put(event.request, answer.clone());
    return answer;
  });
  if (kept === undefined) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}
