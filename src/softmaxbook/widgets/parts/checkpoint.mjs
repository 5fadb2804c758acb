// Weights that a page fetches: a file beside the folders of the explorables, or a `data:` address.

import { bytesOf, unpacked } from "../numerics/tensors.mjs";

export async function bytesAt(address) {
  if (address.startsWith("data:")) return bytesOf(address);
  const response = await fetch(new URL(address, import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return unpacked(await response.arrayBuffer());
}
