/** Decision tables of `canbao law export`, as `canbao.core.tables` and `canbao.core.registration` judge them. */

import { holds, itemOf, recordOf } from "./conditions.js";

/**
 * What a table says of one record; `value` and `rule` are null when it does not apply or can't tell (`undetermined`).
 * @typedef {Object} Decision
 * @property {?string} value
 * @property {?string} rule the winning row
 * @property {string[]} alsoMatching later rows that would have matched
 * @property {boolean} undetermined
 */

/**
 * Judge one record: the first row in the profile's order whose condition holds; the row "otherwise" wins only if no
 * other might hold.
 * @param {Object} table as exported
 * @param {string} profile
 * @param {import("./conditions.js").JudgedRecord} record
 * @returns {Decision}
 */
export function decide(table, profile, record) {
  if (table.only_when !== null && holds(table.only_when, record) !== true) return decision(null);
  const rows = table.orders[profile].map((id) => ({ id, ...table.rows[id] }));
  const judged = rows.filter((row) => !isFallback(row)).map((row) => ({ row, answer: holds(row.when, record) }));
  const matching = judged.filter((one) => one.answer === true).map((one) => one.row);
  if (matching.length > 0) return decision(matching[0], matching.slice(1));
  if (judged.some((one) => one.answer === null)) return { ...decision(null), undetermined: true };
  return decision(rows.find(isFallback) || null);
}

/**
 * All derived items in the order in which they need each other, each with its rule; what the disposition asks besides
 * (an item missing, an item wrong) is found out on the way.
 * @param {Object} law as exported
 * @param {string} profile
 * @param {import("./conditions.js").JudgedRecord} record the items that are known, of them `open_conflict` as "1" or "0"
 * @returns {{items: Object, decisions: Object<string, Decision>}}
 */
export function decideAll(law, profile, record) {
  const items = { ...record.items };
  const decisions = {};
  for (const item of law.decided_in_order) {
    const soFar = recordOf(items, record.asOf, record.qualities);
    if (item === "disposition") Object.assign(items, marks(law, soFar));
    decisions[item] = decide(law.tables[item], profile, soFar);
    items[item] = decisions[item].value;
    items[`${item}_rule`] = decisions[item].rule;
  }
  return { items, decisions };
}

/**
 * The required items that are missing, as [requirement, field].
 * @param {Object} law as exported
 * @param {import("./conditions.js").JudgedRecord} record
 * @param {string} [severity]
 * @returns {Array<[string, string]>}
 */
export function missingItems(law, record, severity = "error") {
  return law.requirements
    .filter((one) => one.severity === severity && holds(one.who, record) === true)
    .flatMap((one) => one.fields.filter((name) => itemOf(record, name) === null).map((name) => [one.id, name]));
}

/**
 * The ids of the checks that find something wrong with the person.
 * @param {Object} law as exported
 * @param {import("./conditions.js").JudgedRecord} record
 * @param {string} [severity]
 * @returns {string[]}
 */
export function wrongItems(law, record, severity = "error") {
  const found = ([, check]) => check.severity === severity && holds(check.when, record) === true;
  return Object.entries(law.checks)
    .filter(found)
    .map(([id]) => id);
}

function marks(law, record) {
  return {
    item_missing: missingItems(law, record).length > 0 ? "1" : "0",
    item_wrong: wrongItems(law, record).length > 0 ? "1" : "0",
  };
}

function isFallback(row) {
  return "otherwise" in row.when;
}

function decision(row, others = []) {
  return {
    value: row && row.gives,
    rule: row && row.id,
    alsoMatching: others.map((one) => one.id),
    undetermined: false,
  };
}
