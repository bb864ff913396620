/** The registration form: questions come and go as the answers say, what is wrong is told where it is. */

import { html, button, notice, page, tiles } from "../drawing.js";
import { Refused } from "../errors.js";
import { wouldBe } from "../engine/derived.js";
import { unfinished } from "../engine/form.js";
import * as work from "../work.js";
import { formOf } from "./forms.js";
import { question } from "./questions.js";

const TYPING = 400;
const KEPT = "kept";
const UNKEPT = "unkept";
const WAYS = [
  ["scroll", "一页到底"],
  ["single", "一题一屏"],
];

/** The form of one task. */
export const form = {
  async load(app, params) {
    const task = await work.task(params.id);
    const asked = task && (await formOf(task));
    if (!asked) throw new Refused("wrong", "这份登记表还没有下载，请联网同步一次");
    const written = await begun(task);
    const today = await work.today();
    params.began = params.began || Date.now();
    const data = {
      task,
      form: asked,
      today,
      ...written,
      began: params.began,
      at: params.at || 0,
      judgings: 0,
      touched: new Set(),
      pause: 0,
      keeping: Promise.resolve(),
      isSure: false,
      isTried: false,
    };
    data.isDayOwn = Boolean(data.answers.surveyed_on);
    if (!data.isDayOwn) data.answers.surveyed_on = today;
    if (params.isSigned) answer(data, "signed", "1");
    await judge(app, data);
    return data;
  },
  async leave(app, data) {
    if (!data.task) return;
    app.params().at = data.at;
    await keep(data);
  },
  draw(app, data) {
    const open = gaps(data);
    return page(app, {
      title: data.task.person.name || "登记表",
      under: html`登记表　<span role="status">${open.length ? `还差 ${open.length} 处` : "可以提交"}${data.draft === KEPT ? "，草稿已存" : ""}</span>`,
      body: html`
        ${tiles({ name: "way", legend: "怎样填", hidden: true, small: true, options: WAYS, value: app.state.preferences.form, act: (code) => app.prefer({ form: code }) })}
        ${isSingle(app) ? single(app, data) : sections(app, data)}
        ${data.isSure && notice("note", "提交以后不能自己改。请核对无误，再点“确认提交”。")}`,
      actions: isSingle(app) ? steps(app, data) : submitButton(app, data),
    });
  },
};

/** What was written before: on this phone or another one, in the form that came back, or known to the register. */
async function begun(task) {
  const own = await work.draft(task.id);
  if (own && !own.is_handed_in) return { answers: { ...own.answers }, reasons: { ...own.reasons }, draft: KEPT };
  return { answers: { ...task.prefill, ...task.answers }, reasons: {}, draft: "" };
}

function isSingle(app) {
  return app.state.preferences.form === "single";
}

function asked(data) {
  const all = data.form.sections.flatMap((section) =>
    section.questions.map((one) => ({ ...one, section: section.label })),
  );
  return all.filter((one) => data.judged.asked.has(one.id));
}

/** Everything that keeps the form from being handed in, in the order of the questions. */
function gaps({ judged, reasons, form: { sections: all } }) {
  const order = all.flatMap((section) => section.questions.map((one) => one.id));
  const place = (one) => order.indexOf(one.question);
  return unfinished(judged.found, reasons).sort((one, other) => place(one) - place(other));
}

function sections(app, data) {
  const parts = data.form.sections.map((section) => [
    section,
    section.questions.filter((one) => data.judged.asked.has(one.id)),
  ]);
  return parts
    .filter(([, questions]) => questions.length)
    .map(
      ([section, questions]) => html`<section class="part" key=${section.id}>
      <h2>${section.label}</h2>${questions.map((one) => question(app, data, one, acts(app, data)))}
    </section>`,
    );
}

function single(app, data) {
  const all = asked(data);
  data.at = Math.min(data.at, all.length - 1);
  const one = all[data.at];
  return html`<section class="part alone" key=${one.id}>
    <h2>${one.section}　<small>第 ${data.at + 1} 题，共 ${all.length} 题</small></h2>
    <progress value=${data.at + 1} max=${all.length} aria-label="第 ${data.at + 1} 题，共 ${all.length} 题"></progress>
    ${question(app, data, one, acts(app, data))}
  </section>`;
}

function steps(app, data) {
  const last = asked(data).length - 1;
  return html`
    ${button({ label: "上一题", act: () => step(app, data, -1), off: data.at === 0 })}
    ${data.at < last ? button({ label: "下一题", kind: "main", act: () => step(app, data, 1) }) : submitButton(app, data)}`;
}

function step(app, data, by) {
  data.at += by;
  app.draw();
  show(asked(data)[data.at].id);
}

function submitButton(app, data) {
  return button({ label: data.isSure ? "确认提交" : "提交", kind: "main", act: () => handIn(app, data) });
}

function acts(app, data) {
  return {
    choose: (id, value) => answer(data, id, value) && settled(app, data),
    type: (id, value) => answer(data, id, value) && typed(app, data),
    reason: (rule, words) => write(data, { reasons: { ...data.reasons, [rule]: words } }) && typed(app, data),
    settle: () => data.pause && settled(app, data),
    sign: () => app.go("pictures", { id: data.task.id, isOfForm: true }),
  };
}

function answer(data, id, value) {
  if (id === "surveyed_on") data.isDayOwn = true;
  data.touched.add(id);
  return write(data, { answers: { ...data.answers, [id]: value } });
}

function write(data, changes) {
  return Object.assign(data, changes, { draft: UNKEPT, isSure: false });
}

/** What is typed is drawn at once, and judged and kept when the typing pauses or the field is left. */
function typed(app, data) {
  app.draw();
  clearTimeout(data.pause);
  data.pause = setTimeout(() => settled(app, data), TYPING);
}

async function settled(app, data) {
  clearTimeout(data.pause);
  data.pause = 0;
  app.draw();
  await judge(app, data);
  if (app.state.data === data) app.draw();
  await keep(data).catch((problem) => app.tell(problem));
  if (app.state.data === data) app.draw();
}

/** The latest judgement counts, whichever comes last. */
async function judge(app, data) {
  const mine = (data.judgings += 1);
  const judged = await work.judge(data.task, data.answers);
  if (mine !== data.judgings) return;
  data.judged = judged;
  data.outcomes = wouldBe(app.state.law, data.task.person, judged.answers, data.today);
}

/** Keep what is not kept yet, one after the other: whoever leaves the page waits for what is on its way. */
function keep(data) {
  data.keeping = data.keeping.catch(() => {}).then(() => keepNow(data));
  return data.keeping;
}

/** A day that nobody chose is not kept, for the draft may be finished on another one. */
async function keepNow(data) {
  const { answers, reasons } = data;
  const { surveyed_on: day, ...others } = answers;
  if (data.draft !== UNKEPT) return;
  await work.saveDraft(data.task.id, data.isDayOwn ? answers : others, reasons);
  if (answers === data.answers && reasons === data.reasons) data.draft = KEPT;
}

async function handIn(app, data) {
  data.isTried = true;
  await judge(app, data);
  const [first] = gaps(data);
  if (first) return toFirst(app, data, first);
  if (!data.isSure) return sure(app, data);
  const isDone = await app.run("正在保存……", () => handedIn(app, data));
  if (!isDone) return undefined;
  await app.refresh();
  app.say("已交。有网络时自动上传。");
  await app.returnTo(Math.max(0, app.state.pages.length - 3));
  return app.syncNow(false);
}

function sure(app, data) {
  data.isSure = true;
  app.say("请核对，再点“确认提交”");
  window.scrollTo(0, document.documentElement.scrollHeight);
}

async function handedIn(app, data) {
  try {
    await work.submit(
      data.task.id,
      data.answers,
      data.reasons,
      (Date.now() - data.began) / 1000,
      data.isDayOwn,
      data.task.entries,
    );
    data.draft = KEPT;
    return true;
  } catch (problem) {
    if (problem.name !== "Unfinished") throw problem;
    data.judged = { ...data.judged, found: problem.found };
    toFirst(app, data, problem.found[0]);
    return false;
  }
}

function toFirst(app, data, { question: id, says }) {
  const at = asked(data).findIndex((one) => one.id === id);
  if (at >= 0) data.at = at;
  app.say(`还差 ${gaps(data).length} 处：${says}`);
  show(id);
}

/** Bring a question into sight and its first control into focus. */
function show(id) {
  const place = document.getElementById(`question-${id}`);
  if (!place) return;
  place.scrollIntoView({ block: "center" });
  const first = place.querySelector("input:checked") || place.querySelector("input, select, textarea");
  if (first) first.focus({ preventScroll: true });
}
