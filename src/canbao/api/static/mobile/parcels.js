/**
 * Parcels: actions on their way. What is sent is kept, sealed, until its receipts are here, so that after a broken line
 * or a killed browser the same bytes go on where they stopped.
 */

import { actionOf, changingTasks } from "./actions.js";
import { bytesOf, digestOf } from "./bytes.js";
import { inOrder, isUnsent, sentMark } from "./deeds.js";
import { Full, Refused, TooOld } from "./errors.js";
import { noted } from "./faults.js";
import { sentInPieces } from "./pieces.js";
import { all, plain, sound, write, writeAsRoomAllows } from "./store.js";

const LARGEST_UNPACKED = 4 << 20;
const NOTED = ["kept", "taken", "dispute", "set_aside"];
const UNLIKED = ["wrong", "too_large"];

/**
 * Send every action without receipt, and every draft that has changed.
 * @param {Object} turn
 */
export async function sendParcels(turn) {
  const sending = { most: turn.limits.parcel_actions, tried: new Set() };
  for (;;) {
    const parcel = (await begun()) || (await packed(turn, sending));
    if (parcel === null) return;
    parcel.items.forEach((one) => sending.tried.add(one.key));
    try {
      const settled = await settle(await delivered(turn, parcel), parcel.items, [["parcel", 1, null]]);
      if (settled.length < parcel.items.length) await noted("sync.no_receipt");
      count(settled, turn);
      sending.most = Math.min(2 * sending.most, turn.limits.parcel_actions);
    } catch (error) {
      await split(error, parcel, sending);
    }
  }
}

/**
 * What has gone up and is kept by the server: of receipts those are ours that name an action's id and digest.
 * @param {Array<{id: string, sha256: string, state: string, says: string}>} receipts
 * @param {Object[]} items what was sent, with the state of its last receipt if it has one
 * @param {Array} [also] records to be written with it
 * @returns {Promise<Object[]>} items with their receipts, as far as they tell something new
 */
export function settle(receipts, items, also = []) {
  const known = new Map(items.map((one) => [one.id, one]));
  const isNew = ({ id, sha256, state }) => {
    const item = known.get(id);
    return item !== undefined && item.sha256 === sha256 && item.state !== state;
  };
  const ours = receipts.filter(isNew).map(({ id, state, says }) => ({ ...known.get(id), state, says }));
  return changingTasks(async () => {
    const records = await Promise.all(ours.map(changesOf));
    await writeAsRoomAllows([...also, ...records.reduce((so, one) => so.concat(one), [])]);
    return ours;
  });
}

/**
 * @param {Object[]} settled as `settle` gives it
 * @returns {number} how many of them the server could not carry out
 */
export function inDispute(settled) {
  return settled.filter((one) => one.state === "dispute").length;
}

function count(settled, turn) {
  turn.sent += settled.filter((one) => one.kind !== "draft").length;
  turn.disputes += inDispute(settled);
  turn.tell("parcels", turn.sent);
}

/** The records that a receipt changes: the action goes, and what became of it is noted. */
async function changesOf(item) {
  if (item.kind === "draft") return [await sentRecord(item)];
  const { id, seq, stream, at, task, kind, sha256, brief, state, says } = item;
  const isShown = NOTED.includes(state) && (state !== "taken" || (await sound("task", task)) !== null);
  const note = isShown ? { id, seq, stream, at, task, kind, sha256, brief, state, says } : null;
  const draft = kind === "submit" && state === "taken" ? await sound("draft", task) : null;
  return [["action", id, null], ["answer", id, note], ...(draft && draft.is_handed_in ? [["draft", task, null]] : [])];
}

async function sentRecord({ task, revision }) {
  const known = await sound("answer", sentMark(task));
  const value = { id: sentMark(task), kind: "draft", task, revision: Math.max(revision, known ? known.revision : 0) };
  return ["answer", sentMark(task), value];
}

/** Of a parcel that the server can't take, each half goes alone, until what it can't take is alone, too. */
async function split(error, parcel, sending) {
  if (!(error instanceof Refused) || !UNLIKED.includes(error.why)) throw error;
  await noted(`sync.parcel_${error.why}`);
  await writeAsRoomAllows([["parcel", 1, null]]);
  if (parcel.items.length === 1) return;
  sending.most = Math.ceil(parcel.items.length / 2);
  parcel.items.forEach((one) => sending.tried.delete(one.key));
}

async function delivered(turn, parcel) {
  const answer = await sentInPieces(turn, `parcels/${parcel.sha256}`, "", parcel, (one) => Boolean(one.receipts));
  return answer.receipts;
}

/** The next parcel, kept before it is sent; null if there is nothing more to send. */
async function packed(turn, { most, tried }) {
  const { id: current } = await plain("stream");
  const untried = (await all("action")).filter((one) => !tried.has(one.id));
  const actions = inOrder(untried, current);
  const stream = actions.length ? actions[0].stream : current;
  const items = actions.filter((one) => one.stream === stream).slice(0, most);
  const drafts = stream === current ? await draftsToSend(current, most - items.length, tried) : [];
  const parcel = await fitting(stream, [...items.map((one) => ({ ...one, key: one.id })), ...drafts], turn.limits);
  if (parcel === null) return null;
  await write([["parcel", 1, parcel]]).catch(unlessFull);
  return parcel;
}

/** A full phone sends what it can't remember to have sent: after a kill it goes again, in another parcel. */
function unlessFull(error) {
  if (!(error instanceof Full)) throw error;
}

/** The parcel that was on its way when the line broke. */
async function begun() {
  const parcel = await sound("parcel", 1);
  return parcel && { ...parcel, isBegun: true };
}

async function draftsToSend(stream, most, tried) {
  const found = [];
  for (const draft of await all("draft")) {
    if (found.length >= most) break;
    const key = sentMark(draft.id);
    if (!tried.has(key) && (await isUnsent(draft))) found.push({ ...(await draftAction(draft, stream)), key });
  }
  return found;
}

async function draftAction({ id, answers, reasons, based_on, revision }, stream) {
  const body = { answers, reasons, based_on, revision };
  return { ...(await actionOf({ task: id, kind: "draft", body }, stream, 0)), revision };
}

/** As many of the actions as go into one parcel, and their bytes. */
async function fitting(stream, actions, limits) {
  for (let many = actions.length; many > 0; many = Math.floor(many / 2)) {
    const taken = actions.slice(0, many);
    const unpacked = bytesOf(JSON.stringify({ stream, actions: taken.map((one) => one.text) }));
    if (unpacked.length > LARGEST_UNPACKED && many > 1) continue;
    const bytes = await compressed(unpacked);
    if (bytes.length > limits.parcel_bytes && many > 1) continue;
    return { id: 1, sha256: await digestOf(bytes), items: taken.map(({ text, ...item }) => item), bytes };
  }
  return null;
}

async function compressed(bytes) {
  if (typeof CompressionStream === "undefined") throw new TooOld();
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
