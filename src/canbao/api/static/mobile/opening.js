/** Opening and locking: what is read when the PIN was right, and what is forgotten afterwards. */

import { forget, state } from "./state.js";
import * as store from "./store.js";
import * as work from "./work.js";

const LOCK_SECONDS = 120;
const PATIENCE = 2000;

/**
 * The parts of the app that open and lock it.
 * @param {Object} app
 */
export function opening(app) {
  return {
    opened: () => opened(app),
    shut: () => shut(app),
    lock: () => lock(app),
    emptied: (says) => emptied(app, says),
    meet,
    refresh,
    lockDelay,
  };
}

/** The store is open: show the day, and speak to the server if it can be reached. */
async function opened(app) {
  await meet();
  const { days, most } = await work.daysAlone();
  await app.begin(days > most ? "alone" : "today");
  app.syncNow(false);
}

/** Read what all pages know. */
async function meet() {
  state.law = await store.plain("law");
  state.limits = await store.plain("limits");
  state.identity = await store.get("identity", 1);
  await refresh();
}

/** Read anew what stands on several pages; nothing is taken in if the app was locked meanwhile. */
async function refresh() {
  const [tasks, progress] = [await work.tasks(), await work.progress()];
  const [contact, offset] = [await store.plain("contact"), (await store.plain("offset")) || 0];
  if (state.identity) Object.assign(state, { tasks, progress, contact, offset });
}

/** Lock: keep what is being typed, and forget everything that is known of anybody. */
async function lock(app) {
  if ((await store.condition()) !== "open") return;
  await Promise.race([app.leave(), new Promise((done) => setTimeout(done, PATIENCE))]);
  await store.lock();
  await shut(app);
}

/** Show the door, and nothing else. */
async function shut(app) {
  forget();
  app.clear();
  await app.begin((await store.condition()) === "fresh" ? "welcome" : "lock");
  return false;
}

/** Nothing is left on this phone; `says` tells why. */
async function emptied(app, says) {
  forget();
  app.clear();
  await app.begin("welcome", { says });
}

/** After how many seconds without a touch the app locks: the law's, or fewer if the surveyor wants. */
function lockDelay() {
  const limit = (state.limits && state.limits.lock_seconds) || LOCK_SECONDS;
  return Math.min(limit, state.preferences.lock || limit);
}
