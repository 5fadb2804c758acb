// Reads a checkpoint: the .safetensors file that PyTorch reads too, with numbers of 16 bits.

// A float16 from its 16 bits: one of sign, five of exponent, ten of fraction.
export function float16(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

// The bytes behind a `data:` address.
export function bytesOf(address) {
  const text = atob(address.slice(address.indexOf(",") + 1));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

// The bytes of a checkpoint from the file that a site serves (`packed_weights` in modules.py): after the
// header it has the numbers' first bytes, and then their second ones.
export async function unpacked(file) {
  const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream("deflate"));
  const parted = new Uint8Array(await new Response(stream).arrayBuffer());
  const { start } = opened(parted);
  const half = (parted.length - start) / 2;
  const bytes = parted.slice();
  for (let i = 0; i < half; i++) {
    bytes[start + 2 * i] = parted[start + i];
    bytes[start + 2 * i + 1] = parted[start + half + i];
  }
  return bytes;
}

// What a file says of itself: eight bytes give the length of a JSON header, which gives each tensor's
// type, shape and place, and under `__metadata__` what its author wrote.
export const readHeader = (bytes) => opened(bytes).header;

function opened(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  return { view, start, header: JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) };
}

// The tensors of a file by name.
export function readTensors(bytes) {
  const { view, start, header } = opened(bytes);
  const read = ([name, { dtype, shape, data_offsets: [from, to] }]) => {
    if (dtype !== "F16") throw new TypeError(`${name} is ${dtype}: only F16 is read here`);
    const values = Float64Array.from({ length: (to - from) / 2 }, (_, i) => float16(view.getUint16(start + from + 2 * i, true)));
    return [name, { shape, values }];
  };
  return Object.fromEntries(Object.entries(header).filter(([name]) => name !== "__metadata__").map(read));
}
