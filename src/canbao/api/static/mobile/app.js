/** The app as a whole: its parts put together, and what it listens to. */

import { contacting } from "./contacting.js";
import { idleLock } from "./idle.js";
import { dressed, looks } from "./looks.js";
import { opening } from "./opening.js";
import { paging } from "./paging.js";
import { state } from "./state.js";
import { telling } from "./telling.js";
import { ready, watchUpdates } from "./updating.js";

const SYNC_EVERY = 5 * 60000;

/** What pages are given: the state, and what can be done with the app as a whole. */
const app = { state };
Object.assign(app, paging(app), telling(app), opening(app), contacting(app), looks(app));

async function start() {
  document.getElementById("app").textContent = "";
  await dressed();
  listen();
  await app.shut();
  ready();
}

function listen() {
  watchUpdates(() => {
    state.hasUpdate = true;
    app.draw();
  });
  idleLock(app.lockDelay, app.lock);
  document.addEventListener("visibilitychange", () => document.hidden && app.leave());
  window.addEventListener("scroll", () => app.view().scrolled && app.view().scrolled(app, state.data), {
    passive: true,
  });
  window.addEventListener("unhandledrejection", untold);
  window.addEventListener("online", () => state.identity && app.syncNow(false));
  setInterval(() => state.identity && !document.hidden && app.syncNow(false), SYNC_EVERY);
}

/** What nobody has caught is told on the page, and not to the console, which may be read by others. */
function untold(event) {
  event.preventDefault();
  app.tell(event.reason || {});
}

start();
