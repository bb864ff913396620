/** The time as the server has it: the phone's clock with what it was wrong by at the last contact. */

import { plain } from "./store.js";

const CHINA = 8 * 3600 * 1000;
const A_DAY = 24 * 3600 * 1000;

/**
 * The corrected time.
 * @returns {Promise<number>} milliseconds since 1970
 */
export async function now() {
  return Date.now() + ((await plain("offset")) || 0);
}

/**
 * The day in China, whatever zone the phone is set to.
 * @returns {Promise<string>} ISO
 */
export async function today() {
  return dayAt(await now());
}

/**
 * @param {number} at milliseconds since 1970
 * @returns {string} the day in China, ISO
 */
export function dayAt(at) {
  return new Date(at + CHINA).toISOString().slice(0, 10);
}

/**
 * How long the phone has been without the server, and how long it may be.
 * @returns {Promise<{days: number, most: number}>} whole days
 */
export async function daysAlone() {
  const [contact, limits] = [await plain("contact"), await plain("limits")];
  const since = contact ? (await now()) - contact.at : 0;
  return { days: Math.max(0, Math.floor(since / A_DAY)), most: limits ? limits.offline_days : Infinity };
}
