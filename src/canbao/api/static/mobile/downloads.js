/** What comes down: tasks, the forms that they ask, and the law. */

import { changingTasks } from "./actions.js";
import { goneMark, isUnsent, sentMark } from "./deeds.js";
import { all, ids, plain, setPlain, sound, write } from "./store.js";

const TASKS_BYTES = 1 << 20;
const LAW_BYTES = 1 << 20;
const SETTLED = ["taken", "set_aside"];

/**
 * Take the tasks that are new or have changed, and let those go that are no more the surveyor's.
 * @param {Object} turn
 */
export async function takeTasks(turn) {
  const known = await versions();
  for (;;) {
    const answer = await turn.line.steadily("POST", "tasks", { json: { known }, expected: TASKS_BYTES });
    await changingTasks(() => taken(answer, turn));
    answer.tasks.forEach((one) => (known[one.id] = one.version));
    answer.gone.forEach((one) => delete known[one.id]);
    turn.tell("tasks", turn.received);
    if (!answer.more || answer.tasks.length + answer.gone.length === 0) return;
  }
}

/**
 * Take the law if the server has another one.
 * @param {Object} turn
 */
export async function takeLaw(turn) {
  const known = await plain("law");
  if (known && known.law === turn.law) return;
  turn.tell("law", 0);
  const answer = await turn.line.steadily("GET", "law", { tag: known && known.law, expected: LAW_BYTES });
  if (answer.law) await setPlain("law", answer);
}

/** A task of which something was taken is asked for anew: it may have come down before we were told so. */
async function versions() {
  const behind = new Set((await all("answer")).filter((one) => one.state === "taken").map((one) => one.task));
  return Object.fromEntries((await all("task")).map((one) => [one.id, behind.has(one.id) ? 0 : one.version]));
}

async function taken({ tasks, gone, forms, campaigns }, turn) {
  const records = await flat([...tasks.map(taskRecords), ...gone.map((one) => goneRecords(one, turn))]);
  const values = [...named("form", forms), ...named("campaign", campaigns)];
  await write(records, { then: () => values });
  turn.received += tasks.length;
}

async function flat(promises) {
  return (await Promise.all(promises)).reduce((so, one) => so.concat(one), []);
}

function named(kind, values) {
  return Object.entries(values || {}).map(([name, value]) => [`${kind}/${name}`, value]);
}

/** A task as the server has it now, which holds what it has taken of ours: the notes of that go. */
async function taskRecords({ draft, ...task }) {
  const shown = (await all("answer")).filter((one) => one.task === task.id && one.state === "taken");
  const notes = shown.map((one) => ["answer", one.id, null]);
  return [["task", task.id, task], ...notes, ...(await draftRecords(task.id, draft))];
}

/** The server's draft, unless it once came from here, or what is here is handed in or has not gone up yet. */
async function draftRecords(id, draft) {
  const [own, sent] = [await sound("draft", id), await sound("answer", sentMark(id))];
  if (!draft || (sent && sent.revision >= draft.revision)) return [];
  if (own && (own.revision >= draft.revision || own.is_handed_in || (await isUnsent(own)))) return [];
  const { answers, reasons, based_on, revision } = draft;
  const mark = { id: sentMark(id), kind: "draft", task: id, revision };
  return [
    ["draft", id, { id, answers, reasons, based_on, revision }],
    ["answer", sentMark(id), mark],
  ];
}

/** A task that goes is deleted with its person, unless something of it must go up first: then it goes next time. */
async function goneRecords({ id, why, says }, turn) {
  turn.gone += 1;
  turn.news.push({ task: id, why, says });
  const draft = await sound("draft", id);
  const isKept = (await hasUnsent(id)) || (draft && (await isUnsent(draft)));
  if (isKept) return [["answer", goneMark(id), { id: goneMark(id), kind: "gone", task: id, why, says }]];
  const settled = (await all("answer")).filter((one) => one.task === id && SETTLED.includes(one.state));
  const marks = [sentMark(id), goneMark(id), ...settled.map((one) => one.id)];
  return [["task", id, null], ["draft", id, null], ...marks.map((mark) => ["answer", mark, null])];
}

async function hasUnsent(id) {
  const hasPicture = (await ids("picture")).some((one) => one.startsWith(`${id}/`));
  return hasPicture || (await all("action")).some((one) => one.task === id);
}
