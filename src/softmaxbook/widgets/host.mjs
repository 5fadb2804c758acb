// Mounts every explorable of a built page. It plays the part that a Jupyter front-end plays live:
// it imports the module named in the placeholder and hands it a model that holds the state.

class Model {
  #state;
  #listeners = new Map();

  constructor(state) {
    this.#state = state;
  }

  get(name) {
    return this.#state[name];
  }

  set(name, value) {
    this.#state[name] = value;
    for (const listener of this.#listeners.get(`change:${name}`) ?? []) listener();
  }

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  // There is no kernel to save to.
  save_changes() {}
}

async function mount(placeholder) {
  const { module, state } = placeholder.dataset;
  const model = new Model(JSON.parse(state));
  const el = document.createElement("div");
  const widget = (await import(`./${module}/${module}.mjs`)).default;
  await widget.render({ model, el });
  placeholder.replaceChildren(el);
  placeholder.dataset.mounted = "true";
}

// Sections that the browser need not draw yet (site.css), and what marks those that it may.
const ARRIVING = "sb-arriving";
const ARRIVED = "sb-arrived";
const HELD = `.${ARRIVING} article > section > section:not(.${ARRIVED})`;

const seen = new WeakSet();

// Whether a page that is still being read has been read to beyond an element.
function complete(element) {
  for (let node = element; node; node = node.parentNode) if (node.nextSibling) return true;
  return document.readyState !== "loading";
}

// Safari has no requestIdleCallback.
const idle = () =>
  new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done, { timeout: 100 }));

const PATIENCE = 3000; // milliseconds after which the others do not wait for the first explorable

// One after another, so that whoever moves the first explorable meanwhile does not wait for them.
async function arrive() {
  await read;
  for (const section of document.querySelectorAll(HELD)) {
    await idle();
    section.classList.add(ARRIVED);
    for (const placeholder of section.querySelectorAll(".sb-explorable")) {
      await idle();
      mountOnce(placeholder);
    }
  }
  document.documentElement.classList.remove(ARRIVING);
}

function mountAll() {
  for (const [place, placeholder] of document.querySelectorAll(".sb-explorable").entries()) {
    const held = place > 0 && placeholder.closest(HELD);
    if (!complete(placeholder) || held) continue;
    const mounted = mountOnce(placeholder);
    if (place === 0 && mounted) Promise.race([mounted, new Promise((done) => setTimeout(done, PATIENCE))]).then(arrive);
  }
}

function mountOnce(placeholder) {
  if (seen.has(placeholder)) return undefined;
  seen.add(placeholder);
  // The picture stays where a module fails; the error still belongs in the console.
  return mount(placeholder).catch((error) => {
    placeholder.dataset.mounted = "false";
    console.error(error);
  });
}

// The script runs while a long page is still being read: what stands first lives first.
const reading = new MutationObserver(mountAll);
const read = new Promise((done) => {
  if (document.readyState !== "loading") return done();
  reading.observe(document, { childList: true, subtree: true });
  addEventListener("DOMContentLoaded", done);
}).then(() => {
  reading.disconnect();
  mountAll();
});
mountAll();
// Where a reader goes meanwhile, nothing waits for its turn.
const gone = new Promise((done) => addEventListener("scroll", done, { once: true, passive: true }));
Promise.all([read, gone]).then(() => {
  const near = new IntersectionObserver((sections) => {
    for (const { isIntersecting, target } of sections) if (isIntersecting) target.classList.add(ARRIVED);
    mountAll();
  }, { rootMargin: "50%" });
  for (const section of document.querySelectorAll(HELD)) near.observe(section);
});
// An explorable may show others that the page held back.
document.addEventListener("softmaxbook:mount", mountAll);
