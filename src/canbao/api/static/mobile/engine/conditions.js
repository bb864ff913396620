/**
 * The conditions of `canbao law export`, judged of one record as `canbao.core.conditions.python` does.
 *
 * An answer is true, false or null: unknown, since an age is unknown without a birth date that has come, and spreads by
 * Kleene's rules.
 */

import { attained, cutOff, readDay } from "./days.js";

/** A day among a record's items: what is compared as a day, while a text that looks like one is not. */
export class Day {
  /** @param {string} iso YYYY-MM-DD */
  constructor(iso) {
    this.iso = iso;
  }

  toString() {
    return this.iso;
  }
}

/**
 * What conditions look at.
 * @typedef {Object} JudgedRecord
 * @property {Object<string, (string|Day|null)>} items by field name
 * @property {string} asOf the day of judgement, ISO
 * @property {Set<string>} qualities
 */

/**
 * A record of items, the day of judgement and the names of qualities.
 * @param {Object<string, (string|Day|null)>} items
 * @param {string} asOf ISO day
 * @param {Iterable<string>} [qualities]
 * @returns {JudgedRecord}
 */
export function recordOf(items, asOf, qualities = []) {
  return { items, asOf, qualities: new Set(qualities) };
}

/**
 * The items as conditions want them, from JSON: texts of those fields that are days become days.
 * @param {Object<string, ?string>} plain
 * @param {Object<string, {type: string}>} fields the law's
 * @returns {Object<string, (string|Day|null)>}
 */
export function itemsOf(plain, fields) {
  return Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [name, isDayField(fields, name) ? dayOf(value) : value]),
  );
}

/**
 * The day that an ISO text or another way of writing means, to stand among items; null if it means none.
 * @param {?string} value
 * @returns {?Day}
 */
export function dayOf(value) {
  const iso = value ? readDay(value) : null;
  return iso ? new Day(iso) : null;
}

/**
 * What stands under a name of the object itself, or undefined: "constructor" may be a question.
 * @template Value
 * @param {Object<string, Value>} object
 * @param {string} name
 * @returns {Value|undefined}
 */
export function own(object, name) {
  return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
}

/**
 * Whether the condition holds for the record; null when an age is unknown and decides.
 * @param {Object} condition with exactly one key
 * @param {JudgedRecord} record
 * @returns {?boolean}
 * @throws {Error} for a condition that is not on the closed list
 */
export function holds(condition, record) {
  const [[key, value]] = Object.entries(condition);
  const judge = own(WORDS, key);
  return judge ? judge(value, record) : aboutField(itemOf(record, key), value, record);
}

const WORDS = {
  always: () => true,
  otherwise: () => true,
  has: (qualities, record) => qualities.some((one) => record.qualities.has(one)),
  all: (parts, record) => every(parts.map((part) => holds(part, record))),
  any: (parts, record) => some(parts.map((part) => holds(part, record))),
  not: (part, record) => not(holds(part, record)),
  age_on_31_august: (bounds, record) => age(bounds, record, cutOff(record.asOf)),
  age_on_day: (bounds, record) => age(bounds, record, record.asOf),
};

const RELATIONS = {
  begins_with: (item, prefixes) => prefixes.some((one) => String(item === null ? "" : item).startsWith(one)),
  begins_with_field: (item, other, record) => beginsWith(item, itemOf(record, other)),
  before_field: (item, other, record) => isBefore(item, itemOf(record, other)),
};

function aboutField(item, value, record) {
  if (value === "present" || value === "missing") return (item !== null) === (value === "present");
  if (Array.isArray(value)) return value.includes(item);
  const [[relation, other]] = Object.entries(value);
  const judge = own(RELATIONS, relation);
  if (!judge) throw new Error(`condition ${relation} is not on the list`);
  return judge(item, other, record);
}

/**
 * The item's value; the empty text counts as missing.
 * @param {JudgedRecord} record
 * @param {string} name a field, or `as_of`
 * @returns {string|Day|null}
 */
export function itemOf(record, name) {
  return name === "as_of" ? new Day(record.asOf) : own(record.items, name) || null;
}

function isDayField(fields, name) {
  const field = own(fields, name);
  return field !== undefined && (field.type === "D8" || field.type === "T14");
}

function beginsWith(item, other) {
  return typeof item === "string" && typeof other === "string" && item.startsWith(other);
}

function isBefore(item, other) {
  return item instanceof Day && other instanceof Day && item.iso < other.iso;
}

function age(bounds, record, on) {
  const birth = itemOf(record, "birth_date");
  if (!(birth instanceof Day) || birth.iso > on) return null;
  const isOldEnough = bounds.at_least === undefined || attained(birth.iso, bounds.at_least, on);
  const isYoungEnough = bounds.below === undefined || !attained(birth.iso, bounds.below, on);
  return isOldEnough && isYoungEnough;
}

function every(answers) {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

function some(answers) {
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

function not(answer) {
  return answer === null ? null : !answer;
}
