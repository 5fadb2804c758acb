// The page's Python in Node: `node pages_python.mjs FOLDER`, where FOLDER is a site's python/.
// Reads JSON of [{name, args} | {python}], a list of calls, and answers with a list of results.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

const site = process.argv[2];
const manifest = JSON.parse(readFileSync(join(site, "manifest.json")));
const imported = (name) => import(pathToFileURL(join(site, name)).href);
const { unzipped } = await imported("archive.mjs");
const { install, libraries, preloading, session, settle } = await imported("interpreter.mjs");

// Pyodide in Node reads its files from a folder.
const folder = mkdtempSync(join(tmpdir(), "pyodide-"));
for (const name of Object.keys(manifest.files).filter((each) => each.endsWith(".packed"))) {
  const data = gunzipSync(readFileSync(join(site, name)));
  writeFileSync(join(folder, name.replace(/\.packed$/, "")), data);
}
writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "commonjs" }));
const bytes = (name) => new Uint8Array(readFileSync(join(site, name))).buffer;
const files = (await Promise.all(manifest.wheels.map(bytes).map(unzipped))).flat();
const found = libraries(files);
for (const [path, data] of found) writeFileSync(join(folder, path.replaceAll("/", "+")), data);
const locate = (path) => (found.has(path) ? join(folder, path.replaceAll("/", "+")) : path);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
await import(pathToFileURL(join(folder, "pyodide.asm.js")).href);
globalThis._createPyodideModule = preloading(_createPyodideModule, found, locate);

// As on a second visit: what answers has begun with the memory of one that has run nothing.
const first = await loadPyodide({ indexURL: folder, jsglobals: {}, _makeSnapshot: true });
install(first, files);
const memory = settle(first);
const pyodide = await loadPyodide({ indexURL: folder, jsglobals: {}, _loadSnapshot: memory });
install(pyodide, files);
const python = session(pyodide);

let text = "";
for await (const chunk of process.stdin) text += chunk;
const results = JSON.parse(text).map((call) =>
  call.python === undefined ? python[call.name](...call.args) : pyodide.runPython(call.python),
);
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify(results));
