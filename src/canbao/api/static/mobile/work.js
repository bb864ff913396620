/** What a surveyor does: sees tasks, writes, visits, hands in; all of it is on the disk before it is answered. */

import { act, bounded, changingTasks } from "./actions.js";
import { digestOf, newId } from "./bytes.js";
import { daysAlone, now, today } from "./clock.js";
import { deedsByTask, HANDED_IN, inOrder, laidOver, sentMark } from "./deeds.js";
import { readAnswers, unfinished } from "./engine/form.js";
import { openMoves } from "./engine/moves.js";
import { Refused, Unfinished } from "./errors.js";
import { factsOf, mobilesOfOthers } from "./facts.js";
import { all, get, plain, sound, unsent, write } from "./store.js";
import { inWalkingOrder } from "./streets.js";
import { requireVisit } from "./visits.js";

export { daysAlone, now, today };

const CHANGED = "这个任务刚有变化（例如退回），您填的已存在草稿里；请返回，看清楚后再提交";
const SHOWN = ["dispute", "set_aside"];
const PICTURES = ["signature", "signature_page", "household_book"];

/**
 * All tasks, in walking order, with what was done here.
 * @returns {Promise<Object[]>}
 */
export async function tasks() {
  const [found, deeds] = await Promise.all([all("task"), deedsByTask()]);
  return inWalkingOrder(found.map((one) => laidOver(one, deeds.get(one.id))));
}

/**
 * One task with what was done here, or null.
 * @param {number} id
 * @returns {Promise<?Object>}
 */
export async function task(id) {
  const [found, deeds] = await Promise.all([get("task", id), deedsByTask()]);
  return found && laidOver(found, deeds.get(id));
}

/**
 * One task with what was done here.
 * @param {number} id
 * @returns {Promise<Object>}
 * @throws {Refused} if it is not the surveyor's any more
 */
export async function required(id) {
  const known = await task(id);
  if (known === null) throw new Refused("refused", "这个任务已经不在您手里");
  return known;
}

/**
 * The work at a glance.
 * @returns {Promise<{today: number, visits: number, done: number, left: number, waiting: number, disputes: number}>}
 */
export async function progress() {
  const [known, law, day] = await Promise.all([tasks(), plain("law"), plain("day")]);
  const isToday = day !== null && day.day === (await today());
  return {
    today: isToday ? day.forms : 0,
    visits: isToday ? day.visits : 0,
    done: (await plain("forms")) || 0,
    left: known.filter((one) => canHandIn(one, law)).length,
    waiting: await unsent(),
    disputes: (await disputes()).length,
  };
}

/**
 * Keep what is being written; a task that was handed in is left as it is.
 * @param {number} id
 * @param {Object<string, string>} answers
 * @param {Object<string, string>} reasons by finding
 */
export function saveDraft(id, answers, reasons) {
  return changingTasks(async () => {
    const known = await task(id);
    if (known === null || known.state === HANDED_IN) return;
    await write([["draft", id, await nextDraft(known, answers, reasons)]]);
  });
}

/**
 * What was being written for a task, or null.
 * @param {number} id
 * @returns {Promise<?{answers: Object, reasons: Object, based_on: number, revision: number}>}
 */
export function draft(id) {
  return sound("draft", id);
}

/**
 * Judge what is written, as the server will.
 * @param {Object|number} task
 * @param {Object<string, string>} answers
 * @returns {Promise<{asked: Set<string>, answers: Object, kept: Object, found: Object[]}>}
 */
export async function judge(task, answers) {
  const known = typeof task === "object" ? task : await required(task);
  const form = await plain(`form/${known.campaign}:${known.form}`);
  const campaign = await plain(`campaign/${known.campaign}`);
  if (form === null || campaign === null) throw new Refused("wrong", "这份表的题目还没有下载，请联网同步一次");
  const mobiles = mobilesOfOthers(known.id, known.campaign, await all("task"), await all("draft"));
  const day = await today();
  return readAnswers(form, answers, factsOf(known, answers, { campaign, today: day, mobiles }), day);
}

/**
 * Write down a visit at which nobody was found or nobody answered, or an appointment.
 * @param {number} id
 * @param {{way: string, outcome: string, next_on: ?string, note: string, latitude: ?number, longitude: ?number,
 *   is_position_faked: boolean}} attempt
 */
export function visit(id, attempt) {
  return changingTasks(async () => {
    const known = await required(id);
    const law = await plain("law");
    requireMove(known, law, ["attempt", "start", "resurvey"]);
    const body = requireVisit(attempt, law, await today());
    const isFailed = law.survey.failed_outcomes.includes(body.outcome);
    const { way, outcome, next_on, note } = body;
    await act({ task: id, kind: "visit", body, brief: { way, outcome, next_on, note, is_failed: isFailed } });
  });
}

/**
 * Hand a form in.
 * @param {number} id
 * @param {Object<string, string>} answers
 * @param {Object<string, string>} reasons by finding
 * @param {number} seconds that it took
 * @param {boolean} dayIsOwn whether the surveyor chose `surveyed_on`; if not, it is today, by the server's clock
 * @param {number} [seen] how many forms had been handed in as the surveyor opened this one
 * @throws {Unfinished|Refused}
 */
export function submit(id, answers, reasons, seconds, dayIsOwn, seen) {
  return changingTasks(async () => {
    const known = await required(id);
    if (seen !== undefined && seen !== known.entries) throw new Refused("refused", CHANGED);
    requireMove(known, await plain("law"), ["submit", "resubmit"]);
    const written = bounded(dayIsOwn ? answers : { ...answers, surveyed_on: await today() });
    await requireFinished(known, written, reasons);
    const body = {
      answers: written,
      reasons: bounded(reasons),
      based_on: known.entries,
      form: known.form,
      seconds: Math.max(0, Math.round(seconds) || 0),
      day_is_own: Boolean(dayIsOwn),
    };
    const handedIn = { ...(await nextDraft(known, written, reasons)), is_handed_in: true };
    await act({ task: id, kind: "submit", body, brief: {} }, [["draft", id, handedIn]]);
  });
}

/**
 * Keep a picture till it has gone up.
 * @param {number} id of the task
 * @param {"signature"|"signature_page"|"household_book"} kind
 * @param {Blob} blob a JPEG
 */
export async function addPicture(id, kind, blob) {
  const { picture_bytes: most } = await plain("limits");
  if (!PICTURES.includes(kind) || blob.size === 0) throw new Refused("wrong", "这张照片不能用，请重拍");
  if (blob.size > most) throw new Refused("too_large", `照片太大，最多${Math.floor(most / 1000)}千字节，请重拍`);
  const bytes = new Uint8Array(await new Response(blob).arrayBuffer());
  const picture = { id: `${id}/${newId()}`, task: id, kind, sha256: await digestOf(bytes), bytes };
  await write([["picture", picture.id, picture]]);
}

/**
 * Actions without receipt, in the order in which they were done.
 * @returns {Promise<Object[]>}
 */
export async function pending() {
  return inOrder(await all("action"), (await plain("stream")).id);
}

/**
 * What the server has and could not carry out, and what a reviewer has decided against.
 * @returns {Promise<Array<{id: string, task: number, kind: string, at: number, state: string, says: string}>>}
 */
export async function disputes() {
  return (await all("answer")).filter((one) => SHOWN.includes(one.state));
}

/**
 * The surveyor has read that an action was set aside.
 * @param {string} id
 */
export async function acknowledge(id) {
  const known = await sound("answer", id);
  if (known !== null && known.state === "set_aside") await write([["answer", id, null]]);
}

async function requireFinished(task, written, reasons) {
  const { found } = await judge(task, written);
  const wrong = unfinished(found, reasons);
  if (wrong.length) throw new Unfinished(wrong);
}

function requireMove(task, law, moves) {
  if (task.state === HANDED_IN) throw new Refused("refused", "这份表已经提交，不能再改；要改请联系镇（街）经办人员");
  if (!law) throw new Refused("refused", "规则还没有下载，请联网同步一次");
  if (openMoves(law.moves, task.state).some((one) => moves.includes(one.id))) return;
  throw new Refused("refused", `任务现在是“${law.moves.states[task.state] || task.state}”，不能登记；请联网同步后再看`);
}

function canHandIn(task, law) {
  if (!law || task.gone) return task.state !== HANDED_IN && !task.gone;
  return openMoves(law.moves, task.state).some((one) => one.id === "submit" || one.id === "resubmit");
}

/** The next revision of a task's draft: above what is here, and what has gone up or come down. */
async function nextDraft(task, answers, reasons) {
  const known = [await draft(task.id), await sound("answer", sentMark(task.id))].filter(Boolean);
  const revision = 1 + Math.max(0, ...known.map((one) => one.revision));
  return { id: task.id, answers: bounded(answers), reasons: bounded(reasons), based_on: task.entries, revision };
}
