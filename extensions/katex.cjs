// Reads a formula a line, as JSON, and answers with a line that holds its HTML and MathML, each with
// its words, or an error. Ends when its input ends, so it cannot outlive the build that started it.
// A file that is named as its argument keeps the words, which take longer than the setting.
const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const katex = require("../book/vendor/katex/katex.min.js");
const { words } = require("./speech.cjs");

const store = process.argv[2];
const spoken = new Map(store && existsSync(store) ? readFileSync(store, "utf8").split("\n").flatMap(kept) : []);

function kept(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return []; // the end of the file, or what a build left that was interrupted
  }
}

// Where nothing follows a function's name, as in p_{\max}, KaTeX writes the sign of its application all
// the same: a third child of <msub>, which may have two.
const APPLIED_TO_NOTHING = /<mo>\u2061<\/mo>(?=<\/m)/g;

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What a formula looks like, as one picture with a name; and its MathML, whose other form is words. */
async function render({ latex, options }) {
  const html = katex.renderToString(latex, { ...options, output: "html" });
  const mathml = katex.renderToString(latex, { ...options, output: "mathml" })
    .replace(APPLIED_TO_NOTHING, "").replace(/^<span class="katex">|<\/span>$/g, "");
  const name = escaped(await said(mathml, latex));
  return {
    html: html.replace('<span class="katex">', `<span class="katex" role="img" aria-roledescription="formula" aria-label="${name}">`),
    mathml: mathml.replace("<math", `<math alttext="${name}"`),
  };
}

async function said(mathml, latex) {
  if (!spoken.has(mathml)) {
    const made = await words(mathml);
    if (!made) throw Error(`no words for the formula ${latex}`);
    spoken.set(mathml, made);
    if (store) appendFileSync(store, `\n${JSON.stringify([mathml, made])}`);
  }
  return spoken.get(mathml);
}

async function answer(line) {
  try {
    return await render(JSON.parse(line));
  } catch (error) {
    return { error: error.message };
  }
}

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
  }
})();
