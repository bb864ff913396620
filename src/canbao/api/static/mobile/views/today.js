/** The day at a glance: how far along, who is to be seen, what came back, what has to be decided. */

import { html, button, notice, page, part } from "../drawing.js";
import * as work from "../work.js";
import { isDue, isOpen } from "./finding.js";
import { row } from "./rows.js";
import { longDay } from "./words.js";

const NEXT = 3;
const CLOCK_WRONG = 5 * 60000;

/** The home page. */
export const today = {
  tab: "today",
  isReloaded: true,
  async load(app) {
    await app.refresh();
    return { today: await work.today(), skew: (await work.now()) - Date.now(), disputes: await work.disputes() };
  },
  draw(app, { today: day, skew, disputes }) {
    const open = app.state.tasks.filter(isOpen);
    const due = open.filter((task) => isDue(task, day));
    const returned = open.filter((task) => task.state === "returned");
    const next = open.filter((task) => !due.includes(task) && !(task.next_on > day)).slice(0, NEXT);
    return page(app, {
      title: longDay(day),
      under: greeting(app.state.identity),
      body: html`
        ${Math.abs(skew) > CLOCK_WRONG && notice("warn", `手机的时间不准，差 ${Math.round(Math.abs(skew) / 60000)} 分钟。登记按更正后的日期：${longDay(day, true)}。`)}
        ${disputes.length > 0 && notice("warn", `${disputes.length} 项有争议，由审核人处理；内容都保留着。`, button({ label: "看一看", kind: "link", act: () => app.go("line") }))}
        ${progressOf(app.state.progress)}
        ${returned.length > 0 && some(app, "退回的，要改", returned, day, "returned")}
        ${due.length > 0 && some(app, "约好今天", due, day, "today")}
        ${next.length > 0 && part("接着走", html`<ul class="rows">${next.map((task) => row(app, task, day))}</ul>`)}
        ${open.length === 0 && notice("good", app.state.tasks.length ? "名单上的都办完了。" : "名单是空的。请街道（乡镇）经办人分派后，到“同步”页下载。")}`,
    });
  },
};

function greeting(identity) {
  return html`${identity.officer.name}　${identity.officer.place_name}`;
}

function progressOf({ today: done, visits, done: all, left }) {
  return html`<section class="part" aria-label="今天的进度">
    <div class="figures">
      <div><b>${done}</b><span>今天交表</span></div>
      <div><b>${visits}</b><span>今天走访</span></div>
      <div><b>${left}</b><span>还要办</span></div>
    </div>
    <progress value=${all} max=${Math.max(1, all + left)} aria-label="共交 ${all} 份，还有 ${left} 户"></progress>
    <p class="quiet">一共交了 ${all} 份</p>
  </section>`;
}

/** The first few of some tasks, and a way to all of them. */
function some(app, title, tasks, day, filter) {
  const first = tasks.slice(0, NEXT);
  const all = button({ label: `全部 ${tasks.length} 户`, kind: "link", act: () => app.go("list", { filter }) });
  return part(
    title,
    html`<ul class="rows">${first.map((task) => row(app, task, day))}</ul>`,
    tasks.length > NEXT && all,
  );
}
