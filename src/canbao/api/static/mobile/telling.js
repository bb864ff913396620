/** What the app says of itself: what it is doing, what came of it, what went wrong, and what waits. */

import { html, button, notice } from "./drawing.js";
import { noted } from "./faults.js";
import { state } from "./state.js";
import { takeUpdate } from "./updating.js";
import { ago, saying } from "./views/words.js";

const STANDS = 5000;
let unsaid = 0;

/**
 * The parts of the app that speak.
 * @param {Object} app
 */
export function telling(app) {
  return {
    run: (busy, what) => run(app, busy, what),
    tell: (problem) => tell(app, problem),
    say: (text) => say(app, text),
    notices: () => notices(app),
    spoken,
    broken: () => broken(app),
  };
}

/** Do something that may take a while or fail; gives what came of it, or `true`, or nothing if it failed and was told. */
async function run(app, busy, what) {
  if (state.busy) return undefined;
  const mine = app.turn();
  Object.assign(state, { busy, problem: "" });
  app.draw();
  try {
    const found = await what();
    return found === undefined ? true : found;
  } catch (problem) {
    if (mine === app.turn()) tell(app, problem);
    return undefined;
  } finally {
    state.busy = "";
    app.draw();
  }
}

/** Tell what went wrong; a store that is locked, or was emptied in another tab, shows its door instead. */
function tell(app, problem) {
  if (problem.name === "Locked") return app.shut();
  if (!problem.says) noted(`page.${problem.name || "unknown"}`);
  state.problem = saying(problem);
  app.draw();
  const shown = document.getElementById("problem");
  if (shown) shown.scrollIntoView({ block: "center" });
  return undefined;
}

/** Say a result; it goes by itself. */
function say(app, text) {
  clearTimeout(unsaid);
  state.said = text;
  app.draw();
  unsaid = setTimeout(() => {
    state.said = "";
    app.draw();
  }, STANDS);
}

/** What is said without a place on the page: results that a screen reader speaks, and that stand for a while. */
function spoken() {
  return html`<div class="spoken" role="status" aria-live="polite">
    ${(state.busy || state.said) && html`<p>${state.busy || state.said}</p>`}
  </div>`;
}

function broken(app) {
  return html`<div class="frame"><header class="top"><h1 id="heading" tabindex="-1">打不开</h1></header>
    <main class="page">${notice("bad", state.problem)}
      ${button({ label: "再试一次", act: app.show, kind: "main" })}
      ${state.identity && button({ label: "回到今天", act: () => app.go("today") })}
    </main></div>`;
}

/** What stands above each page's body: what went wrong; and on the pages of the bottom bar, a new version, and what waits. */
function notices(app) {
  const { problem, standing, hasUpdate } = state;
  const update = () =>
    notice(
      "note",
      "更新后要重新输入 PIN，已记下的都还在。",
      button({ label: "有新版本，点此更新", act: takeUpdate, kind: "link" }),
    );
  return html`
    ${problem && html`<div id="problem" role="alert">${notice("bad", problem)}</div>`}
    ${app.view().tab && html`${standing && notice("bad", standing)}${hasUpdate && update()}${waiting(app)}`}`;
}

function waiting(app) {
  const { progress, contact, offset, syncing } = state;
  if (!progress || !progress.waiting) return null;
  const isAsked = syncing === "asked";
  const says = html`<strong>${progress.waiting} 项待上传</strong>　上次联系：${ago(contact && contact.at, Date.now() + offset)}`;
  return notice(
    "warn",
    says,
    button({ label: isAsked ? "正在上传……" : "现在上传", act: () => app.syncNow(true), kind: "link", off: isAsked }),
  );
}
