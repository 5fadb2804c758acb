// The book's language model: text into tokens, and the last few tokens into logits of the next.
// It agrees with tokens.py and torch_language.py to 1e-12 (tests/widgets/test_language.py).

import { readHeader, readTensors } from "./tensors.mjs";

export const [END, UNKNOWN] = ["⟨end⟩", "⟨unknown⟩"];
const WORD = "[\\p{L}\\p{N}_]";
const PIECE = new RegExp(`⟨${WORD}+⟩|${WORD}+(?:[-'’]${WORD}+)*|[^\\p{L}\\p{N}_\\s]`, "gu");

export const tokenise = (text) => text.toLowerCase().match(PIECE) ?? [];

// A text with one more token, as it is written: no space before a comma, none after a bracket.
export function joined(text, token) {
  const tight = text === "" || /[\s(\[]$/u.test(text) || /^[,.;:?!)\]]$/u.test(token);
  return text + (tight ? "" : " ") + token;
}

// The model of a checkpoint; its vocabulary stands in the file's header.
export function languageModel(bytes) {
  const tensors = readTensors(bytes);
  const tokens = [END, UNKNOWN, ...JSON.parse(readHeader(bytes).__metadata__.vocabulary)];
  const [size, width] = tensors["embedding.weight"].shape;
  const [hidden, inputs] = tensors["hidden.weight"].shape;
  const weights = Object.fromEntries(Object.entries(tensors).map(([name, { values }]) => [name, values]));
  return { weights, tokens, numbers: new Map(tokens.map((token, i) => [token, i])), size, width, hidden, window: inputs / width };
}

// The number of each token; those that the model does not know get that of the unknown one.
export const encoded = ({ numbers }, tokens) => tokens.map((token) => numbers.get(token) ?? numbers.get(UNKNOWN));

// The logits of the token after these numbers. Before a sentence stand as many ends as the window needs.
export function nextLogits({ weights, size, width, hidden, window }, tokens) {
  const seen = [...Array(window).fill(0), ...tokens].slice(-window);
  const vectors = seen.flatMap((token) => Array.from(weights["embedding.weight"].subarray(token * width, (token + 1) * width)));
  const features = layer(weights["hidden.weight"], weights["hidden.bias"], vectors, hidden).map(Math.tanh);
  const meant = layer(weights["back.weight"], weights["back.bias"], features, width);
  return layer(weights["embedding.weight"], weights.bias, meant, size);
}

// W x + b, with W in rows.
function layer(weights, biases, x, rows) {
  const result = Array(rows);
  for (let row = 0; row < rows; row++) {
    let total = biases[row];
    for (let i = 0; i < x.length; i++) total += weights[row * x.length + i] * x[i];
    result[row] = total;
  }
  return result;
}
