// The till without a network: its page opens and takes scans. Kept: the page as every till gets it, and the files it
// needs. Never an answer about anybody.
{% if sending %}
import { handIn } from "{{ sending }}";

self.addEventListener("sync", (event) => event.waitUntil(handIn("{% url "counter:state" %}", "{% url "counter:scans" %}")));
{% endif %}
const OURS = "kliento-till-";
const KEPT = `${OURS}@version@`;
const SHELL = "{% url "counter:shell" %}";
const TILL = "{% url "counter:till" %}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(TILL)) event.respondWith(pageOf(event, pathname));
  else if (FILES.includes(pathname)) event.respondWith(fileOf(event));
});

async function keep() {
  const kept = await caches.open(KEPT);
  await kept.addAll([SHELL, ...FILES]);
  await self.skipWaiting();
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(OURS) && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The network first, and its answer is kept nowhere. Without one the till opens from what is kept.
async function pageOf(event, pathname) {
  try {
    const answer = await fetch(event.request);
    if (pathname === TILL && answer.ok) event.waitUntil(renewShell());
    return answer;
  } catch (unreachable) {
    if (pathname !== TILL) return Response.redirect(TILL);
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
