/**
 * The talk with the server. One run at a time, in all tabs: contact, pictures, actions, tasks, law.
 *
 * Whatever happens, an action stays on the phone until there is a receipt for exactly that text.
 */

import { alone } from "./alone.js";
import { randomBytes } from "./bytes.js";
import { deedsByTask, isUnsent } from "./deeds.js";
import { takeLaw, takeTasks } from "./downloads.js";
import { Full, Refused } from "./errors.js";
import { faults, noted } from "./faults.js";
import { asOffline, Line } from "./line.js";
import { inDispute, sendParcels, settle } from "./parcels.js";
import { sendPictures } from "./pictures.js";
import { APP } from "./release.js";
import { all, condition, count, empty, get, plain, setPlain } from "./store.js";
import { newStream } from "./streams.js";

const BOUND = "bound";
const REVOKED = "revoked";
const ENDING = [REVOKED, "replaced", "expired"];
const OPEN = ["kept", "dispute"];
const MOST_OPEN = 2000;
const LINE_BYTES = 131072;

/**
 * Bind this phone to a surveyor. It is asked once and not again: whether a second one would be refused is not known.
 * @param {{account: string, password: string, token: string, permit: string, label: string}} answers
 * @returns {Promise<Object>} identity, for `create`
 * @throws {Offline|Refused}
 */
export async function bind(answers) {
  const began = Date.now();
  const json = { token: "", permit: "", label: "", ...answers, app: APP };
  const { now, ...identity } = await new Line(null).once("POST", "bind", { json }).catch((error) => Promise.reject(asOffline(error)));
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
  const found = await new Line(null).once("GET", `standing/${device}`).catch((error) => Promise.reject(asOffline(error)));
  if (found.state === REVOKED) await empty();
  return found;
}

/**
 * Send what is here, and take what is new.
 * @param {{onProgress: function({step: string, done: number, of: number}): void, patience: number, firstPause: number}} [manner]
 * @returns {Promise<{sent: number, received: number, gone: number, disputes: number, state: string, news: Object[]}>}
 * @throws {Offline|Refused|Locked|Full}
 */
export function sync({ onProgress = () => {}, ...manner } = {}) {
  return alone("canbao-sync", () => told(onProgress, manner));
}

/**
 * How fast the line is.
 * @returns {Promise<{wait: number, down: number, up: number}>} milliseconds, bits a second
 * @throws {Offline|Refused}
 */
export async function lineTest() {
  const line = new Line(await get("identity", 1));
  const wait = await timed(line, "GET", "line?bytes=1", { as: "bytes" });
  const down = await timed(line, "GET", `line?bytes=${LINE_BYTES}`, { as: "bytes", expected: LINE_BYTES });
  const up = await timed(line, "POST", "line", { bytes: incompressible(LINE_BYTES) });
  return { wait: Math.round(wait), down: speed(down, wait), up: speed(up, wait) };
}

/**
 * Tell the server how this phone is: numbers and codes, nothing of a person.
 * @throws {Offline|Refused}
 */
export async function sendDiagnosis() {
  const law = await plain("law");
  const json = {
    app: APP,
    law: law ? law.law : "",
    browser: `chromium-${(/Chrome\/([0-9]+)/.exec(navigator.userAgent) || ["", "0"])[1]}`,
    screen: `${screen.width}x${screen.height}`,
    counts: await counts(),
    storage: await storage(),
    errors: await faults(),
  };
  await new Line(await get("identity", 1)).steadily("POST", "diagnosis", { json });
}

async function told(onProgress, manner) {
  try {
    return await run(onProgress, manner);
  } catch (error) {
    await noted(`sync.${error.why || error.name}`.toLowerCase().slice(0, 40));
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
  await takeTasks(turn);
  await takeLaw(turn);
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

/** The server knows numbers of our stream that we have not given: the phone was set back, and goes on in another one. */
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
    if (turn.state !== REVOKED && (await unsent()) > 0) return;
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

async function unsent() {
  return (await count("action")) + (await count("picture")) + (await unsentDrafts());
}

async function unsentDrafts() {
  const found = await Promise.all((await all("draft")).map(isUnsent));
  return found.filter(Boolean).length;
}

async function counts() {
  const kinds = ["task", "draft", "action", "picture", "answer", "parcel"];
  const found = await Promise.all(kinds.map(async (kind) => [kind, await count(kind)]));
  const offset = Math.abs((await plain("offset")) || 0);
  return { ...Object.fromEntries(found), deeds: (await deedsByTask()).size, clock_seconds: Math.round(offset / 1000) };
}

async function storage() {
  const known = navigator.storage && navigator.storage.estimate ? await navigator.storage.estimate() : {};
  return { used: known.usage || 0, quota: known.quota || 0, persisted: Boolean(await plain("persisted")) };
}

/** The server's clock less ours, taken in the middle between question and answer. */
function offsetOf(now, began) {
  return Math.round(now - (began + Date.now()) / 2);
}

async function timed(line, method, path, content) {
  const began = performance.now();
  await line.once(method, path, content).catch((error) => Promise.reject(asOffline(error)));
  return performance.now() - began;
}

function speed(milliseconds, wait) {
  return Math.round((8000 * LINE_BYTES) / Math.max(1, milliseconds - wait));
}

/** `getRandomValues` gives 65,536 bytes at most. */
function incompressible(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) bytes.set(randomBytes(Math.min(65536, length - at)), at);
  return bytes;
}
