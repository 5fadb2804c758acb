// Python for a page of the book: loads it when asked for the first time, runs cells, checks answers.
// Importing this module loads nothing else.
import { digest } from "./digest.mjs";

const STORE = "softmaxbook-python";
const ROOM = "room.mjs";
const SUM = "X-SHA256";
const GRACE = 3; // seconds after which what cannot be interrupted inside Python is ended outside

/** A call that `stop` has ended. */
export class Stopped extends Error {}
/** A call that did not end in its time, and could not be interrupted. */
export class TooLong extends Error {}
/** A file that is not the one which the build put there; `file` names it. Starting again retries. */
export class Damaged extends Error {}
/** A file that could not be had. */
export class Offline extends Error {}

export class Python extends EventTarget {
  /** `base` is the address of the folder with this module. */
  constructor(base) {
    super();
    this.base = new URL(base, globalThis.location?.href);
    this.state = "idle";
    this.calls = new Map();
    this.queue = Promise.resolve();
    this.suspects = new Set(); // damaged files: a retry passes every cache by
    this.number = 0;
  }

  /** Return whether the site was built with Python. */
  async available() {
    return (await this.#manifest()).available;
  }

  /** Load Python and start it, once; rejects with Damaged or Offline, and may be called again. */
  start() {
    this.starting ??= this.#start().catch((error) => {
      this.starting = undefined;
      this.#leave();
      this.#enter("failed");
      throw error;
    });
    return this.starting;
  }

  /** Run cells, [{id, source}]: the last, and those before it from the first that is new. */
  run(cells, { seconds = 30 } = {}) {
    return this.#call("run", [cells, seconds], seconds);
  }

  /** Return the verdict on what `source` defines after the cells `before` it, as in a notebook. */
  check(exercise, source, { seconds = 5, before = [] } = {}) {
    return this.#call("check", [exercise, source, before, seconds], 2 * seconds);
  }

  /** Return the next hint of an exercise. */
  hint(exercise) {
    return this.#call("hint", [exercise], 30);
  }

  /** Forget what cells have defined. */
  reset() {
    return this.starting ? this.#call("reset", [], 30) : Promise.resolve();
  }

  /** End what is running at once; another worker starts in the background. */
  stop() {
    if (this.state === "idle" || this.state === "failed") return;
    this.#end(new Stopped("Stopped. What earlier cells had defined is gone; they run again."));
  }

  #end(reason) {
    if (!this.port) return; // still loading files: there is nothing to end
    const calls = [...this.calls.values()];
    this.calls.clear();
    this.#enter("loading");
    const again = this.#awaken({ restart: true });
    this.starting = again.then(
      () => this.#enter("ready"),
      (error) => {
        this.starting = undefined;
        this.#leave();
        this.#enter("failed");
        throw error;
      },
    );
    this.starting.catch(() => {}); // told to whoever calls next
    for (const { reject } of calls) reject(reason);
  }

  #call(name, args, seconds) {
    const turn = this.queue.then(async () => {
      await this.start();
      this.#enter("busy");
      let timer;
      try {
        return await new Promise((resolve, reject) => {
          const id = (this.number += 1);
          this.calls.set(id, { resolve, reject });
          this.port.postMessage({ id, name, args });
          const words = `This did not end within ${seconds} seconds, and Python was started anew.`;
          timer = setTimeout(() => this.#end(new TooLong(words)), 1000 * (seconds + GRACE));
        });
      } finally {
        clearTimeout(timer);
        if (this.state === "busy") this.#enter("ready");
      }
    });
    this.queue = turn.catch(() => {});
    return turn;
  }

  async #start() {
    this.#enter("loading");
    const manifest = await this.#manifest();
    if (!manifest.available) throw new Offline("This site was built without Python.");
    const entries = Object.entries(manifest.files);
    const total = entries.reduce((sum, [, { bytes }]) => sum + bytes, 0);
    let loaded = 0;
    const tell = (what, more) => {
      loaded += more;
      this.dispatchEvent(new CustomEvent("progress", { detail: { loaded, total, what } }));
    };
    this.image = await this.#imageAddress(manifest);
    if (await this.#fromImage(manifest, () => tell("Python", total - loaded))) return;
    loaded = 0;
    const wanted = entries.map(async ([name, about]) => [name, await this.#file(name, about, tell)]);
    const files = Object.fromEntries(await Promise.all(wanted));
    await this.#open(files[ROOM]);
    await this.#awaken({ packed: files, wheels: manifest.wheels });
    this.#enter("ready");
    this.#tidy(manifest);
  }

  /** Start from what the first Python of this build has left in the browser's store, if it has. */
  async #fromImage(manifest, tell) {
    const answer = await this.#kept(this.image);
    if (!answer) return false;
    const read = async () => {
      const image = await answer.arrayBuffer();
      if ((await digest(image)) !== answer.headers.get(SUM)) throw new Error("damaged");
      return image;
    };
    try {
      const reading = read();
      reading.catch(() => {}); // told below, when the room is there and can be left
      await this.#open(await this.#file(ROOM, manifest.files[ROOM], () => {}));
      const image = await reading;
      tell();
      await this.#awaken({ image }, [image]);
      this.#enter("ready");
      return true;
    } catch {
      this.#leave();
      await this.#drop(this.image);
      return false;
    }
  }

  /** Return the image's address in the store: one for each build. */
  async #imageAddress({ files }) {
    const build = await digest(new TextEncoder().encode(JSON.stringify(files)));
    return new URL(`image?${build.slice(0, 16)}`, this.base);
  }

  async #keepImage(image) {
    try {
      const headers = { [SUM]: await digest(image), "Content-Type": "application/octet-stream" };
      await this.#keep(this.image, new Response(image, { headers }));
    } catch {
      // the next visit starts from the files
    }
  }

  /** Return the list of files that the build wrote; without a connection, the one of last time. */
  async #manifest() {
    const address = new URL("manifest.json", this.base);
    try {
      const answer = await fetch(address, { cache: "no-cache" });
      if (!answer.ok) throw new Offline(`Python could not be loaded: ${address} is not there.`);
      await this.#keep(address, answer.clone());
      return await answer.json();
    } catch (error) {
      const kept = await this.#kept(address);
      if (kept) return kept.json();
      if (error instanceof Offline) throw error;
      throw new Offline("Python could not be loaded. Is there a connection? Try again.");
    }
  }

  /** Return a file's bytes from the browser's store or from the site, if they are the right ones. */
  async #file(name, { bytes, sha256 }, tell) {
    const address = new URL(`${name}?${sha256.slice(0, 16)}`, this.base);
    const kept = await (await this.#kept(address))?.arrayBuffer();
    if (kept && (await digest(kept)) === sha256) {
      tell(name, bytes);
      return kept;
    }
    const data = await this.#fetched(address, name, tell);
    if ((await digest(data)) !== sha256) {
      this.suspects.add(name);
      tell(name, -data.byteLength);
      const words = `${name} arrived damaged: it is not the file that this site was built with.`;
      throw Object.assign(new Damaged(`${words} Try again.`), { file: name });
    }
    const headers = { "Content-Type": "application/octet-stream" };
    await this.#keep(address, new Response(data, { headers }));
    return data;
  }

  async #fetched(address, name, tell) {
    try {
      const cache = this.suspects.has(name) ? "reload" : "default";
      const answer = await fetch(address, { cache });
      if (!answer.ok) throw new Error(answer.statusText);
      const parts = [];
      for (const reader = answer.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) return new Blob(parts).arrayBuffer();
        parts.push(value);
        tell(name, value.length);
      }
    } catch {
      const words = `${name} could not be loaded. Is there a connection? Try again.`;
      throw Object.assign(new Offline(words), { file: name });
    }
  }

  // The browser's store may be full, or forbidden: then everything works, and is loaded each time.
  async #kept(address) {
    try {
      return await (await caches.open(STORE)).match(address.href);
    } catch {
      return undefined;
    }
  }

  async #keep(address, answer) {
    try {
      await (await caches.open(STORE)).put(address.href, answer);
    } catch {
      // it is loaded again next time
    }
  }

  async #drop(address) {
    try {
      await (await caches.open(STORE)).delete(address.href);
    } catch {
      // nothing was stored
    }
  }

  /** Drop what an earlier build of this site has left in the store. */
  async #tidy(manifest) {
    try {
      const store = await caches.open(STORE);
      const known = Object.entries(manifest.files).map(
        ([name, { sha256 }]) => new URL(`${name}?${sha256.slice(0, 16)}`, this.base).href,
      );
      known.push(new URL("manifest.json", this.base).href, this.image.href);
      for (const { url } of await store.keys()) {
        if (url.startsWith(this.base.href) && !known.includes(url)) await store.delete(url);
      }
    } catch {
      // nothing was stored
    }
  }

  /** Open the room: an iframe of no origin, from which nothing can be fetched. */
  async #open(room) {
    const source = new TextDecoder().decode(room);
    const nonce = crypto.getRandomValues(new Uint32Array(4)).join("");
    const policy =
      `default-src 'none'; script-src 'nonce-${nonce}' blob: 'wasm-unsafe-eval'; worker-src data:`;
    this.frame = document.createElement("iframe");
    this.frame.setAttribute("sandbox", "allow-scripts");
    this.frame.setAttribute("aria-hidden", "true");
    this.frame.hidden = true;
    this.frame.title = "Python";
    this.frame.srcdoc =
      `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">` +
      `<script type="module" nonce="${nonce}">${source}</script>`;
    const loaded = new Promise((resolve) => (this.frame.onload = resolve));
    document.body.append(this.frame);
    await loaded;
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const open = new Promise((resolve) => (this.opened = resolve));
    port1.onmessage = ({ data }) => this.#hear(data);
    this.frame.contentWindow.postMessage("softmaxbook", "*", [port2]);
    await open;
  }

  #leave() {
    this.frame?.remove();
    this.frame = this.port = undefined;
  }

  /** Have the room start a worker; resolves when Python is ready. */
  #awaken(message, moved = []) {
    return new Promise((resolve, reject) => {
      this.awake = { resolve, reject };
      this.port.postMessage(message, moved);
    });
  }

  #hear(data) {
    if (data.open) this.opened();
    else if (data.image) this.#keepImage(data.image);
    else if (data.ready) this.awake.resolve();
    else if (data.ready === false) this.awake.reject(new Error(`Python did not start: ${data.error}`));
    else {
      const call = this.calls.get(data.id);
      this.calls.delete(data.id);
      if ("error" in data) call?.reject(new Error(data.error));
      else call?.resolve(data.value);
    }
  }

  #enter(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
