// The site's service worker: what a reader has opened since Python was first started opens again
// without a network. With one, each file is the site's own of that moment.
const STORE = "softmaxbook-pages";
const HELD_BY_PYTHON = /\/_static\/python\/[^/]+\?[0-9a-f]{16}$/; // `engine.mjs` keeps and checks these
const ELSEWHERE = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>No network</title>
<h1>This page is not here yet</h1>
<p>There is no network, and this browser keeps only those pages of the book that you have opened before.</html>`;

addEventListener("install", (event) => event.waitUntil(caches.open(STORE).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(registration.scope) && !HELD_BY_PYTHON.test(url))
    event.respondWith(answered(event));
});

// A page names the files that it had loaded before there was a service worker.
addEventListener("message", (event) => {
  const kept = event.data.map(async (url) => keep(url, await fetch(url, { cache: "force-cache" })));
  event.waitUntil(Promise.allSettled(kept));
});

async function answered(event) {
  const { request } = event;
  try {
    const answer = await fetch(request);
    event.waitUntil(keep(request.url, answer.clone()));
    return answer;
  } catch (error) {
    const known = await kept(request.url);
    if (known) return known;
    if (request.mode !== "navigate") throw error;
    return new Response(ELSEWHERE, { status: 503, headers: { "Content-Type": "text/html" } });
  }
}

function kept(url) {
  return caches.match(url, { cacheName: STORE, ignoreSearch: true, ignoreVary: true });
}

/**
 * Keep a file, in place of a former version of it; where the store is full, do without.
 *
 * A reader who wants all forgotten drops the store: pages that are still open get nothing back in.
 */
async function keep(url, answer) {
  if (answer.status !== 200 || HELD_BY_PYTHON.test(url)) return;
  try {
    if (!(await caches.has(STORE))) return;
    const store = await caches.open(STORE);
    await store.put(url, answer);
    for (const former of await store.keys(url, { ignoreSearch: true }))
      if (former.url !== new Request(url).url) await store.delete(former);
  } catch {
    // it is there as long as there is a network
  }
}
