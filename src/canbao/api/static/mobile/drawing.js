/** What every page is drawn with: Preact through htm, and the few parts that all pages share. */

import { h } from "./vendor/preact/preact.module.js";
import htm from "./vendor/htm/htm.module.js";

/** Tagged template that makes what Preact draws. */
export const html = htm.bind(h);

/** Labels up to this many characters stand two in a row. */
const SHORT = 10;

const ICONS = {
  today: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4",
  list: "M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1",
  line: "M7 20V5M3.5 8.5 7 5l3.5 3.5M17 4v15M13.5 15.5 17 19l3.5-3.5",
  guide: "M12 6c-2-1.6-5-2-8-2v14c3 0 6 .4 8 2 2-1.6 5-2 8-2V4c-3 0-6 .4-8 2zM12 6v14",
  more: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h16",
  back: "M14 5l-7 7 7 7",
  next: "M10 5l7 7-7 7",
  good: "M4 12l5 5L20 6",
  bad: "M12 7v6M12 17h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  warn: "M12 9v5M12 17h.01M12 3 2.5 20h19z",
  note: "M12 11v6M12 7h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z",
  pen: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  walk: "M12 21s-7-6-7-11a7 7 0 0 1 14 0c0 5-7 11-7 11zM12 7v6M9 10h6",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  erase: "M20 6H9l-6 6 6 6h11zM12 9.5l5 5M17 9.5l-5 5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM20 20l-5-5",
};

/**
 * A picture beside words; it says nothing of its own to a screen reader.
 * @param {string} name one of ICONS
 */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${ICONS[name]} /></svg>`;
}

/**
 * A button: `kind` is "main", "plain", "danger" or "link".
 * @param {{label: string, act: function, kind?: string, icon?: string, off?: boolean, says?: string}} said
 */
export function button({ label, act, kind = "plain", icon: picture, off = false, says }) {
  return html`<button type="button" class="button ${kind}" onClick=${act} disabled=${off} aria-label=${says}>
    ${picture && icon(picture)}<span>${label}</span>
  </button>`;
}

/**
 * Something to notice; its weight is said by a picture and a word, not by colour alone.
 * @param {"bad"|"warn"|"good"|"note"} weight
 * @param {*} says
 * @param {*} [more] a button, drawn below
 */
export function notice(weight, says, more) {
  return html`<div class="notice ${weight}">${icon(weight)}<div class="grow"><div>${says}</div>${more}</div></div>`;
}

/**
 * One line to type into.
 * @param {{id: string, label: string, value: string, type?: function, change?: function, hint?: string, more?: Object}} said
 *   `more` are attributes of the input
 */
export function line({ id, label, value, type, change, hint, more }) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${hint && html`<p class="quiet" id="${id}-hint">${hint}</p>`}
    <input
      id=${id} value=${value || ""} autocomplete="off" aria-describedby=${hint ? `${id}-hint` : null}
      onInput=${(event) => type && type(event.target.value)} onChange=${(event) => change && change(event.target.value)}
      ...${more || {}}
    />
  </div>`;
}

/**
 * Several lines to type into.
 * @param {{id: string, label: string, value: string, type: function, change?: function, longest?: number}} said
 */
export function lines({ id, label, value, type, change, longest = 200 }) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <textarea
      id=${id} rows="2" maxlength=${longest} value=${value || ""}
      onInput=${(event) => type(event.target.value)} onChange=${(event) => change && change(event.target.value)}
    ></textarea>
  </div>`;
}

/**
 * A choice as large tiles, or as chips if `small`.
 * @param {{name: string, legend: *, options: string[][], value: string, act: function, small?: boolean,
 *   hidden?: boolean, told?: string}} said options are [code, label]; `told` is the id of what is said about it
 */
export function tiles({ name, legend, options, value, act, small = false, hidden = false, told }) {
  const isTall = options.some(([, label]) => label.length > SHORT);
  return html`<fieldset class=${small ? "chips" : `tiles ${isTall ? "tall" : ""}`} aria-describedby=${told}>
    <legend class=${hidden ? "unseen" : ""}>${legend}</legend>
    <div class="choices">
      ${options.map(
        ([code, label]) => html`<label class="tile" key=${code}>
          <input type="radio" name=${name} value=${code} checked=${value === code} onChange=${() => act(code)} />
          <span>${label}</span>
        </label>`,
      )}
    </div>
  </fieldset>`;
}

/**
 * A block of a page under its heading.
 * @param {string} title
 * @param {...*} body
 */
export function part(title, ...body) {
  return html`<section class="part"><h2>${title}</h2>${body}</section>`;
}

/**
 * Names with what they mean; rows without a value are left out.
 * @param {Array<[string, *]>} rows
 */
export function facts(rows) {
  const told = rows.filter(([, value]) => value);
  return html`<dl class="facts">${told.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/**
 * A page of the app: heading, body, and what can be done in the reach of the thumb.
 * @param {Object} app
 * @param {{title: string, under?: *, body: *, actions?: *}} said
 */
export function page(app, { title, under, body, actions }) {
  const view = app.view();
  return html`<div class="frame">
    <header class="top"><h1 id="heading" tabindex="-1">${title}</h1>${under && html`<p class="quiet">${under}</p>`}</header>
    <main class="page">${app.notices()}${body}</main>
    <footer class="bottom">
      ${(actions || app.hasBack()) && html`<div class="actions">${app.hasBack() && backButton(app)}${actions}</div>`}
      ${view.tab && tabs(app, view.tab)}
    </footer>
  </div>`;
}

const TABS = [
  ["today", "今天"],
  ["list", "名单"],
  ["line", "同步"],
  ["guide", "指南"],
  ["more", "更多"],
];

function tabs(app, current) {
  return html`<nav class="tabs" aria-label="主要页面">
    ${TABS.map(
      ([name, label]) => html`<button
        type="button" key=${name} aria-current=${name === current ? "page" : null} onClick=${() => app.go(name)}
      >${icon(name)}<span>${label}</span></button>`,
    )}
  </nav>`;
}

function backButton(app) {
  return html`<button type="button" class="button plain back" onClick=${app.back}>${icon("back")}<span>返回</span></button>`;
}
