/** Which page is open, how one comes to another and back, and when it is drawn. */

import { render } from "./vendor/preact/preact.module.js";
import { html } from "./drawing.js";
import { History } from "./pages_behind.js";
import { state, top } from "./state.js";
import { VIEWS } from "./views/all.js";
import { saying } from "./views/words.js";

const root = document.getElementById("app");
let behind = null;
let turn = 0;
let loaded = 0;

/**
 * The parts of the app that open and draw pages.
 * @param {Object} app
 */
export function paging(app) {
  behind = new History((depth) => returnTo(app, depth));
  return {
    view: () => VIEWS[top().name],
    params: () => top().params,
    turn: () => turn,
    hasBack: () => state.pages.length > 1 && !VIEWS[top().name].tab,
    back: () => returnTo(app, state.pages.length - 2),
    returnTo: (depth) => returnTo(app, depth),
    go: (name, params) => go(app, name, params),
    begin: (name, params) => begin(app, name, params),
    show: () => show(app),
    reload: () => reload(app),
    leave: () => leave(app),
    draw: () => draw(app),
    clear,
  };
}

/** Open a page on top of this one; a page of the bottom bar stands on its own. */
async function go(app, name, params = {}) {
  if (!(await leave(app))) return;
  top().scroll = window.scrollY;
  const page = { name, params, scroll: 0 };
  const first = { name: "today", params: {}, scroll: 0 };
  if (!VIEWS[name].tab) state.pages.push(page);
  else state.pages = name === "today" ? [page] : [first, page];
  await show(app);
}

/** Open a page from which there is no way back. */
async function begin(app, name, params = {}) {
  state.pages = [{ name, params, scroll: 0 }];
  await show(app);
}

/** Go back to the page before which so many lie. */
async function returnTo(app, depth) {
  if (depth < 0 || depth >= state.pages.length - 1 || !(await leave(app))) return behind.be(state.pages.length - 1);
  state.pages.length = depth + 1;
  return show(app);
}

/** What a page still has to keep is kept before it is left; false if that failed, and the page stays. */
async function leave(app) {
  const { leave: keep } = app.view();
  try {
    if (keep) await keep(app, state.data);
    return true;
  } catch (problem) {
    app.tell(problem);
    return false;
  }
}

/** Load and draw the page on top, from its heading on. */
async function show(app) {
  turn += 1;
  behind.be(state.pages.length - 1);
  if (!(await load(app))) return;
  draw(app);
  window.scrollTo(0, top().scroll);
  if (app.view().shown) app.view().shown(app, state.data);
  const heading = document.getElementById("heading");
  if (heading) heading.focus({ preventScroll: true });
}

/** The open page's data; false if another page was opened meanwhile. */
async function load(app) {
  const mine = turn;
  let found;
  try {
    found = { data: app.view().load ? await app.view().load(app, app.params()) : {}, problem: "" };
  } catch (problem) {
    if (problem.name === "Locked") return app.shut();
    found = { data: { hasFailed: true }, problem: saying(problem) };
  }
  if (mine !== turn) return false;
  loaded = mine;
  Object.assign(state, found);
  return true;
}

/** Load the open page's data anew, where it stands; a page on which something is being written stays as it is. */
async function reload(app) {
  if (app.view().isReloaded && (await leave(app))) await load(app);
  draw(app);
}

/** Draw the open page, once its data are there. */
function draw(app) {
  if (loaded !== turn) return;
  const body = state.data.hasFailed ? app.broken() : app.view().draw(app, state.data);
  render(html`${body}${app.spoken()}`, root);
}

/** Take everything from the screen, till the next page is drawn. */
function clear() {
  turn += 1;
  render(null, root);
}
