/** What goes to the server and comes from it: what waits, what is disputed, how the line is, what the phone keeps. */

import { html, button, facts, notice, page, part } from "../drawing.js";
import { isStopped, takenBack } from "../contacting.js";
import { APP } from "../release.js";
import * as store from "../store.js";
import * as sync from "../sync.js";
import * as work from "../work.js";
import { notStored } from "./first_use.js";
import { ago, moment, size } from "./words.js";

const KINDS = { visit: "走访", submit: "登记表", draft: "草稿" };
const STATES = { dispute: "有争议，等审核人决定", set_aside: "审核人决定不采用" };
const STEPS = {
  contact: "联系服务器",
  pictures: "送照片",
  parcels: "送登记",
  law: "收规则和指南",
  tasks: "收名单",
};
const FAST = 2000000;
const ENOUGH = 200000;

/** The page of sending and receiving. */
export const line = {
  tab: "line",
  isReloaded: true,
  async load(app) {
    await app.refresh();
    const known = navigator.storage && navigator.storage.estimate ? await navigator.storage.estimate() : {};
    return {
      waiting: await waitingByKind(),
      disputes: await work.disputes(),
      isPersisted: await store.plain("persisted"),
      used: known.usage || 0,
      quota: known.quota || 0,
    };
  },
  draw: (app, data) =>
    page(app, {
      title: "同步",
      body: html`
        ${sending(app, data)}
        ${
          data.disputes.length > 0 &&
          part(
            "有争议的",
            html`<p class="quiet">服务器收到了，但不能直接采用，由审核人处理。内容都保留着，不用重做。</p>`,
            data.disputes.map((one) => dispute(app, one)),
          )
        }
        ${part(
          "线路",
          html`<div aria-live="polite">${app.state.tested && tested(app.state.tested)}</div>`,
          button({ label: "测一测线路", act: () => test(app) }),
          button({ label: "发送诊断", act: () => diagnose(app) }),
          html`<p class="quiet">诊断只有数字和代码，没有居民的信息。</p>`,
        )}
        ${part(
          "本机",
          data.isPersisted ? null : notStored(),
          facts([
            ["长期保存", data.isPersisted ? "浏览器已答应" : "浏览器没有答应"],
            ["已用空间", `${size(data.used)}${data.quota ? `，可用 ${size(data.quota)}` : ""}`],
            ["应用版本", String(APP)],
            ["规则版本", ((app.state.law || {}).law || "").slice(0, 8)],
          ]),
        )}`,
    }),
};

async function waitingByKind() {
  const [pending, pictures] = [await work.pending(), await store.count("picture")];
  const counts = Object.keys(KINDS).map((kind) => [KINDS[kind], pending.filter((one) => one.kind === kind).length]);
  return [...counts, ["照片和签名", pictures]].filter(([, count]) => count > 0);
}

function sending(app, { waiting }) {
  const { syncing, steps, synced, contact, offset } = app.state;
  const isAsked = syncing === "asked";
  const rows = [
    ...waiting.map(([name, count]) => [`待上传：${name}`, `${count} 项`]),
    ["上次联系", ago(contact && contact.at, Date.now() + offset)],
  ];
  return part(
    "送出和收到",
    facts(rows),
    html`<div aria-live="polite">${isAsked ? notice("note", told(steps)) : synced && done(app, synced)}</div>`,
    button({ label: isAsked ? "正在同步……" : "现在同步", kind: "main", off: isAsked, act: () => app.syncNow(true) }),
  );
}

function told(steps) {
  if (!steps) return "正在同步……";
  const { step, done: so, of } = steps;
  return `${STEPS[step] || "正在同步"}${of ? `：${so} / ${of}` : "……"}`;
}

function done(app, synced) {
  const says = app.toldOf(synced);
  const reasons = Array.from(new Set(takenBack(synced).map((one) => one.says)));
  return notice(
    isStopped(synced) ? "warn" : "good",
    html`${says}${reasons.length > 0 && html`<p>收回的原因：${reasons.join("；")}</p>`}`,
  );
}

function dispute(app, one) {
  const task = app.state.tasks.find((each) => each.id === one.task);
  const who = task ? task.person.name : "已收回的任务";
  const seen =
    one.state === "set_aside" && button({ label: "知道了", kind: "link", act: () => acknowledged(app, one) });
  return html`<div key=${one.id}>${notice("warn", html`<strong>${who}　${KINDS[one.kind] || ""}</strong>　${moment(one.at)}<p>${STATES[one.state]}：${one.says}</p>`, seen)}</div>`;
}

async function acknowledged(app, { id }) {
  if (await app.run("", () => work.acknowledge(id))) await app.reload();
}

async function test(app) {
  const found = await app.run("正在测线路……", () => sync.lineTest());
  if (!found) return;
  app.state.tested = found;
  app.draw();
}

function tested({ wait, down, up }) {
  const slowest = Math.min(down, up);
  const [weight, says] =
    slowest >= FAST
      ? ["good", "线路很好。"]
      : slowest >= ENOUGH
        ? ["good", "线路够用。"]
        : ["warn", "线路很慢，能用，请多等一会儿，不要关闭。"];
  return notice(weight, html`${says}<p class="quiet">应答 ${wait} 毫秒；下行 ${rate(down)}，上行 ${rate(up)}</p>`);
}

function rate(bits) {
  return bits >= 1000000 ? `${(bits / 1000000).toFixed(1)} Mbit/s` : `${Math.round(bits / 1000)} kbit/s`;
}

async function diagnose(app) {
  const isDone = await app.run("正在发送……", () => sync.sendDiagnosis());
  if (isDone) app.say("诊断已发送。");
}
