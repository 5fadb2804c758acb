// The room that the worker lives in: an iframe of no origin, whose content security policy allows
// nothing but what stands here. It keeps what Python is made of, and an image of the first one's
// memory, so that another worker starts at once when one is ended.
const [port] = await new Promise((resolve) => {
  globalThis.onmessage = ({ data, ports }) => data === "softmaxbook" && resolve(ports);
});

// The worker's first lines stand in its address: Chromium starts no module worker from a blob of no
// origin, but lets one import such a blob.
const DOOR = `onmessage = async ({ data }) => {
  const source = new Blob([data.files["worker.mjs"]], { type: "text/javascript" });
  const { begin } = await import(URL.createObjectURL(source));
  await begin(data);
};`;

const REST = 1000; // milliseconds of a first Python before its image is made: its reader waits

let furniture; // what a worker gets: {files, module, site}, and from an image its {memory}
let wasm; // the bytes of `module`, until they are in an image
let worker;

async function unpack([name, data]) {
  if (!name.endsWith(".packed")) return [name, data];
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return [name.replace(/\.packed$/, ""), await new Response(stream).arrayBuffer()];
}

async function furnish(packed, wheels) {
  const files = Object.fromEntries(await Promise.all(Object.entries(packed).map(unpack)));
  wasm = files["pyodide.asm.wasm"];
  delete files["pyodide.asm.wasm"];
  const archive = new Blob([files["archive.mjs"]], { type: "text/javascript" });
  const { unzipped } = await import(URL.createObjectURL(archive));
  const [module, ...site] = await Promise.all([
    WebAssembly.compile(wasm),
    ...wheels.map((name) => unzipped(files[name])),
  ]);
  for (const name of wheels) delete files[name];
  furniture = { files, module, site: site.flat() };
}

// An image is the length of its list, the list, JSON of [[folder, name, bytes], …], and the bytes.

/** Return all that a next worker starts from, as one piece. */
function imaged() {
  const { files, memory, site } = furniture;
  const parts = [["", "memory", memory], ["", "wasm", new Uint8Array(wasm)]];
  for (const [name, data] of Object.entries(files)) parts.push(["files", name, new Uint8Array(data)]);
  for (const [path, data] of site) parts.push(["site", path, data]);
  wasm = undefined;
  const list = parts.map(([folder, name, { length }]) => [folder, name, length]);
  const head = new TextEncoder().encode(JSON.stringify(list));
  const pieces = [Uint32Array.of(head.length), head, ...parts.map(([, , data]) => data)];
  return new Blob(pieces).arrayBuffer();
}

async function furnishFrom(image) {
  const [size] = new Uint32Array(image, 0, 1);
  const list = JSON.parse(new TextDecoder().decode(new Uint8Array(image, 4, size)));
  const found = { "": {}, files: {}, site: {} };
  let at = 4 + size;
  for (const [folder, name, length] of list) {
    found[folder][name] = new Uint8Array(image, at, length);
    at += length;
  }
  const { memory, wasm } = found[""];
  const module = await WebAssembly.compile(wasm);
  // Copies: all that shares a buffer would travel to a worker with each of its parts.
  const files = Object.fromEntries(Object.entries(found.files).map(([k, v]) => [k, v.slice()]));
  const site = Object.entries(found.site).map(([path, data]) => [path, data.slice()]);
  furniture = { files, module, memory: memory.slice(), site };
}

function start() {
  worker?.terminate();
  worker = new Worker(`data:text/javascript,${encodeURIComponent(DOOR)}`, { type: "module" });
  const mine = worker;
  worker.onmessage = ({ data: { memory, ...said } }) => {
    if (mine !== worker) return;
    port.postMessage(said);
    if (!memory || furniture.memory) return;
    furniture.memory = memory;
    setTimeout(async () => {
      const image = await imaged();
      port.postMessage({ image }, [image]);
    }, REST);
  };
  worker.onerror = (event) => port.postMessage({ ready: false, error: event.message });
  worker.postMessage(furniture);
}

port.onmessage = async ({ data }) => {
  try {
    if (data.packed) await furnish(data.packed, data.wheels);
    if (data.image) await furnishFrom(data.image);
    if (data.packed || data.image || data.restart) start();
    else worker.postMessage(data);
  } catch (error) {
    port.postMessage({ ready: false, error: String(error) });
  }
};
port.postMessage({ open: true });
