// The worker in which Python lives. Everything that it needs arrives in its first message; its
// content security policy lets it fetch nothing at all.

/** Return Pyodide, which takes what it asks for from `files` and `found` and not from the network. */
async function load({ files, module, memory }, found, preloading) {
  const names = { "pyodide.asm.wasm": "application/wasm", "python_stdlib.zip": "application/zip" };
  globalThis.fetch = async (address) => {
    const name = String(address).split("/").pop();
    const body = name === "pyodide.asm.wasm" ? "" : (found.get(String(address)) ?? files[name]);
    return new Response(body, { headers: { "Content-Type": names[name] ?? "text/plain" } });
  };
  WebAssembly.instantiateStreaming = async (_, imports) => ({
    module,
    instance: await WebAssembly.instantiate(module, imports),
  });
  await import(blob(files["pyodide.asm.js"]));
  globalThis._createPyodideModule = preloading(_createPyodideModule, found, (name) => name);
  const { loadPyodide } = await import(blob(files["pyodide.mjs"]));
  return loadPyodide({
    indexURL: "https://nowhere.invalid/",
    lockFileContents: JSON.parse(new TextDecoder().decode(files["pyodide-lock.json"])),
    jsglobals: {},
    ...(memory ? { _loadSnapshot: memory } : { _makeSnapshot: true }),
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

/**
 * Start Python, say so, and answer calls from then on.
 *
 * Where it starts without another's `memory`, it gives its own away, before it has run anything of
 * a reader's.
 */
export async function begin(furniture) {
  try {
    const { python, memory } = await start(furniture);
    close();
    globalThis.onmessage = ({ data: { id, name, args } }) => {
      try {
        post({ id, value: python[name](...args) });
      } catch (error) {
        post({ id, error: String(error.message ?? error) });
      }
    };
    post({ ready: true, memory }, memory ? [memory.buffer] : []);
  } catch (error) {
    post({ ready: false, error: String(error.message ?? error) });
  }
}

async function start(furniture) {
  const { files, memory, site } = furniture;
  const interpreter = await import(blob(files["interpreter.mjs"]));
  const { install, libraries, preloading, session, settle } = interpreter;
  const pyodide = await load(furniture, libraries(site), preloading);
  install(pyodide, site);
  const first = memory ? undefined : settle(pyodide);
  return { python: session(pyodide), memory: first };
}
