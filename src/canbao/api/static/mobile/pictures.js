/** Pictures go up before the forms that need them; each is deleted once the server has all of it. */

import { Damaged } from "./errors.js";
import { noted } from "./faults.js";
import { sentInPieces } from "./pieces.js";
import { get, ids, writeAsRoomAllows } from "./store.js";

const UNLIKED = ["wrong", "too_large", "refused", "damaged"];

/**
 * Send every picture; one that the server refuses, or that is damaged, stays, and others go on.
 * @param {Object} turn
 */
export async function sendPictures(turn) {
  const found = await ids("picture");
  for (const [at, id] of found.entries()) {
    turn.tell("pictures", at, found.length);
    try {
      await sendPicture(turn, await get("picture", id));
    } catch (error) {
      const why = error instanceof Damaged ? "damaged" : error.why;
      if (!UNLIKED.includes(why)) throw error;
      await noted(`sync.picture_${why}`);
    }
  }
}

async function sendPicture(turn, { id, sha256, task, kind, bytes }) {
  const query = `&task=${task}&kind=${kind}`;
  await sentInPieces(turn, `pictures/${sha256}`, query, { bytes }, ({ have }) => have >= bytes.length);
  await writeAsRoomAllows([["picture", id, null]]);
}
