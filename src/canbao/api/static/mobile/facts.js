/** What the program says to a form's conditions besides the answers, from what the phone knows (law.survey.SYSTEM). */

import { readDay } from "./engine/days.js";

const SHARED = 3;

/**
 * The facts about a task, as `canbao.survey.judging_forms.facts_of` computes them.
 * @param {Object} task as the surveyor sees it
 * @param {Object<string, string>} written
 * @param {{campaign: Object, today: string, mobiles: string[]}} known `mobiles` are those of the campaign's other tasks
 * @returns {Object<string, ?string>}
 */
export function factsOf(task, written, { campaign, today, mobiles }) {
  const { person } = task;
  const mobile = (written.mobile || "").trim();
  const residence = (written.residence_address || "").trim();
  return {
    attempts_enough: yes(task.failed >= campaign.attempts),
    day_is_outside: yes(isOutside(campaign, written.surveyed_on || "", today)),
    mobile_is_shared: yes(mobile !== "" && mobiles.filter((one) => one === mobile).length >= SHARED),
    residence_is_hukou: yes(Boolean(person.hukou_address) && residence === person.hukou_address),
    sex: person.sex || null,
    birth_date: person.birth_date || null,
  };
}

/**
 * The mobiles in the latest forms of the other tasks of a campaign, as far as they are on this phone.
 * @param {number} id whose form is judged
 * @param {number} campaign
 * @param {Object[]} tasks
 * @param {Object[]} drafts
 * @returns {string[]}
 */
export function mobilesOfOthers(id, campaign, tasks, drafts) {
  const handedIn = new Map(drafts.filter((one) => one.is_handed_in).map((one) => [one.id, one.answers]));
  const others = tasks.filter((one) => one.campaign === campaign && one.id !== id);
  return others.map((one) => (handedIn.get(one.id) || one.answers || {}).mobile).filter(Boolean);
}

function isOutside(campaign, written, today) {
  const day = written ? readDay(written) : null;
  if (day === null) return false;
  const last = campaign.ends_on < today ? campaign.ends_on : today;
  return day < campaign.starts_on || day > last;
}

function yes(holds) {
  return holds ? "1" : "0";
}
