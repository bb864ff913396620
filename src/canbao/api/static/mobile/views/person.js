/** One person: who and where, what has been done, why the form came back, and what to do next. */

import { html, button, facts, icon, notice, page, part } from "../drawing.js";
import { addressOf } from "../streets.js";
import * as work from "../work.js";
import { isOpen } from "./finding.js";
import { campaignOf, formOf } from "./forms.js";
import { tags } from "./rows.js";
import { age, dayWord, label, masked, moment } from "./words.js";

/** A person's page. */
export const person = {
  isReloaded: true,
  async load(app, { id }) {
    const task = await work.task(id);
    if (task === null) return { task };
    const draft = await work.draft(id);
    const [form, campaign, today] = [await formOf(task), await campaignOf(task), await work.today()];
    return { task, draft: draft && !draft.is_handed_in ? draft : null, form, campaign, today, isWhole: false };
  },
  draw(app, data) {
    const { task, today, campaign } = data;
    if (task === null) return gone(app);
    return page(app, {
      title: task.person.name || "姓名不详",
      under: html`<span class="tags">${tags(app, task, today)}</span>`,
      body: html`
        ${campaign && campaign.is_training && notice("note", "培训批次：这个人是编出来的，不进登记库。")}
        ${task.gone && notice("warn", task.gone.says)}
        ${task.dispute && notice("warn", task.dispute)}
        ${task.state === "returned" && whyReturned(app, data)}
        ${nextStep(data)}
        ${whoAndWhere(app, data)}
        ${visitsOf(app, data)}`,
      actions: isOpen(task) && actions(app, data),
    });
  },
};

function gone(app) {
  return page(app, { title: "已不在手里", body: notice("note", "这个任务已经上传、收回或不用再办，手机里不再保存。") });
}

function actions(app, { task, draft }) {
  const open = (name) => () => app.go(name, { id: task.id });
  return html`
    ${button({ label: "记走访", act: open("visit") })}
    ${button({ label: draft ? "接着填表" : "填登记表", icon: "pen", kind: "main", act: open("form") })}`;
}

function nextStep({ task, draft, campaign }) {
  if (!isOpen(task)) return null;
  const needed = campaign ? campaign.attempts : 0;
  if (task.state === "returned") return null;
  if (draft) return notice("note", "有一份没有填完的登记表，已存在手机里。");
  if (needed && task.failed >= needed)
    return notice("note", `已走访 ${task.failed} 次未果，可以按“无法联系或空置”交表。`);
  if (task.failed > 0) return notice("note", `已走访 ${task.failed} 次未果；满 ${needed} 次才能选“人户分离”。`);
  return null;
}

function whyReturned(app, { task, form }) {
  const { reasons = [], words = "", comments = {} } = task.returned_for || {};
  const told = reasons.map((id) => labelOf(app.state.law.survey.returns, id));
  const questions = form ? form.sections.flatMap((section) => section.questions) : [];
  const named = (id) => (questions.find((one) => one.id === id) || { label: id }).label;
  return part(
    "为什么退回",
    notice("bad", html`<strong>${told.join("、") || "请看意见"}</strong>${words && html`<p>${words}</p>`}`),
    facts(Object.entries(comments).map(([id, says]) => [named(id), says])),
  );
}

function labelOf(list, id) {
  return (list.find((one) => one.id === id) || { label: id }).label;
}

function whoAndWhere(app, data) {
  const { task, campaign, today } = data;
  const { person: who } = task;
  const { law } = app.state;
  const hasTwo = who.residence_address && who.hukou_address && who.residence_address !== who.hukou_address;
  return part(
    "本人",
    facts([
      ["地址", addressOf(task)],
      ["户口地址", hasTwo ? who.hukou_address : ""],
      ["村居", task.place_name],
      [
        "电话",
        who.mobile &&
          html`<a class="button plain call" href="tel:${who.mobile}">${icon("phone")}<span>拨打 ${who.mobile}</span></a>`,
      ],
      ["性别和年龄", [label(law, "sex", who.sex), age(who.birth_date, today)].filter(Boolean).join("，")],
      [
        "号码",
        who.ssn &&
          html`${data.isWhole ? who.ssn : masked(who.ssn)} ${button({ label: data.isWhole ? "遮住" : "显示完整", kind: "link", act: () => flip(app, data) })}`,
      ],
      ["列入名单的原因", task.reason ? label(law, "uninsured_reason", task.reason) : "资料里没有参保记录"],
      ["调查批次", campaign && campaign.name],
      ["批次电话", campaign && campaign.phone],
    ]),
    button({ label: "签名和照片", icon: "camera", act: () => app.go("pictures", { id: task.id }) }),
  );
}

function flip(app, data) {
  data.isWhole = !data.isWhole;
  app.draw();
}

function visitsOf(app, { task, today }) {
  const { law } = app.state;
  const told = (one) => [
    label(law, "survey_way", one.way),
    label(law, "survey_outcome", one.outcome),
    one.next_on && `约${dayWord(one.next_on, today)}`,
    one.note,
  ];
  const rows = [...task.visits]
    .reverse()
    .map((one) => html`<li><b>${moment(one.at)}</b>　${told(one).filter(Boolean).join("，")}</li>`);
  return part(
    "走访记录",
    rows.length ? html`<ol class="plainlist">${rows}</ol>` : html`<p class="quiet">还没有走访过。</p>`,
  );
}
