// Reads a formula a line, as JSON, and answers with a line that holds its HTML or an error.
// Ends when its input ends, so it cannot outlive the build that started it.
const katex = require("../book/vendor/katex/katex.min.js");
const { createInterface } = require("node:readline");

// Where nothing follows a function's name, as in p_{\max}, KaTeX writes the sign of its application all
// the same: a third child of <msub>, which may have two.
const APPLIED_TO_NOTHING = /<mo>\u2061<\/mo>(?=<\/m)/g;

function render({ latex, options }) {
  try {
    return { html: katex.renderToString(latex, options).replace(APPLIED_TO_NOTHING, "") };
  } catch (error) {
    return { error: error.message };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(render(JSON.parse(line)))}\n`);
});
