// The room that the worker lives in: an iframe of no origin, whose content security policy allows
// nothing but what stands here. It keeps what Python is made of, so that another worker starts at
// once when one is ended.
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

let files;
let module;
let wheels;
let worker;

async function furnish(packed, names) {
  const unpack = async ([name, data]) => {
    if (!name.endsWith(".packed")) return [name, data];
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
    return [name.replace(/\.packed$/, ""), await new Response(stream).arrayBuffer()];
  };
  files = Object.fromEntries(await Promise.all(Object.entries(packed).map(unpack)));
  wheels = names;
  module = await WebAssembly.compile(files["pyodide.asm.wasm"]);
  delete files["pyodide.asm.wasm"];
}

function start() {
  worker?.terminate();
  worker = new Worker(`data:text/javascript,${encodeURIComponent(DOOR)}`, { type: "module" });
  const mine = worker;
  worker.onmessage = ({ data }) => mine === worker && port.postMessage(data);
  worker.onerror = (event) => port.postMessage({ ready: false, error: event.message });
  worker.postMessage({ files, module, wheels });
}

port.onmessage = async ({ data }) => {
  try {
    if (data.packed) await furnish(data.packed, data.wheels);
    if (data.packed || data.restart) start();
    else worker.postMessage(data);
  } catch (error) {
    port.postMessage({ ready: false, error: String(error) });
  }
};
port.postMessage({ open: true });
