/** One question of the form: its control, what a reviewer said, what is wrong, and what would be registered. */

import { html, button, lines, notice, tiles } from "../drawing.js";
import { label } from "./words.js";

const MOST_TILES = 9;
const LONG = 60;
const TYPES = { day: "date", mobile: "tel", phone: "tel" };

/**
 * A question as it stands.
 * @param {Object} app
 * @param {Object} data of the form's page
 * @param {Object} one the question
 * @param {{choose: function, type: function, reason: function, settle: function, sign: function}} acts
 */
export function question(app, data, one, acts) {
  const found = data.judged.found.filter((each) => each.question === one.id);
  const isBegun = data.isTried || data.touched.has(one.id);
  const told = found.filter((each) => isBegun || (data.answers[one.id] && each.rule !== "needed"));
  const comment = ((data.task.returned_for || {}).comments || {})[one.id];
  return html`<div class="question" id="question-${one.id}" key=${one.id}>
    ${comment && notice("warn", html`<strong>审核意见：</strong>${comment}`)}
    ${control(one, data.answers[one.id] || "", heading(one, found), acts, told)}
    ${one.id === "signed" && button({ label: "在屏幕上签名，或拍照", icon: "pen", act: acts.sign })}
    <div id="found-${one.id}" class="found" aria-live="polite">
      ${told.map((each) => finding(each, data.reasons, acts))}
      ${registered(app, data, one)}
    </div>
  </div>`;
}

function heading(one, found) {
  const isMissing = found.some((each) => each.rule === "needed");
  return html`${one.label}${isMissing && html` <span class="tag needed">必填</span>`}`;
}

function control(one, value, title, acts, told) {
  const isWrong = told.some((each) => each.severity === "block");
  const said = { id: `answer-${one.id}`, told: `found-${one.id}`, isWrong };
  if (one.kind !== "code") return written(one, value, title, acts, said);
  const act = (code) => acts.choose(one.id, code);
  if (one.options.length > MOST_TILES) return select(one, value, title, act, said);
  return tiles({ name: one.id, legend: title, options: one.options, value, act, told: said.told });
}

function select(one, value, title, act, { id, told, isWrong }) {
  return html`<div class="field">
    <label for=${id}>${title}</label>
    <select id=${id} value=${value} aria-describedby=${told} aria-invalid=${isWrong} onChange=${(event) => act(event.target.value)}>
      <option value="">请选择</option>
      ${one.options.map(([code, name]) => html`<option value=${code} selected=${code === value}>${name}</option>`)}
    </select>
  </div>`;
}

function written(one, value, title, acts, { id, told, isWrong }) {
  const isLong = one.kind === "text" && one.longest > LONG;
  const said = {
    id,
    value,
    "aria-describedby": told,
    "aria-invalid": isWrong,
    autocomplete: "off",
    onInput: (event) => acts.type(one.id, event.target.value),
    onChange: acts.settle,
  };
  const input = isLong
    ? html`<textarea rows="2" maxlength=${one.longest} ...${said}></textarea>`
    : html`<input type=${TYPES[one.kind] || "text"} maxlength=${one.kind === "day" ? null : one.longest} ...${said} />`;
  return html`<div class="field"><label for=${id}>${title}</label>${input}</div>`;
}

function finding({ rule, severity, says }, reasons, acts) {
  if (severity === "block")
    return html`<div key=${rule}>${notice("bad", html`<span class="unseen">必须改：</span>${says}`)}</div>`;
  const reason = lines({
    id: `reason-${rule}`,
    label: "写明原因",
    value: reasons[rule],
    longest: 200,
    type: (text) => acts.reason(rule, text),
    change: acts.settle,
  });
  return html`<div key=${rule}>${notice("warn", says, reason)}</div>`;
}

/** What the law's tables would make of the answers, at the question of that item. */
function registered(app, data, one) {
  const found = one.field && data.outcomes.find((each) => each.item === one.field);
  if (!found || !found.value) return null;
  const { law } = app.state;
  const { codes } = law.fields[found.item];
  return html`<p class="quiet">照此登记为：<b>${label(law, codes, found.value)}</b>（${found.phrase}）</p>`;
}
