// Markdown from verdicts and from code: text and formulas, and never markup of its own. HTML in it
// is shown as it is written, and nothing in it can make the browser ask for a file.

let library;
let katex;

async function markdownIt() {
  const { default: MarkdownIt } = await import("./libraries/markdown-it.mjs");
  const made = new MarkdownIt({ html: false, linkify: false }).disable("image");
  made.inline.ruler.after("escape", "formula", formula);
  made.renderer.rules.formula = (tokens, i) => set(tokens[i].content, tokens[i].markup === "$$");
  return made;
}

// `$…$` and `$$…$$`; a dollar before a space, or after one, is a dollar.
function formula(state, silent) {
  const found = /^(\$\$?)(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\1(?!\d)/.exec(state.src.slice(state.pos));
  if (!found) return false;
  if (!silent) Object.assign(state.push("formula", "math", 0), { content: found[2], markup: found[1] });
  state.pos += found[0].length;
  return true;
}

function set(latex, displayMode) {
  if (katex) return katex.renderToString(latex, { displayMode, throwOnError: false, trust: false, maxSize: 20, maxExpand: 1000 });
  const plain = document.createElement("code");
  plain.textContent = latex;
  return plain.outerHTML;
}

async function loadKatex() {
  if (!document.querySelector('link[href*="katex.min.css"]')) {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../katex/katex.min.css", import.meta.url) });
    document.head.append(style);
  }
  await import("./libraries/katex.min.js");
  katex = globalThis.katex;
}

/** A Markdown text as a node; as plain text where the library is not to be had. */
export async function rendered(text) {
  const node = document.createElement("div");
  node.className = "sb-markdown";
  try {
    library ??= await markdownIt();
    if (!katex && /\$\S/.test(text)) await loadKatex();
    node.innerHTML = library.render(text);
  } catch {
    node.append(Object.assign(document.createElement("pre"), { textContent: text }));
  }
  for (const link of node.querySelectorAll("a")) link.rel = "noreferrer";
  return node;
}
