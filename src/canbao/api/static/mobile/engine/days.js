/** Days as people write them, and the ages that follow, as `canbao.core.dates` has them. A day is an ISO text; no clock. */

import { normaliseText } from "./text.js";

const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MILLISECONDS_A_DAY = 86400000;

const CLOCK = "(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]+)?)?(?: ?Z|[+-][0-9]{2}:?[0-9]{2})?";
const TIME = `(?:[ T]${CLOCK})?`;
const WRITTEN = [
  `([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})${TIME}`,
  `([0-9]{4})()([0-9]{2})([0-9]{2})(?:\\.0+|(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2})?${TIME}`,
  `([0-9]{4})() ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日${TIME}`,
].map((one) => new RegExp(`^${one}$`));
const SERIAL = /^([0-9]{5})(?:\.[0-9]+)?$/;

/**
 * The day that a text means as YYYY-MM-DD, or null for anything that is no day between 1800 and 2200.
 * @param {string} raw in any of the forms that `read_day` takes
 * @returns {?string}
 */
export function readDay(raw) {
  const text = normaliseText(raw);
  const serial = SERIAL.exec(text);
  if (serial) return serialDay(Number(serial[1]));
  const match = WRITTEN.map((one) => one.exec(text)).find(Boolean);
  return match ? realDay(Number(match[1]), Number(match[3]), Number(match[4])) : null;
}

/**
 * The day if the calendar has it and its year lies between 1800 and 2200, else null.
 * @param {number} year
 * @param {number} month
 * @param {number} day
 * @returns {?string}
 */
export function realDay(year, month, day) {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12) return null;
  return day >= 1 && day <= lastOf(year, month) ? iso(year, month, day) : null;
}

/**
 * The birthday on which `years` whole years are reached; 29 February falls on 28 February in common years.
 * @param {string} birth an ISO day
 * @param {number} years
 * @returns {string}
 */
export function anniversary(birth, years) {
  const [year, month, day] = birth.split("-").map(Number);
  return iso(year + years, month, Math.min(day, lastOf(year + years, month)));
}

/**
 * Whether somebody born on `birth` has reached the age of `years` on the day `on`: from the birthday itself.
 * @param {string} birth an ISO day
 * @param {number} years
 * @param {string} on an ISO day
 * @returns {boolean}
 */
export function attained(birth, years, on) {
  return on >= anniversary(birth, years);
}

/**
 * 31 August of the year of `asOf`, the school cut-off, be it past or to come.
 * @param {string} asOf an ISO day
 * @returns {string}
 */
export function cutOff(asOf) {
  return `${asOf.slice(0, 4)}-08-31`;
}

/** A spreadsheet's 60 is 29 February 1900, which never was; later serials are one ahead. */
function serialDay(serial) {
  if (serial < 1 || serial === 60) return null;
  const sinceNewYear = serial - (serial > 60 ? 2 : 1);
  return new Date(Date.UTC(1900, 0, 1) + sinceNewYear * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}

function lastOf(year, month) {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : DAYS_OF_MONTHS[month - 1];
}

function iso(year, month, day) {
  return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}
