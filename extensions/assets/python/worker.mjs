// The worker in which Python lives. Everything that it needs arrives in its first message; its
// content security policy lets it fetch nothing at all.

/** Return `loadPyodide` and what it asks for, taken from `files` in place of the network. */
async function load(files, module) {
  const names = { "pyodide.asm.wasm": "application/wasm", "python_stdlib.zip": "application/zip" };
  globalThis.fetch = async (address) => {
    const name = String(address).split("/").pop();
    const body = name === "pyodide.asm.wasm" ? "" : files[name];
    return new Response(body, { headers: { "Content-Type": names[name] ?? "text/plain" } });
  };
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module,
    instance: await WebAssembly.instantiate(module, imports),
  });
  await import(blob(files["pyodide.asm.js"]));
  const { loadPyodide } = await import(blob(files["pyodide.mjs"]));
  return loadPyodide({
    indexURL: "https://nowhere.invalid/",
    lockFileContents: JSON.parse(new TextDecoder().decode(files["pyodide-lock.json"])),
    jsglobals: {},
  });
}

function blob(data) {
  return URL.createObjectURL(new Blob([data], { type: "text/javascript" }));
}

/** Take away what reaches out of the worker, or would, did the policy not forbid it. */
function close() {
  const names = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "Worker"];
  for (const name of [...names, "importScripts", "indexedDB", "caches", "BroadcastChannel"]) {
    Object.defineProperty(globalThis, name, { value: undefined, configurable: false });
  }
}

const post = globalThis.postMessage.bind(globalThis);

/** Start Python, say so, and answer calls from then on. */
export async function begin(furniture) {
  try {
    const python = await start(furniture);
    close();
    globalThis.onmessage = ({ data: { id, name, args } }) => {
      try {
        post({ id, value: python[name](...args) });
      } catch (error) {
        post({ id, error: String(error.message ?? error) });
      }
    };
    post({ ready: true });
  } catch (error) {
    post({ ready: false, error: String(error.message ?? error) });
  }
}

async function start({ files, module, wheels }) {
  const archive = blob(files["archive.mjs"]);
  const text = new TextDecoder().decode(files["interpreter.mjs"]);
  const interpreter = await import(blob(text.replace('"./archive.mjs"', JSON.stringify(archive))));
  const pyodide = await load(files, module);
  await interpreter.install(pyodide, wheels.map((name) => files[name]));
  return interpreter.session(pyodide);
}
