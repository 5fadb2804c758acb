// The network that the page shares: its weights are fetched and read once, whoever asks first.

import { forward, network } from "../numerics/convolution.mjs";
import { decoded, enlarged } from "../numerics/pictures.mjs";
import { readTensors } from "../numerics/tensors.mjs";
import { bytesAt } from "../parts/checkpoint.mjs";

const known = new Map(); // by address

// A network from its checkpoint: a file on the site, or a `data:` address that holds it.
export function backboneAt(address) {
  if (!known.has(address)) known.set(address, bytesAt(address).then((bytes) => network(readTensors(bytes))));
  return known.get(address);
}

// What heads can stand on, for a picture as the network sees it.
export function inputs(backbone, picture) {
  const { features, logits } = forward(backbone, picture);
  return { features, pixels: picture, logits };
}

// The digits of a text with their labels; `input(i)` is computed when somebody asks for it.
export function collection(backbone, { digits: text, labels }) {
  const digits = decoded(text);
  const known = [];
  return {
    digits,
    labels: Array.from(labels, Number),
    input: (i) => (known[i] ??= inputs(backbone, enlarged(digits[i]))),
  };
}

const SLICE = 12; // ms

// Computes all inputs of a collection in slices of time between which the page stays alive.
export async function prepare({ digits, input }, signal) {
  let start = performance.now();
  for (let i = 0; i < digits.length && !signal.aborted; i++) {
    input(i);
    if (performance.now() - start < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve));
    start = performance.now();
  }
}
