/**
 * What was done on this phone and the server's tasks don't show yet, laid over them.
 *
 * An action without receipt is a record `action`. With its receipt it becomes a record `answer`, without what was
 * written, that says what became of it, until the task comes down as the server has it since.
 */

import { all, plain, sound } from "./store.js";

/** The state of a task whose form was handed in here. */
export const HANDED_IN = "handed_in";

const IN_HAND = ["waiting", "kept", "taken", "dispute"];
const COUNTED = ["waiting", "kept", "taken"];
const BY_VISIT = { assigned: "in_field", returned: "in_field" };

/**
 * Deeds by task, each list in the order in which they were done.
 * @returns {Promise<Map<number, Object[]>>}
 */
export async function deedsByTask() {
  const [actions, answers, stream] = await Promise.all([all("action"), all("answer"), plain("stream")]);
  const waiting = actions.map((one) => ({ ...one, state: "waiting" }));
  const deeds = [...waiting, ...answers.filter((one) => one.kind !== "draft")];
  const byTask = new Map();
  inOrder(deeds, stream.id).forEach((one) => byTask.set(one.task, [...(byTask.get(one.task) || []), one]));
  return byTask;
}

/**
 * The server's task as the surveyor sees it.
 * @param {Object} task
 * @param {Object[]} [deeds] of this task
 * @returns {Object}
 */
export function laidOver(task, deeds = []) {
  const visits = deeds.filter((one) => one.kind === "visit" && COUNTED.includes(one.state));
  const disputed = deeds.find((one) => one.state === "dispute");
  const gone = deeds.find((one) => one.kind === "gone");
  return {
    ...task,
    state: stateOf(task, deeds, visits),
    failed: task.failed + visits.filter((one) => one.brief.is_failed).length,
    next_on: visits.length ? visits[visits.length - 1].brief.next_on : task.next_on,
    visits: [...(task.visits || []), ...visits.map(asVisit)],
    is_waiting: deeds.some((one) => one.state === "waiting"),
    dispute: disputed ? disputed.says : "",
    gone: gone ? { why: gone.why, says: gone.says } : null,
  };
}

/**
 * Deeds in the order in which they were done: by number, what came from a backup before what was done since.
 * @param {Object[]} deeds
 * @param {string} current the stream that goes on now
 * @returns {Object[]}
 */
export function inOrder(deeds, current) {
  const isLate = (one) => Number(one.stream === current);
  return [...deeds].sort((one, other) => isLate(one) - isLate(other) || (one.seq || 0) - (other.seq || 0));
}

/**
 * A draft that has not gone up since it was last changed.
 * @param {Object} draft
 * @returns {Promise<boolean>}
 */
export async function isUnsent(draft) {
  const sent = await sound("answer", sentMark(draft.id));
  return !draft.is_handed_in && (!sent || sent.revision < draft.revision);
}

/**
 * The record that says up to which revision a task's draft has gone up.
 * @param {number} task
 * @returns {string}
 */
export function sentMark(task) {
  return `draft/${task}`;
}

/**
 * The record that says why a task goes.
 * @param {number} task
 * @returns {string}
 */
export function goneMark(task) {
  return `gone/${task}`;
}

function stateOf(task, deeds, visits) {
  if (deeds.some((one) => one.kind === "submit" && IN_HAND.includes(one.state))) return HANDED_IN;
  return visits.length ? BY_VISIT[task.state] || task.state : task.state;
}

function asVisit({ at, brief }) {
  return { at, way: brief.way, outcome: brief.outcome, next_on: brief.next_on, note: brief.note || "", is_own: true };
}
