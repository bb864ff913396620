/**
 * Sealing: AES-GCM-256 with a new 96-bit IV each time; what a record is, is authenticated with it, so that no record
 * can stand in for another one.
 *
 * The data key is random. It lies wrapped by a key that takes two things to make: the PIN (PBKDF2-SHA-256, 600,000
 * rounds) and the profile's own HMAC key, which the browser keeps and no script can read. Whoever copies the records
 * and not that key has nothing to try PINs on; who copies the whole profile of an unlocked phone has the PIN to find.
 */

import { bytesOf, randomBytes } from "./bytes.js";

const ROUNDS = 600000;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const KEY_BYTES = 32;
const CIPHER = "AES-GCM";

/**
 * How a store is locked: `device` names it, `profile` is the profile's key, `wrapped` the data key.
 * @typedef {Object} Lock
 * @property {string} device
 * @property {CryptoKey} profile
 * @property {Uint8Array} salt
 * @property {number} rounds
 * @property {{iv: Uint8Array, sealed: ArrayBuffer}} wrapped
 */

/**
 * A new data key under a new lock.
 * @param {string} pin
 * @param {string} device
 * @returns {Promise<{lock: Lock, key: CryptoKey}>}
 */
export async function newLock(pin, device) {
  const profile = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
  return locked({ device, profile }, pin, randomBytes(KEY_BYTES));
}

/**
 * The data key, or null if the PIN is not the one.
 * @param {Lock} lock
 * @param {string} pin
 * @returns {Promise<?CryptoKey>}
 */
export async function unlocked(lock, pin) {
  const bytes = await bareKey(lock, pin);
  return bytes && forgotten(bytes, await dataKey(bytes));
}

/**
 * The same data key under a lock for another PIN, or null if `old` is not the one.
 * @param {Lock} lock
 * @param {string} old
 * @param {string} pin
 * @returns {Promise<?Lock>}
 */
export async function relocked(lock, old, pin) {
  const bytes = await bareKey(lock, old);
  return bytes && (await locked({ device: lock.device, profile: lock.profile }, pin, bytes)).lock;
}

/**
 * Seal bytes; `label` says what they are, and is asked for again when they are read.
 * @param {CryptoKey} key
 * @param {Array} label
 * @param {Uint8Array} bytes
 * @returns {Promise<{iv: Uint8Array, sealed: ArrayBuffer}>}
 */
export async function seal(key, label, bytes) {
  const iv = randomBytes(IV_BYTES);
  return { iv, sealed: await crypto.subtle.encrypt(cipher(iv, label), key, bytes) };
}

/**
 * The bytes that were sealed, or null if key, label or a single bit is another one.
 * @param {CryptoKey} key
 * @param {Array} label
 * @param {{iv: Uint8Array, sealed: ArrayBuffer}} record
 * @returns {Promise<?ArrayBuffer>}
 */
export function unseal(key, label, { iv, sealed }) {
  return crypto.subtle.decrypt(cipher(iv, label), key, sealed).catch(() => null);
}

/**
 * A secret of 256 bits from a PIN.
 * @param {string} pin
 * @param {Uint8Array} salt
 * @param {number} rounds of PBKDF2-SHA-256
 * @returns {Promise<ArrayBuffer>}
 */
export async function stretched(pin, salt, rounds) {
  const secret = await crypto.subtle.importKey("raw", bytesOf(pin), "PBKDF2", false, ["deriveBits"]);
  return crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, secret, 8 * KEY_BYTES);
}

/**
 * A key that can't be read any more.
 * @param {BufferSource} bytes 32 of them
 * @returns {Promise<CryptoKey>}
 */
export function dataKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, CIPHER, false, ["encrypt", "decrypt"]);
}

async function locked(known, pin, bytes) {
  const lock = { ...known, salt: randomBytes(SALT_BYTES), rounds: ROUNDS };
  const wrapped = await seal(await wrappingKey(lock, pin), label(lock), bytes);
  return forgotten(bytes, { lock: { ...lock, wrapped }, key: await dataKey(bytes) });
}

async function bareKey(lock, pin) {
  return unseal(await wrappingKey(lock, pin), label(lock), lock.wrapped);
}

async function wrappingKey(lock, pin) {
  const fromPin = await stretched(pin, lock.salt, lock.rounds);
  return dataKey(await crypto.subtle.sign("HMAC", lock.profile, fromPin));
}

/** What was made of the bare key, which is not left lying in memory. */
function forgotten(bytes, made) {
  new Uint8Array(bytes.buffer || bytes).fill(0);
  return made;
}

function label(lock) {
  return ["data key", lock.device];
}

function cipher(iv, label) {
  return { name: CIPHER, iv, additionalData: bytesOf(JSON.stringify(label)) };
}
