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

// All inputs of a collection, one after the other.
export function* inputsOf({ digits, input }) {
  for (let i = 0; i < digits.length; i++) yield input(i);
}

const SLICE = 5; // ms; what the reader does waits no longer
const LONGEST = 100; // ms that a page which is never idle makes the steps wait
const later = (time) => new Promise((resolve) => setTimeout(resolve, time));
const idle = () => (globalThis.requestIdleCallback
  ? new Promise((resolve) => requestIdleCallback(resolve, { timeout: LONGEST })) : later(0));

// Takes one of the steps after the other, in slices of time while the page is idle, until they are done
// or `ended()`. They begin after a pause of `wait` milliseconds.
export async function inSlices(steps, ended, wait = 0) {
  await later(wait);
  for (let start = performance.now(); !ended() && !steps.next().done;) {
    if (performance.now() - start < SLICE) continue;
    await idle();
    start = performance.now();
  }
}
