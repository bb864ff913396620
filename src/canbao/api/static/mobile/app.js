/** The app as a whole: one state, one way to draw it, which page is open, and when it locks. */

import { render } from "./vendor/preact/preact.module.js";
import { html, button, notice } from "./drawing.js";
import { idleLock } from "./idle.js";
import { History } from "./pages_behind.js";
import { noted } from "./faults.js";
import { ready, takeUpdate, watchUpdates } from "./updating.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import * as work from "./work.js";
import { ago, saying } from "./views/words.js";
import { VIEWS } from "./views/all.js";

const QUIET_PATIENCE = 6000;
const SYNC_EVERY = 5 * 60000;
const LOCK_SECONDS = 120;
const PREFERENCES = { type: "normal", theme: "auto", hand: "right", form: "scroll", lock: 0, position: true };

/** Everything that is drawn; what is known of people is in `data` of the open page and in `tasks`, gone when locked. */
const state = {
  pages: [{ name: "opening", params: {}, scroll: 0 }],
  data: {},
  preferences: { ...PREFERENCES },
  law: null,
  limits: null,
  identity: null,
  progress: null,
  contact: null,
  offset: 0,
  tasks: null,
  synced: null,
  busy: "",
  syncing: "",
  steps: null,
  said: "",
  problem: "",
  standing: "",
  hasUpdate: false,
};
const root = document.getElementById("app");
const behind = new History((depth) => returnTo(depth));
let turn = 0;

/** What pages are given: the state, and what can be done with the app as a whole. */
export const app = {
  state,
  view: () => VIEWS[top().name],
  params: () => top().params,
  hasBack: () => state.pages.length > 1 && !VIEWS[top().name].tab,
  returnTo,
  back: () => returnTo(state.pages.length - 2),
  go,
  begin,
  draw,
  run,
  say,
  tell,
  refresh,
  reload,
  lock,
  opened,
  emptied,
  prefer,
  syncNow,
  toldOf,
  notices,
};

function top() {
  return state.pages[state.pages.length - 1];
}

/** Open a page on top of this one; a page of the bottom bar stands on its own. */
async function go(name, params = {}) {
  if (!(await leave())) return;
  top().scroll = window.scrollY;
  const page = { name, params, scroll: 0 };
  const first = { name: "today", params: {}, scroll: 0 };
  if (!VIEWS[name].tab) state.pages.push(page);
  else state.pages = name === "today" ? [page] : [first, page];
  await show();
}

/** Open a page from which there is no way back. */
async function begin(name, params = {}) {
  state.pages = [{ name, params, scroll: 0 }];
  await show();
}

async function returnTo(depth) {
  if (depth < 0 || depth >= state.pages.length - 1 || !(await leave())) return behind.be(state.pages.length - 1);
  state.pages.length = depth + 1;
  return show();
}

/** What a page still has to keep is kept before it is left; false if that failed, and the page stays. */
async function leave() {
  const { leave: keep } = app.view();
  try {
    if (keep) await keep(app, state.data);
    return true;
  } catch (problem) {
    tell(problem);
    return false;
  }
}

/** Load and draw the page on top, from its heading on. */
async function show() {
  turn += 1;
  behind.be(state.pages.length - 1);
  if (!(await load())) return;
  draw();
  window.scrollTo(0, top().scroll);
  if (app.view().shown) app.view().shown(app, state.data);
  const heading = document.getElementById("heading");
  if (heading) heading.focus({ preventScroll: true });
}

/** The open page's data; false if another page was opened meanwhile. */
async function load() {
  const mine = turn;
  let found;
  try {
    found = { data: app.view().load ? await app.view().load(app, app.params()) : {}, problem: "" };
  } catch (problem) {
    if (problem.name === "Locked") return shut();
    found = { data: { hasFailed: true }, problem: saying(problem) };
  }
  if (mine !== turn) return false;
  Object.assign(state, found);
  return true;
}

/** Load the open page's data anew, where it stands; a page on which something is being written stays as it is. */
async function reload() {
  if (app.view().isReloaded && (await leave())) await load();
  draw();
}

function draw() {
  const body = state.data.hasFailed ? broken() : app.view().draw(app, state.data);
  render(html`${body}${spoken()}`, root);
}

/** What is said without a place on the page: results that a screen reader speaks, and that stand for a while. */
function spoken() {
  return html`<div class="spoken" role="status" aria-live="polite">
    ${(state.busy || state.said) && html`<p>${state.busy || state.said}</p>`}
  </div>`;
}

function broken() {
  return html`<div class="frame"><header class="top"><h1 id="heading" tabindex="-1">打不开</h1></header>
    <main class="page">${notice("bad", state.problem)}
      ${button({ label: "再试一次", act: () => show(), kind: "main" })}
      ${state.identity && button({ label: "回到今天", act: () => go("today") })}
    </main></div>`;
}

/** Do something that may take a while or fail; gives what came of it, or nothing if it failed and was told. */
async function run(busy, what) {
  if (state.busy) return undefined;
  const mine = turn;
  Object.assign(state, { busy, problem: "" });
  draw();
  try {
    return await what();
  } catch (problem) {
    if (mine === turn) tell(problem);
    return undefined;
  } finally {
    state.busy = "";
    draw();
  }
}

/** Tell what went wrong; a store that is locked, or was emptied in another tab, shows its door instead. */
function tell(problem) {
  if (problem.name === "Locked") return shut();
  if (!problem.says) noted(`page.${problem.name || "unknown"}`.toLowerCase().slice(0, 40));
  state.problem = saying(problem);
  draw();
  const shown = document.getElementById("problem");
  if (shown) shown.scrollIntoView({ block: "center" });
  return undefined;
}

async function shut() {
  forget();
  await begin((await store.condition()) === "fresh" ? "welcome" : "lock");
  return false;
}

let unsaid = 0;

/** Say a result; it goes by itself. */
function say(text) {
  clearTimeout(unsaid);
  state.said = text;
  draw();
  unsaid = setTimeout(() => {
    state.said = "";
    draw();
  }, 5000);
}

/** What every page tells above its body: what went wrong, a new version, and what waits to be sent. */
function notices() {
  const { problem, standing, hasUpdate } = state;
  return html`
    ${problem && html`<div id="problem" role="alert">${notice("bad", problem)}</div>`}
    ${app.view().tab && standing && notice("bad", standing)}
    ${app.view().tab && hasUpdate && notice("note", "有新版本。更新后要重新输入PIN，已记下的都还在。", button({ label: "有新版本，点此更新", act: takeUpdate, kind: "link" }))}
    ${app.view().tab && waiting()}`;
}

function waiting() {
  const { progress, contact, offset, syncing } = state;
  if (!progress || !progress.waiting) return null;
  const isAsked = syncing === "asked";
  const says = html`<strong>${progress.waiting} 项待上传</strong>　上次联系：${ago(contact && contact.at, Date.now() + offset)}`;
  return notice("warn", says, button({ label: isAsked ? "正在上传……" : "现在上传", act: () => syncNow(true), kind: "link", off: isAsked }));
}

/** Read anew what stands on several pages; nothing is taken in if the app was locked meanwhile. */
async function refresh() {
  const [tasks, progress] = [await work.tasks(), await work.progress()];
  const [contact, offset] = [await store.plain("contact"), (await store.plain("offset")) || 0];
  if (state.identity) Object.assign(state, { tasks, progress, contact, offset });
}

/** Lock: keep what is being typed, and forget everything that is known of anybody. */
async function lock() {
  if ((await store.condition()) !== "open") return;
  await Promise.race([leave(), new Promise((done) => setTimeout(done, 2000))]);
  turn += 1;
  await store.lock();
  forget();
  await begin("lock");
}

function forget() {
  Object.assign(state, { data: {}, identity: null, progress: null, tasks: null, synced: null, busy: "", said: "", problem: "" });
}

/** The store is open: show the day, and speak to the server if it can be reached. */
async function opened() {
  await meet();
  const { days, most } = await work.daysAlone();
  await begin(days > most ? "alone" : "today");
  syncNow(false);
}

async function meet() {
  state.law = await store.plain("law");
  state.limits = await store.plain("limits");
  state.identity = await store.get("identity", 1);
  await refresh();
}

/** Nothing is left on this phone; `says` tells why. */
async function emptied(says) {
  forget();
  await begin("welcome", { says });
}

/** Change how the app looks or behaves on this phone. */
async function prefer(changes) {
  Object.assign(state.preferences, changes);
  dress();
  draw();
  await store.setPlain("preferences", state.preferences);
}

const isDark = window.matchMedia("(prefers-color-scheme: dark)");

function dress() {
  const { type, theme, hand } = state.preferences;
  const look = document.documentElement.dataset;
  look.theme = theme === "dark" || (theme === "auto" && isDark.matches) ? "dark" : "light";
  Object.assign(look, { type, hand });
}

/** Speak to the server; what nobody asked for soon gives up, is told only if it changes something, and holds up nobody. */
async function syncNow(isAsked) {
  const manner = isAsked ? { onProgress } : { patience: QUIET_PATIENCE };
  const mine = isAsked ? "asked" : "quiet";
  if (state.syncing === "asked" || (!isAsked && (state.syncing || !navigator.onLine))) return;
  state.syncing = mine;
  draw();
  try {
    await synced(await sync.sync(manner), isAsked);
  } catch (problem) {
    await refused(problem, isAsked);
  } finally {
    if (state.syncing === mine) Object.assign(state, { syncing: "", steps: null });
    draw();
  }
}

function onProgress(progress) {
  state.steps = progress;
  draw();
}

async function synced(result, isAsked) {
  if ((await store.condition()) === "fresh") return emptied("这部手机上的资料已经按规定清空。");
  if ((await store.condition()) !== "open") return undefined;
  await meet();
  if (top().name === "alone") return opened();
  state.synced = result;
  await reload();
  if (isAsked || result.disputes || result.news.some((one) => one.why !== "done")) say(toldOf(result));
  return undefined;
}

/** What a run with the server came to; a task that goes because its form arrived is not one that was taken back. */
function toldOf({ sent, received, news, disputes }) {
  const gone = news.filter((one) => one.why !== "done").length;
  return `同步完成：送出 ${sent} 项，收到 ${received} 户${gone ? `，收回 ${gone} 户` : ""}${disputes ? `，有争议 ${disputes} 项` : ""}`;
}

async function refused(problem, isAsked) {
  if ((await store.condition()) === "fresh") return emptied(saying(problem));
  if (isAsked && (await store.condition()) === "open") tell(problem);
  return undefined;
}

async function start() {
  root.textContent = "";
  state.preferences = { ...PREFERENCES, ...((await store.plain("preferences")) || {}) };
  dress();
  isDark.addListener(dress);
  watchUpdates(() => {
    state.hasUpdate = true;
    draw();
  });
  idleLock(() => lockDelay(), lock);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  window.addEventListener("scroll", () => app.view().scrolled && app.view().scrolled(app, state.data), { passive: true });
  window.addEventListener("online", () => state.identity && syncNow(false));
  setInterval(() => state.identity && !document.hidden && syncNow(false), SYNC_EVERY);
  await begin((await store.condition()) === "fresh" ? "welcome" : "lock");
  ready();
}

/** After how many seconds without a touch the app locks: the law's, or fewer if the surveyor wants. */
function lockDelay() {
  const limit = (state.limits && state.limits.lock_seconds) || LOCK_SECONDS;
  return Math.min(limit, state.preferences.lock || limit);
}

start();
