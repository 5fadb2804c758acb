/** Return the SHA-256 of bytes in hexadecimal digits. */
export async function digest(data) {
  const bytes = globalThis.crypto?.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", data))
    : (await import("./sha256.mjs")).sha256(data);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
