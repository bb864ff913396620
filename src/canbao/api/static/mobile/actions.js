/** Actions: what the surveyor did, numbered in its stream without gap or double, whatever tabs are open. */

import { alone } from "./alone.js";
import { bytesOf, digestOf, newId } from "./bytes.js";
import { today } from "./clock.js";
import { plain, write } from "./store.js";

const LONGEST_NAME = 60;
const LONGEST_WORDS = 1000;

/**
 * Do something to a task that no other tab does at the same time.
 * @param {function(): Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 */
export function changingTasks(work) {
  return alone("canbao-tasks", work);
}

/**
 * Keep an action under the next number of the stream, which is read and written in the transaction that keeps it.
 * @param {{task: number, kind: string, body: Object, brief: Object}} deed `brief` is what the phone goes on knowing
 * @param {Array} [also] records to be written with it
 * @returns {Promise<Object>} the action
 */
export async function act(deed, also = []) {
  for (;;) {
    const stream = await plain("stream");
    const action = { ...(await actionOf(deed, stream.id, stream.made + 1)), brief: deed.brief };
    const day = await today();
    const isKept = await write([["action", action.id, action], ...also], {
      names: ["stream", "day", "forms"],
      then: (known) => (isSame(known.stream, stream) ? counted(known, action, day) : null),
    });
    if (isKept) return action;
  }
}

/**
 * An action with its text, as it will be sent and receipted.
 * @param {{task: number, kind: string, body: Object}} deed
 * @param {string} stream
 * @param {number} seq 0 for a draft
 * @returns {Promise<Object>}
 */
export async function actionOf({ task, kind, body }, stream, seq) {
  const known = { id: newId(), seq, stream, at: Date.now(), task, kind };
  const text = JSON.stringify({ ...known, body });
  return { ...known, text, sha256: await digestOf(bytesOf(text)) };
}

/**
 * Words by name, as far as the server takes them.
 * @param {Object<string, string>} words
 * @returns {Object<string, string>}
 */
export function bounded(words) {
  const written = Object.entries(words).filter(([, text]) => typeof text === "string" && text.trim() !== "");
  return Object.fromEntries(written.map(([name, text]) => [name.slice(0, LONGEST_NAME), text.slice(0, LONGEST_WORDS)]));
}

function isSame(one, other) {
  return one.id === other.id && one.made === other.made;
}

/** The number is taken, and the day's work has grown by one. */
function counted({ stream, day, forms }, { seq, kind }, today) {
  const so = day && day.day === today ? day : { day: today, visits: 0, forms: 0 };
  const form = kind === "submit" ? 1 : 0;
  return [
    ["stream", { ...stream, made: seq }],
    ["day", { ...so, visits: so.visits + 1 - form, forms: so.forms + form }],
    ["forms", (forms || 0) + form],
  ];
}
