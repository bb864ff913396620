/**
 * The talk with the server. One run at a time, in all tabs: contact, pictures, actions, law, tasks.
 *
 * Whatever happens, an action stays on the phone until there is a receipt for exactly that text.
 */

import { alone } from "./alone.js";
import { hexOf, newId, randomBytes } from "./bytes.js";
import { isUnsent } from "./deeds.js";
import { lineTest, sendDiagnosis, storage } from "./diagnosis.js";
import { takeLaw, takeTasks } from "./downloads.js";
import { Full, Refused } from "./errors.js";
import { faults, noted } from "./faults.js";
import { Line } from "./line.js";
import { inDispute, sendParcels, settle } from "./parcels.js";
import { sendPictures } from "./pictures.js";
import { APP } from "./release.js";
import { all, count, empty, get, plain, setPlain, unsent } from "./store.js";
import { newStream } from "./streams.js";

export { lineTest, sendDiagnosis };

const BOUND = "bound";
const REVOKED = "revoked";
const ENDING = [REVOKED, "replaced", "expired"];
const OPEN = ["kept", "dispute"];
const MOST_OPEN = 2000;

/** The key and secret that this phone asks to be bound with: the same again when an answer was lost. */
let own = null;

/**
 * Bind this phone to a surveyor. It is asked once; whoever asks again after a lost answer gets the same device.
 * @param {{account: string, password: string, token: string, permit: string, label: string}} answers
 * @returns {Promise<Object>} identity, for `create`
 * @throws {Offline|Refused}
 */
export async function bind(answers) {
  const began = Date.now();
  const json = { token: "", permit: "", label: "", ...answers, ...wanted(), app: APP };
  const { now, ...identity } = await new Line(null).once("POST", "bind", { json });
  own = null;
  return { ...identity, offset: offsetOf(now, began) };
}

/**
 * What the server says of this phone, asked without its secret; a phone that is revoked is empty afterwards.
 * @returns {Promise<{state: string, says: string}>}
 * @throws {Offline|Refused}
 */
export async function standing() {
  const device = await plain("device");
  if (device === null) return { state: "", says: "" };
  const found = await new Line(null).once("GET", `standing/${device}`);
  if (found.state === REVOKED) await empty();
  return found;
}

/**
 * Send what is here, and take what is new.
 * @param {Object} [manner]
 * @param {function({step: string, done: number, of: number}): void} [manner.onProgress]
 * @param {number} [manner.patience] as Line takes it
 * @param {number} [manner.firstPause] as Line takes it
 * @returns {Promise<Object>} `{sent, received, gone, disputes, state, news}`, as docs/phone.md has it
 * @throws {Offline|Refused|Locked|Full}
 */
export function sync({ onProgress = () => {}, ...manner } = {}) {
  return alone("canbao-sync", () => told(onProgress, manner));
}

async function told(onProgress, manner) {
  try {
    return await run(onProgress, manner);
  } catch (error) {
    await noted(`sync.${error.why || error.name}`);
    throw error;
  }
}

async function run(onProgress, manner) {
  const turn = {
    line: new Line(await get("identity", 1), manner),
    limits: await plain("limits"),
    tell: (step, done, of = 0) => onProgress({ step, done, of }),
    ...{ sent: 0, received: 0, gone: 0, disputes: 0, state: BOUND, news: [] },
  };
  await steps(turn).catch((error) => ending(error, turn));
  if (turn.state !== BOUND) await leave(turn);
  const { sent, received, gone, disputes, state, news } = turn;
  return { sent, received, gone, disputes, state, news };
}

async function steps(turn) {
  await contact(turn);
  await sendPictures(turn);
  await sendParcels(turn);
  await takeLaw(turn);
  await takeTasks(turn);
}

function ending(error, turn) {
  if (!ENDING.includes(error.why)) throw error;
  turn.state = error.why;
}

/** The first word of a run: the clock is measured, and what became of earlier actions is told. */
async function contact(turn) {
  turn.tell("contact", 0);
  const open = (await all("answer")).filter((one) => OPEN.includes(one.state)).slice(0, MOST_OPEN);
  const { answer, offset } = await greeted(turn.line, await message(open));
  await remember({ offset, contact: { at: Date.now() + offset, state: answer.state }, limits: answer.limits });
  if (answer.state !== BOUND) throw new Refused(answer.state, "");
  Object.assign(turn, { limits: answer.limits, law: answer.law });
  turn.disputes += inDispute(await settle(answer.settled, open));
  await requireOwnNumbers(answer.next);
}

/** Each attempt says its own time: pauses between them are nothing that a clock is wrong by. */
async function greeted(line, said) {
  for (;;) {
    const now = Date.now();
    const answer = await line.attempt("POST", "contact", { json: { ...said, now } });
    if (answer !== null) return { answer, offset: offsetOf(answer.now, now) };
  }
}

/** A phone that is full goes on without: what it sends makes room. */
async function remember(values) {
  for (const [name, value] of Object.entries(values)) {
    await setPlain(name, value).catch((error) => {
      if (!(error instanceof Full)) throw error;
    });
  }
}

async function message(open) {
  const [law, stream, known] = [await plain("law"), await plain("stream"), await faults()];
  return {
    app: APP,
    law: law ? law.law : "",
    stream: stream.id,
    made: stream.made,
    pending: await count("action"),
    drafts: await unsentDrafts(),
    storage: await storage(),
    last_error: known.length ? known[0].code : "",
    open: open.map((one) => [one.id, one.sha256]),
  };
}

/** If the server knows numbers of our stream that we have not given, the phone was set back, and takes another one. */
async function requireOwnNumbers(next) {
  const stream = await plain("stream");
  if (!next || !(next[stream.id] > stream.made + 1)) return;
  await noted("sync.set_back");
  await setPlain("stream", newStream());
}

/**
 * The phone is not this surveyor's any more. Revoked, it is emptied at once; else what is left goes up before. Only a
 * phone that is empty says so.
 */
async function leave(turn) {
  if (turn.state !== REVOKED) {
    await sendRest(turn);
    if (turn.state !== REVOKED && (await unsent()) + (await unsentDrafts()) > 0) return;
  }
  await empty();
  await turn.line.steadily("POST", "emptied", { json: {} }).catch(() => {});
}

async function sendRest(turn) {
  try {
    await sendPictures(turn);
    await sendParcels(turn);
  } catch (error) {
    if (error.why !== REVOKED) throw error;
    turn.state = REVOKED;
  }
}

function wanted() {
  if (own === null) own = { device: newId(), secret: hexOf(randomBytes(32)) };
  return own;
}

async function unsentDrafts() {
  const found = await Promise.all((await all("draft")).map(isUnsent));
  return found.filter(Boolean).length;
}

/** The server's clock less ours, taken in the middle between question and answer. */
function offsetOf(now, began) {
  return Math.round(now - (began + Date.now()) / 2);
}
