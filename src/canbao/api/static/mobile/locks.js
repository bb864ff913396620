/** The lock of the store as it lies on the disk, and how many wrong PINs have been tried on it. */

import { asked, KEYS, PLAIN, transact } from "./database.js";
import { Full, Locked, Refused } from "./errors.js";

const LOCK = "lock";
const WRONG = "canbao-wrong";
const WRONG_PINS = 10;

/**
 * The lock, or nothing if there is none; within a transaction.
 * @param {function(string): IDBObjectStore} shelf
 * @returns {Promise<?Object>}
 */
export function lockOn(shelf) {
  return asked(shelf(KEYS).get(LOCK));
}

/**
 * Put a lock on a store that has none; within a transaction, which fails if there is one.
 * @param {function(string): IDBObjectStore} shelf
 * @param {Object} lock
 */
export async function putLock(shelf, lock) {
  await asked(shelf(KEYS).add({ ...lock, wrong: 0 }, LOCK));
}

/**
 * Make sure that the store is still the one that was unlocked; within a transaction.
 * @param {function(string): IDBObjectStore} shelf
 * @param {string} mark
 * @throws {Locked}
 */
export async function requireMark(shelf, mark) {
  const lock = await lockOn(shelf);
  if (!lock || lock.mark !== mark) throw new Locked();
}

/**
 * The lock with one more wrong PIN on it: counted before the PIN is tried, so that no killed browser wins a guess.
 * `most` is how many there may be.
 * @returns {Promise<Object>}
 */
export function triedLock() {
  return transact("readwrite", counted).catch(countedBeside);
}

/**
 * The PIN was right: what was counted is forgiven, as far as there is room to write it down.
 * @param {Object} [change] of the lock
 */
export async function forgive(change) {
  await transact("readwrite", async (shelf) => {
    const lock = await lockOn(shelf);
    if (!lock) throw new Locked();
    shelf(KEYS).put({ ...lock, ...change, wrong: 0 }, LOCK);
  }).catch((error) => {
    if (change || !(error instanceof Full)) throw error;
  });
  localStorage.removeItem(WRONG);
}

async function counted(shelf) {
  const lock = await triedOnce(shelf);
  if (lock.wrong <= lock.most) shelf(KEYS).put(lock, LOCK);
  return lock;
}

/** A full phone must open, or nothing could ever go up: then wrong PINs are counted where there is other room. */
async function countedBeside(error) {
  if (!(error instanceof Full)) throw error;
  const lock = await transact("readonly", triedOnce);
  localStorage.setItem(WRONG, lock.wrong);
  return lock;
}

async function triedOnce(shelf) {
  const lock = await lockOn(shelf);
  if (!lock) throw new Refused("unknown", "这部手机还没有绑定");
  const limits = await asked(shelf(PLAIN).get("limits"));
  const wrong = 1 + Math.max(lock.wrong, Number(localStorage.getItem(WRONG)));
  return { ...lock, wrong, most: (limits && limits.wrong_pins) || WRONG_PINS };
}
