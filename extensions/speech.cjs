// Says a formula in words, from the MathML that KaTeX writes: by the Speech Rule Engine, whose words
// are what MathJax speaks.
const { join } = require("node:path");
const VENDOR = join(__dirname, "../book/vendor/speech");
const { DOMParser, XMLSerializer } = require(join(VENDOR, "@xmldom/xmldom"));

// Upright letters that KaTeX writes one by one; and what stands above a transposed matrix.
const SPELT = /(?:<mi mathvariant="normal">[a-z]<\/mi>){2,}/g;
const TRANSPOSED = /^(?:<mrow[^>]*>)?<m[io][^>]*(?:>⊤|"sans-serif"[^>]*>T)</;

let engine;

// The engine's words that have another name in this book, or another meaning.
const WORDING = [
  [/\blamda\b/g, "lambda"],
  [/\btriangle\b/g, "Delta"],
  [/ ?\u02c9/g, " bar"],
  [/\bdivides\b/g, "given"],
  [/\bpartial differential\b/g, "partial"],
  [/\bthe arg of (min|max)\b/g, "arg $1"],
  [/\bprecedes above single line equals sign\b/g, "precedes or equals"],
  [/ over bottom brace over /g, ", braced as "],
  [/ of (?=end norm\b|transpose\b)/g, " "],
  [/\btimes (?=transpose\b)/g, ""],
  [/\bopen paren times given\b/g, "open paren dot given"],
  [/\balmost equals\b/g, "approximately equals"],
  [/(Line \d+:) blank\b/g, "$1"],
  [/ (comma|period|semicolon)$/, ""],
  [/ comma (?=Line \d+:)/g, ", "],
];

/** The words of a formula; empty where the engine has none. */
async function words(mathml) {
  engine ??= await started();
  const spoken = engine.toSpeech(explained(mathml));
  return WORDING.reduce((text, [sought, told]) => text.replace(sought, told), spoken).trim();
}

async function started() {
  globalThis.SREfeature = { json: join(VENDOR, "speech-rule-engine/lib/mathmaps") };
  const sre = require(join(VENDOR, "speech-rule-engine/lib/sre.js"));
  await sre.setupEngine({ locale: "en", domain: "clearspeak", modality: "speech" });
  return sre;
}

/** The MathML with what the engine would take for something else put in words. */
function explained(mathml) {
  const page = new DOMParser().parseFromString(mathml.replace(SPELT, (word) => `<mi>${word.replace(/<[^>]*>/g, "")}</mi>`), "text/xml");
  const every = (name) => Array.from(page.getElementsByTagName(name));
  const element = (name, ...inside) => {
    const made = page.createElement(name);
    for (const each of inside) made.appendChild(typeof each === "string" ? page.createTextNode(each) : each);
    return made;
  };
  const put = (made, old) => old.parentNode.replaceChild(made, old);

  for (const note of every("annotation")) note.parentNode.removeChild(note);
  // The way KaTeX moves things closer holds a separator, which is read as a comma.
  for (const text of every("mtext")) if (/^[\s\u2063]*\u2063$/.test(text.textContent)) text.parentNode.removeChild(text);
  for (const letter of every("mi")) {
    const variant = letter.getAttribute("mathvariant");
    if (variant === "double-struck") put(letter.textContent === "R" ? element("mtext", "the reals") : element("mi", letter.textContent), letter);
    else if (variant === "normal") letter.removeAttribute("mathvariant");
  }
  for (const number of every("mn")) { // two vectors of ones are not an eleven
    if (number.getAttribute("mathvariant") !== "bold") continue;
    put(element("mrow", ...Array.from(number.textContent, (digit) => element("mtext", `bold ${digit}`))), number);
  }
  const bars = every("mo").filter((sign) => sign.textContent === "∥" && sign.getAttribute("stretchy") === "false");
  bars.forEach((bar, i) => put(element("mtext", i % 2 ? "end norm" : "the norm of"), bar));
  for (const power of [...every("msup"), ...every("msubsup")]) {
    const parts = Array.from(power.childNodes);
    const above = parts.pop();
    const base = parts.length > 1 ? element("msub", ...parts) : parts[0];
    if (TRANSPOSED.test(above.toString())) put(element("mrow", base, element("mtext", "transpose")), power);
    else if (/^\(.*\)$/.test(above.textContent)) put(element("mrow", base, element("mtext", "superscript"), above), power);
    else if (parts.length > 1) put(element("msubsup", ...Array.from(base.childNodes), above), power);
  }
  return new XMLSerializer().serializeToString(page);
}

module.exports = { words };
