/** What the phone keeps: sealed records that only the PIN opens, and plain values that hold nothing of a person. */

import { newId, packed, unpacked } from "./bytes.js";
import { asked, deleteAll, PLAIN, SEALED, transact, whenGone } from "./database.js";
import { Damaged, Emptied, Full, Locked, Refused, WeakPin, WrongPin } from "./errors.js";
import { noted } from "./faults.js";
import { forgive, lockOn, putLock, requireMark, triedLock } from "./locks.js";
import { follow, forgetAll, frozen, recalled, remember } from "./memory.js";
import { pinFault } from "./pin.js";
import { newLock, relocked, seal, unlocked, unseal } from "./sealing.js";

export { pinFault };

const GENERATION = "generation";
const BOUND = "canbao-bound";
const APP_FILES = "canbao-app-";
const DAMAGED = "store.damaged";

/** While unlocked: the data key, the device, and the mark of this binding. */
let open = null;

whenGone(() => forget());

/**
 * Whether the phone is bound, and whether its store can be read.
 * @returns {Promise<"fresh"|"locked"|"open">}
 */
export async function condition() {
  const lock = await transact("readonly", lockOn);
  if (!lock || (open && lock.mark !== open.mark)) forget();
  if (!lock) return "fresh";
  return open ? "open" : "locked";
}

/**
 * Whether something was kept here that the browser has thrown away: the note of it lies where browsers clean up last.
 * @returns {Promise<boolean>}
 */
export async function wasEvicted() {
  return (await condition()) === "fresh" && localStorage.getItem(BOUND) !== null;
}

/**
 * Begin a store, and ask the browser never to throw it away.
 * @param {string} pin
 * @param {Object} identity as `bind` gives it
 * @throws {WeakPin}
 */
export async function create(pin, identity) {
  requireGoodPin(pin, identity.limits);
  if ((await condition()) !== "fresh") throw new Refused("bound", "这部手机已经绑定，请直接输入PIN");
  const { lock, key } = await newLock(pin, identity.device);
  await begin({ ...lock, mark: newId() }, key, identity);
  localStorage.setItem(BOUND, identity.device);
  await setPlain("persisted", await isToBeKept());
}

/**
 * Open the store.
 * @param {string} pin
 * @throws {WrongPin|Emptied}
 */
export async function unlock(pin) {
  const lock = await counted();
  const key = await judged(await unlocked(lock, pin), lock);
  forgetAll();
  open = { key, device: lock.device, mark: lock.mark };
  await forgive();
}

/**
 * Make sure that whoever asks knows the PIN.
 * @param {string} pin
 * @throws {WrongPin|Emptied}
 */
export async function provePin(pin) {
  const lock = await counted();
  await judged(await unlocked(lock, pin), lock);
  await forgive();
}

/**
 * Take another PIN; records stay as they are, for their key does.
 * @param {string} old
 * @param {string} pin
 * @throws {WeakPin|WrongPin|Emptied}
 */
export async function changePin(old, pin) {
  requireGoodPin(pin, await plain("limits"));
  const lock = await counted();
  await forgive(await judged(await relocked(lock, old, pin), lock));
}

/** Forget the key and everything that was read with it. */
export async function lock() {
  forget();
}

/** Leave nothing of a person, or of the binding, on the phone; the app's own files stay. */
export async function empty() {
  forget();
  localStorage.clear();
  sessionStorage.clear();
  await deleteAll();
  const others = (await caches.keys()).filter((name) => !name.startsWith(APP_FILES));
  await Promise.all(others.map((name) => caches.delete(name)));
}

/**
 * One record, or null.
 * @param {string} kind
 * @param {string|number} id
 * @returns {Promise<?Object>}
 * @throws {Locked|Damaged}
 */
export async function get(kind, id) {
  const { key, device } = opened();
  const record = await transact("readonly", (shelf) => asked(shelf(SEALED).get([kind, id])));
  if (!record) return null;
  const value = await read(key, device, record);
  if (value === null) throw new Damaged(kind, id);
  return value;
}

/**
 * All records of a kind that can be read; a damaged one is left out and noted as a fault.
 * @param {string} kind
 * @returns {Promise<Object[]>}
 * @throws {Locked}
 */
export async function all(kind) {
  const { key, device } = opened();
  const { generation, known, records } = await transact("readonly", async (shelf) => {
    const generation = await asked(shelf(PLAIN).get(GENERATION));
    const known = recalled(kind, generation);
    return { generation, known, records: known ? [] : await asked(shelf(SEALED).getAll(ofKind(kind))) };
  });
  return Array.from((known || (await readAll(kind, generation, { key, device }, records))).values());
}

/**
 * One record, or null; null for a damaged one, too, which is noted as a fault, as `all` does.
 * @param {string} kind
 * @param {string|number} id
 * @returns {Promise<?Object>}
 * @throws {Locked}
 */
export async function sound(kind, id) {
  try {
    return await get(kind, id);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    await noted(DAMAGED);
    return null;
  }
}

/**
 * How many records of a kind there are; also told while the phone is locked.
 * @param {string} kind
 * @returns {Promise<number>}
 */
export function count(kind) {
  return transact("readonly", (shelf) => asked(shelf(SEALED).count(ofKind(kind))));
}

/**
 * How many actions and pictures have no receipt yet; also told while the phone is locked, as drafts can't be.
 * @returns {Promise<number>}
 */
export async function unsent() {
  return (await count("action")) + (await count("picture"));
}

/**
 * The ids of the records of a kind; also told while the phone is locked.
 * @param {string} kind
 * @returns {Promise<Array<string|number>>}
 */
export async function ids(kind) {
  const keys = await transact("readonly", (shelf) => asked(shelf(SEALED).getAllKeys(ofKind(kind))));
  return keys.map(([, id]) => id);
}

/**
 * Write records and plain values in one transaction: all of it is on the disk when this ends, or nothing of it.
 * @param {Array<[string, string|number, ?Object]>} records null deletes
 * @param {Object} [also]
 * @param {string[]} [also.names] of plain values that `also.then` is to be given
 * @param {function(Object): ?Array<[string, *]>} [also.then] from those values, as they are now, the plain values to be
 *   written; null if nothing is to be written at all
 * @returns {Promise<boolean>} whether it was written
 * @throws {Locked|Full}
 */
export async function write(records, { names = [], then = () => [] } = {}) {
  const { key, device, mark } = opened();
  const sealed = await Promise.all(records.map((one) => sealedRecord(key, device, one)));
  const step = await transact("readwrite", async (shelf) => {
    await requireMark(shelf, mark);
    const values = then(await valuesOf(shelf(PLAIN), names));
    return values === null ? null : keep(shelf, sealed, values);
  });
  if (step !== null) follow(records, step);
  return step !== null;
}

/**
 * Write records, or on a phone that is full at least delete those that are to be deleted, which needs no room: else
 * what has gone up could never make any.
 * @param {Array<[string, string|number, ?Object]>} records
 * @throws {Locked}
 */
export async function writeAsRoomAllows(records) {
  try {
    await write(records);
  } catch (error) {
    if (!(error instanceof Full)) throw error;
    await remove(records.filter(([, , value]) => value === null));
  }
}

/**
 * A value that holds nothing of a person, or null; also told while the phone is locked.
 * @param {string} name
 * @returns {Promise<*>}
 */
export async function plain(name) {
  const value = await transact("readonly", (shelf) => asked(shelf(PLAIN).get(name)));
  return value === undefined ? null : value;
}

/**
 * Keep a value that holds nothing of a person.
 * @param {string} name
 * @param {*} value
 */
export async function setPlain(name, value) {
  await transact("readwrite", (shelf) => asked(shelf(PLAIN).put(value, name)));
}

function requireGoodPin(pin, limits) {
  const fault = pinFault(pin, limits ? limits.pin_digits : undefined);
  if (fault) throw new WeakPin(fault);
}

async function begin(lock, key, { limits, stream, offset = 0, ...identity }) {
  const known = { device: lock.device, limits, stream: { id: stream, made: 0 }, offset, [GENERATION]: newId() };
  const record = await sealedRecord(key, lock.device, ["identity", 1, identity]);
  await transact("readwrite", async (shelf) => {
    await putLock(shelf, lock);
    Object.entries(known).forEach(([name, value]) => shelf(PLAIN).put(value, name));
    shelf(SEALED).put(record);
  });
  open = { key, device: lock.device, mark: lock.mark };
}

async function isToBeKept() {
  return Boolean(navigator.storage && navigator.storage.persist && (await navigator.storage.persist()));
}

async function counted() {
  const lock = await triedLock();
  if (lock.wrong > lock.most) await giveUp();
  return lock;
}

async function judged(found, lock) {
  if (found) return found;
  if (lock.wrong >= lock.most) await giveUp();
  throw new WrongPin(lock.most - lock.wrong);
}

async function giveUp() {
  await empty();
  throw new Emptied();
}

function opened() {
  if (open === null) throw new Locked();
  return open;
}

function forget() {
  open = null;
  forgetAll();
}

async function valuesOf(shelf, names) {
  const found = await Promise.all(names.map((name) => asked(shelf.get(name))));
  return Object.fromEntries(names.map((name, at) => [name, found[at] === undefined ? null : found[at]]));
}

async function keep(shelf, sealed, values) {
  const before = await asked(shelf(PLAIN).get(GENERATION));
  const after = newId();
  shelf(PLAIN).put(after, GENERATION);
  values.forEach(([name, value]) => shelf(PLAIN).put(value, name));
  sealed.forEach((one) => (one.sealed ? shelf(SEALED).put(one) : shelf(SEALED).delete([one.kind, one.id])));
  return { before, after };
}

/** Without a generation nothing is remembered, in no tab, until there is room for one again. */
async function remove(records) {
  const { mark } = opened();
  await transact("readwrite", async (shelf) => {
    await requireMark(shelf, mark);
    shelf(PLAIN).delete(GENERATION);
    records.forEach(([kind, id]) => shelf(SEALED).delete([kind, id]));
  });
}

async function sealedRecord(key, device, [kind, id, value]) {
  return value === null ? { kind, id } : { kind, id, ...(await seal(key, [kind, id, device], packed(value))) };
}

async function read(key, device, record) {
  const buffer = await unseal(key, [record.kind, record.id, device], record);
  return buffer && frozen(unpacked(buffer));
}

function ofKind(kind) {
  return IDBKeyRange.bound([kind], [kind, []]);
}

async function readAll(kind, generation, { key, device }, records) {
  const found = await Promise.all(records.map(async (one) => [one.id, await read(key, device, one)]));
  const whole = found.filter(([, value]) => value !== null);
  if (whole.length < found.length) await noted(DAMAGED);
  const values = new Map(whole);
  if (opened().key === key) remember(kind, generation, values);
  return values;
}
