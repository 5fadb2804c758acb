// A reader who has started Python here can come back without a network: a service worker keeps the
// pages that are opened from then on, and this one. Where a browser has none, nothing is kept.
const SITE = new URL("../../", import.meta.url);

let asked;

/** Have the page, and what it has loaded so far, kept by the browser; once a page. */
export function keepPage() {
  asked ??= keep().catch(() => {});
  return asked;
}

async function keep() {
  const { serviceWorker } = navigator;
  const { controller } = serviceWorker; // through it has come all that the page has loaded
  await serviceWorker.register(new URL("offline.mjs", SITE), { scope: SITE.href });
  const { active } = await serviceWorker.ready;
  if (controller) return;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const page = window.location.href.split("#")[0];
  active.postMessage([page, ...loaded.filter((url) => url.startsWith(SITE.href))]);
}
