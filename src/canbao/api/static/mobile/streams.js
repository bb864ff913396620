/** Streams: the runs in which actions are numbered. */

import { hexOf, randomBytes } from "./bytes.js";

/**
 * A stream that nothing was done in yet.
 * @returns {{id: string, made: number}} 32 hexadecimal digits
 */
export function newStream() {
  return { id: hexOf(randomBytes(16)), made: 0 };
}
