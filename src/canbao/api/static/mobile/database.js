/** The browser's database: three shelves, and transactions that are kept as a whole or not at all. */

import { Full } from "./errors.js";

const NAME = "canbao";
const VERSION = 1;
const PATIENCE = 5000;

/** How the store is locked; what holds nothing of a person; and sealed records, of which kind and number are seen. */
export const KEYS = "keys";
export const PLAIN = "plain";
export const SEALED = "sealed";
const SHELVES = [KEYS, PLAIN, SEALED];

let opening = null;
const watchers = [];

/**
 * Tell `watcher` whenever the database has gone: emptied in another tab, or thrown away by the browser.
 * @param {function(): void} watcher
 */
export function whenGone(watcher) {
  watchers.push(watcher);
}

/**
 * One transaction: whatever `work` asks for is kept as a whole, or not at all if it throws or there is no room.
 * Inside of it only requests may be waited for: anything else would end it.
 * @param {"readonly"|"readwrite"} mode
 * @param {function(function(string): IDBObjectStore): (T|Promise<T>)} work is given the shelves by name
 * @returns {Promise<T>} what `work` gives, once it is on the disk
 * @template T
 */
export async function transact(mode, work) {
  const transaction = await begun(mode);
  const ended = endOf(transaction);
  try {
    const found = await work((name) => transaction.objectStore(name));
    await ended;
    return found;
  } catch (error) {
    await abandoned(transaction, ended);
    throw asTold(transaction.error || error);
  }
}

/**
 * What a request gives.
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 * @template T
 */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Delete everything: first what is on the shelves, which no other tab can hinder, then the database itself. */
export async function deleteAll() {
  try {
    await transact("readwrite", (shelf) => SHELVES.forEach((name) => shelf(name).clear()));
  } finally {
    if (opening !== null) close(await opening);
    await deleted();
  }
}

/** A tab that sleeps keeps the database open; it is empty by now, so that we don't wait for the tab for ever. */
function deleted() {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = resolve;
    setTimeout(resolve, PATIENCE);
  });
}

/** `strict` asks for what was written to be on the disk; browsers before 83 don't know the word and always do it. */
async function begun(mode) {
  const database = await opened();
  try {
    return database.transaction(SHELVES, mode, { durability: "strict" });
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    close(database);
    return (await opened()).transaction(SHELVES, mode, { durability: "strict" });
  }
}

function opened() {
  if (opening === null) {
    opening = open();
    opening.catch(() => (opening = null));
  }
  return opening;
}

async function open() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => build(request.result);
  const database = await asked(request).catch((error) => Promise.reject(asTold(error)));
  database.onversionchange = () => gone(database);
  database.onclose = () => gone(database);
  return database;
}

function build(database) {
  database.createObjectStore(KEYS);
  database.createObjectStore(PLAIN);
  database.createObjectStore(SEALED, { keyPath: ["kind", "id"] });
}

function gone(database) {
  close(database);
  watchers.forEach((watcher) => watcher());
}

function close(database) {
  database.close();
  opening = null;
}

function endOf(transaction) {
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  ended.catch(() => {});
  return ended;
}

async function abandoned(transaction, ended) {
  try {
    transaction.abort();
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error; // it has ended already
  }
  await ended.catch(() => {});
}

function asTold(error) {
  return error && error.name === "QuotaExceededError" ? new Full() : error;
}
