/** A task as a row that opens its page. */

import { html, icon } from "../drawing.js";
import { addressOf } from "../streets.js";
import { stateWord } from "./finding.js";
import { dayWord } from "./words.js";

/**
 * A row for a task: who, where, and what state it is in.
 * @param {Object} app
 * @param {Object} task
 * @param {string} today ISO
 */
export function row(app, task, today) {
  const { person } = task;
  return html`<li key=${task.id}><button type="button" class="row" onClick=${() => app.go("person", { id: task.id })}>
    <span class="grow">
      <span class="name">${person.name || "姓名不详"} <small>尾号 ${(person.ssn || "").slice(-4)}</small></span>
      <span class="where">${addressOf(task)}</span>
      <span class="tags">${tags(app, task, today)}</span>
    </span>
    ${icon("next")}
  </button></li>`;
}

/**
 * What there is to know of a task at a glance.
 * @param {Object} app
 * @param {Object} task
 * @param {string} today ISO
 */
export function tags(app, task, today) {
  return html`
    <span class="tag ${task.state}">${stateWord(app.state.law, task)}</span>
    ${task.failed > 0 && html`<span class="tag">走访未果 ${task.failed} 次</span>`}
    ${task.next_on && html`<span class="tag due">约${dayWord(task.next_on, today)}</span>`}
    ${task.is_waiting && html`<span class="tag">待上传</span>`}
    ${task.dispute && html`<span class="tag bad">有争议，待处理</span>`}`;
}
