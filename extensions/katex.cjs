// Reads a formula a line, as JSON, and answers with a line that holds its HTML or an error.
// Ends when its input ends, so it cannot outlive the build that started it.
const katex = require("../book/vendor/katex/katex.min.js");
const { createInterface } = require("node:readline");

function render({ latex, options }) {
  try {
    return { html: katex.renderToString(latex, options) };
  } catch (error) {
    return { error: error.message };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(render(JSON.parse(line)))}\n`);
});
