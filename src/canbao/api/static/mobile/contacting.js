/** When the app speaks to the server, and what it makes of the answer. */

import { state, top } from "./state.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { saying } from "./views/words.js";

const QUIET_PATIENCE = 6000;
const BOUND = "bound";

/**
 * The parts of the app that speak to the server.
 * @param {Object} app
 */
export function contacting(app) {
  return { syncNow: (isAsked) => syncNow(app, isAsked), askStanding: () => askStanding(app), toldOf };
}

/** Speak to the server; what nobody asked for soon gives up, is told only if it changes something, and holds up nobody. */
async function syncNow(app, isAsked) {
  const onProgress = (steps) => Object.assign(state, { steps }) && app.draw();
  const mine = isAsked ? "asked" : "quiet";
  if (state.syncing === "asked" || (!isAsked && (state.syncing || !navigator.onLine))) return;
  state.syncing = mine;
  app.draw();
  try {
    await synced(app, await sync.sync(isAsked ? { onProgress } : { patience: QUIET_PATIENCE }), isAsked);
  } catch (problem) {
    await refused(app, problem, isAsked);
  } finally {
    if (state.syncing === mine) Object.assign(state, { syncing: "", steps: null });
    app.draw();
  }
}

async function synced(app, result, isAsked) {
  const condition = await store.condition();
  if (condition === "fresh") return app.emptied("这部手机上的资料已经按规定清空。");
  if (condition !== "open") return undefined;
  await app.meet();
  if (isStopped(result)) await askStanding(app);
  else state.standing = "";
  if (top().name === "alone") return app.opened();
  state.synced = result;
  await app.reload();
  if (isAsked || result.disputes || takenBack(result).length) app.say(toldOf(result));
  return undefined;
}

/** Ask the server about this phone, if it can be reached: it may have been revoked, replaced, or be out of date. */
async function askStanding(app) {
  try {
    const { state: found, says } = await sync.standing();
    if ((await store.condition()) === "fresh") return app.emptied(says);
    state.standing = found === BOUND ? "" : says;
    return app.draw();
  } catch (problem) {
    return undefined; // without a network the phone goes on with what it knew
  }
}

/** What a run with the server came to. */
function toldOf(result) {
  const { sent, received, disputes } = result;
  const gone = takenBack(result).length;
  return `${isStopped(result) ? "没有全部送出" : "同步完成"}：送出 ${sent} 项，收到 ${received} 户${gone ? `，收回 ${gone} 户` : ""}${disputes ? `，有争议 ${disputes} 项` : ""}`;
}

/**
 * Whether a run left something on a phone that is not this surveyor's any more: it could not be sent.
 * @param {{state: string}} result of a run
 */
export function isStopped({ state: found }) {
  return found !== BOUND;
}

/**
 * The tasks that a run took away; one that goes because its form has arrived is none of them.
 * @param {{news: Object[]}} result of a run
 */
export function takenBack({ news }) {
  return news.filter(({ why }) => why !== "done");
}

async function refused(app, problem, isAsked) {
  const condition = await store.condition();
  if (condition === "fresh") return app.emptied(saying(problem));
  return isAsked && condition === "open" ? app.tell(problem) : undefined;
}
