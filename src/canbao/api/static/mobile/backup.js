/**
 * Backups: one file with what has no receipt yet, for the day on which the phone's store is lost.
 *
 * A file must open where nothing is left of the store that it was saved from, so that no key of the phone can protect
 * it. What does: the PIN, stretched by 2,000,000 rounds of PBKDF2-SHA-256 with a salt of its own, and that the phone
 * must be bound, by password and second factor, to the surveyor whose card is authenticated with the file. Against
 * whoever has the file and computes on their own there is the PIN alone: six figures hold for minutes against a good
 * graphics card, twelve for years. So the file is handed to nobody, and is deleted once everything has gone up.
 *
 * Restored actions keep their texts, ids, streams and numbers: what the server has already, it answers again and does
 * not carry out twice. New ones are numbered in a new stream, for the old one may have gone on after the backup.
 */

import { bytesOf, digestOf, fromHex, hexOf, joined, lengthOf, packed, randomBytes, textOf, unpacked } from "./bytes.js";
import { changingTasks } from "./actions.js";
import { Unreadable, WrongPin } from "./errors.js";
import { dataKey, seal, stretched, unseal } from "./sealing.js";
import { all, get, plain, provePin, write } from "./store.js";
import { newStream } from "./streams.js";

const FORMAT = "canbao-backup-1";
const ROUNDS = 2000000;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const LARGEST_HEADER = 1000;
const LINE_END = 10;
const HELD = ["action", "draft", "picture", "answer"];

/**
 * A backup of what has no receipt: actions, drafts and pictures, and what is known of disputes.
 * @param {string} pin counted as when the phone is unlocked
 * @returns {Promise<Blob>}
 * @throws {WrongPin|Emptied|Locked}
 */
export async function save(pin) {
  await provePin(pin);
  const { officer } = await get("identity", 1);
  const salt = randomBytes(SALT_BYTES);
  const known = { device: await plain("device"), card: await cardMark(salt, officer.card) };
  const text = JSON.stringify({ format: FORMAT, rounds: ROUNDS, salt: hexOf(salt), ...known });
  const key = await dataKey(await stretched(pin, salt, ROUNDS));
  const { iv, sealed } = await seal(key, [text, officer.card], await content());
  return new Blob([`${text}\n`, iv, sealed], { type: "application/octet-stream" });
}

/**
 * Take back what is in a backup of this surveyor's, and begin a new stream. What is here already stays as it is.
 * @param {Blob} file
 * @param {string} pin that the phone had when the backup was saved
 * @returns {Promise<{actions: number, drafts: number, pictures: number}>} how many were taken back
 * @throws {WrongPin|Unreadable|Locked|Full}
 */
export async function restore(file, pin) {
  const { officer } = await get("identity", 1);
  const { text, header, body } = parsed(new Uint8Array(await new Response(file).arrayBuffer()));
  const salt = fromHex(header.salt);
  if (header.card !== (await cardMark(salt, officer.card))) throw new Unreadable("这份备份是另一位调查员的");
  const key = await dataKey(await stretched(pin, salt, header.rounds));
  const buffer = await unseal(key, [text, officer.card], { iv: body.slice(0, IV_BYTES), sealed: body.slice(IV_BYTES) });
  if (buffer === null) throw new WrongPin(null);
  return changingTasks(() => taken(recordsOf(new Uint8Array(buffer))));
}

/** Each record as bytes, one after another with its length; pictures are not JSON. */
async function content() {
  const kept = await Promise.all(
    HELD.map(async (kind) => (await all(kind)).map((value) => ({ ...value, held: kind }))),
  );
  const parts = kept.reduce((so, one) => so.concat(one), []).map(packed);
  return joined(parts.reduce((so, one) => so.concat([lengthOf(one), one]), []));
}

function recordsOf(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
    found.push(unpacked(bytes.slice(at + 4, at + 4 + length).buffer));
    at += 4 + length;
  }
  return found;
}

async function taken(records) {
  const isMissing = await Promise.all(records.map(async ({ held, ...value }) => !(await isHere(held, value))));
  const wanted = records.filter((_, at) => isMissing[at]).map(({ held, ...value }) => [held, value.id, value]);
  const number = (kind) => wanted.filter(([held]) => held === kind).length;
  await write(wanted, { then: () => [["stream", newStream()]] });
  return { actions: number("action"), drafts: number("draft"), pictures: number("picture") };
}

/** An action that has its receipt, or a draft that has gone on, is not set back. */
async function isHere(kind, value) {
  if (kind === "action" && (await get("answer", value.id)) !== null) return true;
  const known = await get(kind, value.id);
  return known !== null && !(kind === "draft" && known.revision < value.revision);
}

function parsed(bytes) {
  const end = bytes.slice(0, LARGEST_HEADER).indexOf(LINE_END);
  try {
    const text = textOf(bytes.slice(0, end));
    const header = JSON.parse(text);
    if (header.format === FORMAT && header.rounds === ROUNDS) return { text, header, body: bytes.slice(end + 1) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new Unreadable("这个文件不是参保登记的备份，或已损坏");
}

/** Whose backup it is, to be compared and not to be read. */
function cardMark(salt, card) {
  return digestOf(joined([salt, bytesOf(card)]));
}
