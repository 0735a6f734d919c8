// What a service worker does for one page that opens without a network: SHELL is served as PAGE, with FILES. It is told
// OURS, KEPT, SHELL, PAGE and FILES before this, and in HERE at which place of PAGE another page's work can be done. It
// never keeps an answer about anybody.

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith(PAGE)) event.respondWith(pageOf(event, pathname));
  else if (FILES.includes(pathname)) event.respondWith(fileOf(event));
});

async function keep() {
  const kept = await caches.open(KEPT);
  await kept.addAll([SHELL, ...FILES]);
  await self.skipWaiting();
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(OURS) && name !== KEPT); // others keep files here, too
  await Promise.all(older.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The network first, and its answer is kept nowhere. Without one PAGE opens from what is kept; other pages need it.
async function pageOf(event, pathname) {
  try {
    const answer = await fetch(event.request);
    if (pathname === PAGE && answer.ok) event.waitUntil(renewShell());
    return answer;
  } catch (unreachable) {
    if (pathname !== PAGE) return Response.redirect(`${PAGE}${HERE[pathname] ?? ""}`);
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
