/** What belongs to a task and is the same for many: the form it is asked with, and its campaign. */

import * as store from "../store.js";

/**
 * The sections, questions and findings of a task's form, or null if it is not on the phone.
 * @param {Object} task
 */
export function formOf(task) {
  return store.plain(`form/${task.campaign}:${task.form}`);
}

/**
 * The campaign of a task, or null if it is not on the phone.
 * @param {Object} task
 */
export function campaignOf(task) {
  return store.plain(`campaign/${task.campaign}`);
}
