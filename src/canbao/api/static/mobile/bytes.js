/** Bytes: from text and hexadecimal digits and back, their digest, and random ones. */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true });

/**
 * @param {string} text
 * @returns {Uint8Array} in UTF-8
 */
export function bytesOf(text) {
  return ENCODER.encode(text);
}

/**
 * @param {BufferSource} bytes in UTF-8; anything else throws a TypeError
 * @returns {string}
 */
export function textOf(bytes) {
  return DECODER.decode(bytes);
}

/**
 * @param {number} length
 * @returns {Uint8Array}
 */
export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} two hexadecimal digits each
 */
export function hexOf(bytes) {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} digits two hexadecimal ones for each byte
 * @returns {Uint8Array}
 */
export function fromHex(digits) {
  return Uint8Array.from(digits.match(/../g) || [], (one) => parseInt(one, 16));
}

/**
 * @param {BufferSource} bytes
 * @returns {Promise<string>} their SHA-256, as 64 hexadecimal digits
 */
export async function digestOf(bytes) {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * A random UUID (version 4); `crypto.randomUUID` is younger than the browsers that we serve.
 * @returns {string}
 */
export function newId() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * One thing after another, in one piece.
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array}
 */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, one) => length + one.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * How many bytes there are, in four bytes.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function lengthOf(bytes) {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return length;
}

/**
 * A record as bytes: how long its JSON is, the JSON, and the bytes of its `bytes`, if it has any.
 * @param {Object} value
 * @returns {Uint8Array}
 */
export function packed(value) {
  const { bytes = new Uint8Array(0), ...rest } = value;
  const text = bytesOf(JSON.stringify("bytes" in value ? { ...rest, bytes: true } : rest));
  return joined([lengthOf(text), text, bytes]);
}

/**
 * A record as `packed` was given it.
 * @param {ArrayBuffer} buffer
 * @returns {Object}
 */
export function unpacked(buffer) {
  const end = 4 + new DataView(buffer).getUint32(0);
  const value = JSON.parse(textOf(new Uint8Array(buffer, 4, end - 4)));
  return "bytes" in value ? { ...value, bytes: new Uint8Array(buffer, end) } : value;
}
