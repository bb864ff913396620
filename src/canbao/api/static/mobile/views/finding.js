/** Which tasks are shown: what is still open, the filters of the list, streets, and what somebody looks for. */

import { addressOf } from "../streets.js";

const OPEN = ["assigned", "in_field", "collected", "returned"];
const HANDED_IN = "已交，待审核";
const SHORT = { assigned: "未访", in_field: "已走访", collected: "已收表", returned: "退回" };

/**
 * Whether the surveyor still has something to do for a task.
 * @param {Object} task as work.js gives it
 */
export function isOpen(task) {
  return OPEN.includes(task.state) && !task.gone;
}

/**
 * What state a task is in, in a few words.
 * @param {?Object} law
 * @param {Object} task
 */
export function stateWord(law, task) {
  if (task.gone) return "已收回";
  if (task.state === "handed_in") return HANDED_IN;
  return SHORT[task.state] || (law && law.moves.states[task.state]) || "";
}

/** The filters of the list: code, label, and which tasks it lets through. */
export const FILTERS = [
  ["open", "要办", (task) => isOpen(task)],
  ["new", "未访", (task) => isOpen(task) && task.state !== "returned" && task.visits.length === 0],
  ["today", "约好今天", (task, today) => isDue(task, today)],
  ["returned", "退回", (task) => isOpen(task) && task.state === "returned"],
  ["done", "已交", (task) => !isOpen(task)],
];

/**
 * Whether somebody is to be seen today, or was to be seen before.
 * @param {Object} task
 * @param {string} today ISO
 */
export function isDue(task, today) {
  return isOpen(task) && Boolean(task.next_on) && task.next_on <= today;
}

/**
 * What people of a street share: the address up to the first house number.
 * @param {Object} task
 */
export function streetOf(task) {
  return addressOf(task).normalize("NFKC").split(/[0-9]/)[0].trim() || "地址不详";
}

/**
 * Whether a task is what somebody looks for: part of the name or the address, or the last four digits of the number.
 * @param {Object} task
 * @param {string} text
 */
export function isSought(task, text) {
  const sought = plainly(text.trim());
  const { name, ssn } = task.person;
  if (/^[0-9X]{4}$/.test(sought) && (ssn || "").endsWith(sought)) return true;
  return plainly(`${name || ""} ${addressOf(task)} ${task.place_name}`).includes(sought);
}

function plainly(text) {
  return text.normalize("NFKC").toUpperCase();
}
