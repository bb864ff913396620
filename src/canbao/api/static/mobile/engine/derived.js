/** What would be registered if a form's answers came in as they are, as `canbao.survey.derived` has it. */

import { holds, itemsOf, recordOf } from "./conditions.js";
import { decide } from "./tables.js";

const JUDGED = ["employment_status", "no_unit_type", "uninsured_reason"];
const TOLD_OF = ["1", "5"];

/**
 * An item as it would be, with the words of the rule that decides, and what is registered now.
 * @typedef {{item: string, label: string, value: ?string, now: ?string, phrase: string}} Outcome
 */

/**
 * The items that the form decides about; none for a person without `qualities`, of whom the register knows nothing.
 * @param {Object} law as `GET law` gives it, with `profile`
 * @param {Object} person a task's, with `qualities` as a list of names
 * @param {Object<string, string>} answers of a Reading
 * @param {string} today ISO
 * @returns {Outcome[]}
 */
export function wouldBe(law, person, answers, today) {
  if (!person.qualities || !TOLD_OF.includes(answers.survey_outcome)) return [];
  const { qualities, ...plain } = person;
  const record = recordOf(itemsOf(plain, law.fields), today, qualitiesWith(law, qualities, answers, today));
  return JUDGED.map((item) => {
    const { value, rule } = decide(law.tables[item], law.profile, record);
    record.items[item] = value;
    return outcome(law, item, value, rule, plain[item]);
  });
}

/** What sources say of the person, and what the form does in place of an earlier one. */
function qualitiesWith(law, known, answers, today) {
  const told = recordOf(answers, today);
  const ofSurvey = Object.keys(law.qualities).filter((id) => law.qualities[id].of === "survey");
  const said = ofSurvey.filter((id) => holds(law.qualities[id].when, told) === true);
  return [...known.filter((id) => !ofSurvey.includes(id)), ...said];
}

function outcome(law, item, value, rule, now) {
  const phrase = rule ? law.tables[item].rows[rule].phrase : "";
  return { item, label: law.fields[item].label, value, now: now || null, phrase };
}
