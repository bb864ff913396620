/** The list in the order of the walk, by village and street; drawn piece by piece as it is scrolled. */

import { html, button, icon, page, tiles } from "../drawing.js";
import * as work from "../work.js";
import { FILTERS, isSought, streetOf } from "./finding.js";
import { row } from "./rows.js";

const PIECE = 40;
const AHEAD = 1200;

/** All tasks of the phone. */
export const list = {
  tab: "list",
  isReloaded: true,
  async load(app, { filter }) {
    if (!app.state.tasks) await app.refresh();
    const { now, text = "", shown = PIECE } = app.params();
    return { today: await work.today(), filter: now || filter || "open", text, shown };
  },
  leave: async (app, { filter, text, shown }) => void Object.assign(app.params(), { now: filter, text, shown }),
  scrolled(app, data) {
    if (!data.shown) return;
    const isNear = window.innerHeight + window.scrollY > document.documentElement.scrollHeight - AHEAD;
    if (isNear && data.shown < found(app, data).length) more(app, data);
  },
  draw(app, data) {
    const { text, filter } = data;
    const tasks = found(app, data);
    return page(app, {
      title: "名单",
      body: html`
        <div class="search" role="search">${icon("search")}<input type="search" aria-label="查找：姓名、地址、号码后四位" placeholder="姓名、地址、尾号"
          value=${text} onInput=${(event) => changed(app, data, { text: event.target.value })} /></div>
        ${tiles({ name: "filter", legend: "只看", hidden: true, small: true, value: filter, options: filters(app, data), act: (code) => changed(app, data, { filter: code }) })}
        <p class="quiet" role="status">${tasks.length} 户，按路线排列</p>
        ${byVillage(tasks.slice(0, data.shown), app, data.today)}
        ${tasks.length > data.shown && button({ label: `再显示 ${Math.min(PIECE, tasks.length - data.shown)} 户`, act: () => more(app, data) })}`,
    });
  },
};

function found(app, { filter, text, today }) {
  const [, , isMeant] = FILTERS.find(([code]) => code === filter);
  return app.state.tasks.filter((task) => isMeant(task, today) && (!text.trim() || isSought(task, text)));
}

function filters(app, { today }) {
  return FILTERS.map(([code, label, isMeant]) => [
    code,
    html`${label} <small>${app.state.tasks.filter((task) => isMeant(task, today)).length}</small>`,
  ]);
}

function changed(app, data, change) {
  Object.assign(data, change, { shown: PIECE });
  app.draw();
}

function more(app, data) {
  data.shown += PIECE;
  app.draw();
}

/** Headings of villages and streets before the first task of each. */
function byVillage(tasks, app, today) {
  const villages = grouped(tasks, (task) => task.place_name);
  return villages.map(
    ([village, those]) => html`<section class="village" key=${village}>
      <h2>${village}</h2>
      ${grouped(those, streetOf).map(
        ([street, doors]) =>
          html`<h3>${street}</h3><ul class="rows">${doors.map((task) => row(app, task, today))}</ul>`,
      )}
    </section>`,
  );
}

/** Neighbours with the same key, together. */
function grouped(tasks, keyOf) {
  const groups = [];
  for (const task of tasks) {
    const key = keyOf(task);
    const last = groups[groups.length - 1];
    if (last && last[0] === key) last[1].push(task);
    else groups.push([key, [task]]);
  }
  return groups;
}
