/** Pictures go up before the forms that need them; each is deleted once the server has all of it. */

import { Refused } from "./errors.js";
import { noted } from "./faults.js";
import { sentInPieces } from "./pieces.js";
import { get, ids, write } from "./store.js";

const UNLIKED = ["wrong", "too_large", "refused"];

/**
 * Send every picture; one that the server refuses stays, and others go on.
 * @param {Object} turn
 */
export async function sendPictures(turn) {
  const found = await ids("picture");
  for (const [at, id] of found.entries()) {
    turn.tell("pictures", at, found.length);
    try {
      await sendPicture(turn, await get("picture", id));
    } catch (error) {
      if (!(error instanceof Refused) || !UNLIKED.includes(error.why)) throw error;
      await noted(`sync.picture_${error.why}`);
    }
  }
}

async function sendPicture(turn, { id, sha256, task, kind, bytes }) {
  const query = `&task=${task}&kind=${kind}`;
  await sentInPieces(turn, `pictures/${sha256}`, query, { bytes }, ({ have }) => have >= bytes.length);
  await write([["picture", id, null]]);
}
