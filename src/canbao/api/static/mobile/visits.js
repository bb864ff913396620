/** What a visit must be for the server to take it: `canbao.survey.actions.entries` asks the same. */

import { Refused } from "./errors.js";

const LONGEST_NOTE = 200;
const APPOINTMENT = "8";
const FIGURE = "[0-9０-９]";
const IDENTITY = new RegExp(
  `(?:^|[^0-9A-Za-z０-９])(?:${FIGURE} ?){14}${FIGURE}` +
    `(?: ?${FIGURE} ?${FIGURE} ?[0-9０-９XxＸｘ])?(?![0-9A-Za-z０-９])`,
);

/**
 * The visit as it is sent.
 * @param {Object} attempt as the page has it
 * @param {Object} law
 * @param {string} today ISO day
 * @returns {Object}
 * @throws {Refused} saying what is wrong
 */
export function requireVisit(attempt, law, today) {
  const { way, outcome, next_on = null, note = "", latitude = null, longitude = null } = attempt;
  require(Boolean(way), "请选择调查方式");
  require([...law.survey.failed_outcomes, APPOINTMENT].includes(outcome), "走访未果请选结果；已完成的请直接填登记表");
  require(!next_on || next_on >= today, "预约日期不能在今天以前");
  require(note.length <= LONGEST_NOTE, `走访记录最多${LONGEST_NOTE}个字`);
  require(!IDENTITY.test(note), "走访记录里不能写身份号码；请删去后再提交");
  const isFaked = Boolean(attempt.is_position_faked);
  return { way, outcome, next_on: next_on || null, note, latitude, longitude, is_position_faked: isFaked };
}

function require(holds, says) {
  if (!holds) throw new Refused("wrong", says);
}
