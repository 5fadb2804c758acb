// The network that the page shares: its weights are fetched and read once, whoever asks first.

import { forward, network } from "../numerics/convolution.mjs";
import { decoded, enlarged } from "../numerics/pictures.mjs";
import { bytesOf, readTensors } from "../numerics/tensors.mjs";

const loading = new Map(); // by address

// A network from its checkpoint: a file beside this module, or a `data:` address that holds it.
export function backboneAt(address) {
  if (!loading.has(address)) loading.set(address, load(address));
  return loading.get(address);
}

async function load(address) {
  if (address.startsWith("data:")) return network(readTensors(bytesOf(address)));
  const response = await fetch(new URL(address, import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return network(readTensors(new Uint8Array(await response.arrayBuffer())));
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
