/** Bytes that go up piece by piece, and go on where the line broke: what the server has of them, it says. */

import { Refused } from "./errors.js";

const MOST_STALLS = 20;

/**
 * Send bytes until the server has them.
 * @param {{line: Line, limits: Object}} turn
 * @param {string} path their address
 * @param {string} query what is said with each piece besides where it goes
 * @param {{bytes: Uint8Array, isBegun: boolean}} load `isBegun`: some of it may be there already
 * @param {function(Object): boolean} isDone whether an answer is the last one
 * @returns {Promise<Object>} that answer
 * @throws {Offline|Refused}
 */
export async function sentInPieces({ line, limits }, path, query, { bytes, isBegun }, isDone) {
  let answer = isBegun ? await line.steadily("GET", path) : { have: 0 };
  for (let stalls = 0; !isDone(answer);) {
    const before = answer.have;
    answer = await sentPiece(line, path, query, bytes, before, limits.piece_bytes);
    stalls = answer.have > before ? 0 : stalls + 1;
    if (stalls > MOST_STALLS) throw new Refused("offset", "服务器没有收下；内容都还在，请稍后再同步");
  }
  return answer;
}

async function sentPiece(line, path, query, bytes, at, most) {
  if (at >= bytes.length) return line.steadily("GET", path);
  try {
    const piece = { bytes: bytes.slice(at, at + most) };
    const answer = await line.attempt("PUT", `${path}?at=${at}&of=${bytes.length}${query}`, piece);
    return answer || (await line.steadily("GET", path));
  } catch (error) {
    if (error.why !== "offset") throw error;
    return { have: error.have };
  }
}
