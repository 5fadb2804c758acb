// Reads a zip archive, such as a wheel, with what every browser and Node bring along.

const END = 0x06054b50; // signature of the record at an archive's end
const DEFLATED = 8;

/** Return the files of a zip archive as [path, Uint8Array] pairs, folders left out. */
export async function unzipped(buffer) {
  const view = new DataView(buffer);
  let end = buffer.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw new Error("not a zip archive");
  const files = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [method, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [name, extra, comment] = [28, 30, 32].map((k) => view.getUint16(at + k, true));
    const path = new TextDecoder().decode(new Uint8Array(buffer, at + 46, name));
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const data = new Uint8Array(buffer, start, size);
    if (!path.endsWith("/")) files.push({ path, data, method });
    at += 46 + name + extra + comment;
  }
  return Promise.all(
    files.map(async ({ path, data, method }) => [
      path,
      method === DEFLATED ? new Uint8Array(await inflated(data, "deflate-raw")) : data,
    ]),
  );
}

/** Return what compressed bytes hold; `format` is that of DecompressionStream. */
export function inflated(data, format) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream(format));
  return new Response(stream).arrayBuffer();
}
