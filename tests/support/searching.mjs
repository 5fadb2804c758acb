// Answers queries as the search page of a built site does: node searching.mjs SITE < queries
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";

const site = process.argv[2];
const element = () => ({ dataset: {}, classList: { add() {} }, appendChild: (child) => child });
const page = createContext({
  document: { addEventListener() {}, getElementById: () => null, documentElement: element(), createElement: element },
  window: {}, localStorage: { setItem() {}, getItem: () => null }, URLSearchParams, console,
  _: (text) => text,
  SPHINX_HIGHLIGHT_ENABLED: false, _ready() {}, DOCUMENTATION_OPTIONS: {},
});
for (const file of ["_static/language_data.js", "_static/searchtools.js", "searchindex.js"])
  runInContext(readFileSync(join(site, file), "utf-8").replace(/^(const|let) /gm, "var "), page);
page.queries = JSON.parse(readFileSync(0, "utf-8"));
// The last result is the best one: the page takes them from the end.
const found = runInContext(
  "queries.map((query) => Search._performSearch(...Search._parseQuery(query)).reverse())", page);
process.stdout.write(JSON.stringify(found.map((results) => results.map(([name, , anchor]) => name + anchor))));
