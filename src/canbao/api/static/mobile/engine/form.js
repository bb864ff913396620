/**
 * Answers to the registration form, judged as `canbao.core.survey_form` does: what is asked, missing and wrong.
 *
 * A form is what `canbao.core.export.exported_form` writes: a city's changes are in it already.
 */

import { dayOf, holds, itemOf, own, recordOf } from "./conditions.js";
import { readDay } from "./days.js";
import { lengthOf, normaliseText, trimmed } from "./text.js";

/** What is found besides the law's findings: an answer that is missing, of no meaning, or too long; these block. */
export const NEEDED = "needed";
export const WRONG = "wrong";
export const TOO_LONG = "too_long";

const SHOWN_CODES = 8;
const MOBILE = /^1[0-9]{10}$/;
const PHONE = /^[0-9][0-9 -]{5,18}[0-9](?:转[0-9]{1,6})?$/;
const HOW = {
  day: "请填日期，如 2026-06-30",
  mobile: "请填 11 位手机号码",
  phone: "请填电话号码，如 0757-12345678",
};

/**
 * What is wrong at a question: `rule` is the finding's id, or NEEDED, WRONG or TOO_LONG.
 * @typedef {{rule: string, question: string, severity: string, says: string}} Found
 */

/**
 * Answers as they are kept: normalised, those of questions that are asked; `kept` is what was written to others.
 * @typedef {Object} Reading
 * @property {Object<string, string>} answers
 * @property {Set<string>} asked
 * @property {Found[]} found
 * @property {Object<string, string>} kept
 */

/**
 * Read what somebody has written, and say what is wrong with it.
 * @param {Object} form as exported
 * @param {Object<string, string>} written by question
 * @param {Object<string, ?string>} facts what the program says: "1" and "0", `sex`, and `birth_date` as an ISO day
 * @param {string} asOf the day of judgement, ISO
 * @returns {Reading}
 */
export function readAnswers(form, written, facts, asOf) {
  const known = factsOf(facts);
  const { answers, found } = understood(form, written);
  const asked = askedOf(form, answers, known, asOf);
  const isAsked = ([name]) => asked.has(name);
  const record = recordOf({ ...known, ...chosen(answers, isAsked) }, asOf);
  return {
    answers: chosen(answers, ([name, value]) => asked.has(name) && value !== ""),
    asked,
    found: allFound(
      form,
      record,
      asked,
      found.filter((one) => asked.has(one.question)),
    ),
    kept: chosen(written, ([name, text]) => !asked.has(name) && trimmed(text) !== ""),
  };
}

/**
 * The warnings that nobody has given a reason for, as they block then.
 * @param {Found[]} found
 * @param {Object<string, string>} reasons by finding
 * @returns {Found[]}
 */
export function withReasons(found, reasons) {
  return found
    .filter((one) => one.severity === "warn" && trimmed(own(reasons, one.rule) || "") === "")
    .map((one) => ({ ...one, severity: "block", says: `${one.says}（请写明原因）` }));
}

/**
 * What keeps the form from being handed in: what is wrong, and the warnings without a reason.
 * @param {Found[]} found
 * @param {Object<string, string>} reasons by finding
 * @returns {Found[]}
 */
export function unfinished(found, reasons) {
  return [...found.filter((one) => one.severity === "block"), ...withReasons(found, reasons)];
}

/**
 * All questions by id, in their order.
 * @param {Object} form as exported
 * @returns {Map<string, Object>}
 */
export function questionsOf(form) {
  return new Map(form.sections.flatMap((section) => section.questions).map((one) => [one.id, one]));
}

function allFound(form, record, asked, unread) {
  const wrong = new Set(unread.map((one) => one.question));
  const missing = missingOf(form, record).filter((one) => asked.has(one.question) && !wrong.has(one.question));
  return [...unread, ...missing, ...oddOf(form, record).filter((one) => !wrong.has(one.question))];
}

function understood(form, written) {
  const answers = {};
  const found = [];
  for (const question of questionsOf(form).values()) {
    const text = normaliseText(own(written, question.id) || "");
    const value = text ? valueOf(question, text) : "";
    if (text && !value) found.push(fault(WRONG, question, howTo(question)));
    else if (lengthOf(value) > question.longest) found.push(fault(TOO_LONG, question, `最多 ${question.longest} 个字`));
    answers[question.id] = value;
  }
  return { answers, found };
}

function valueOf(question, text) {
  if (question.kind === "code") return codeOf(question.options, text);
  if (question.kind === "day") return readDay(text) || "";
  if (question.kind === "mobile") return MOBILE.test(text) ? text : "";
  if (question.kind === "phone") return PHONE.test(text) ? text : "";
  return text;
}

/** The code that is meant: the code itself, `1.`, `1 完成` or the label. */
function codeOf(options, text) {
  const said = text.replace(/[.、． ]+$/, "");
  const isMeant = ([code, label]) =>
    [code, label, `${code} ${label}`, `${code}.${label}`, `${code}、${label}`].includes(said);
  const found = options.find(isMeant);
  return found ? found[0] : "";
}

function howTo(question) {
  if (question.kind !== "code") return HOW[question.kind] || "请重新填写";
  const codes = question.options.slice(0, SHOWN_CODES).map(([code, label]) => `${code} ${label}`);
  return `请填代码：${codes.join("、")}`;
}

/** The questions that are asked, from the first to the last: what is not asked doesn't decide about later ones. */
function askedOf(form, answers, facts, asOf) {
  const record = recordOf({ ...facts }, asOf);
  const asked = new Set();
  for (const section of form.sections) {
    for (const question of section.questions) {
      if (isTrue(section.shown, record) && isTrue(question.shown, record)) {
        asked.add(question.id);
        record.items[question.id] = answers[question.id];
      }
    }
  }
  return asked;
}

function missingOf(form, record) {
  return [...questionsOf(form).values()]
    .filter((one) => one.needed !== null && isTrue(one.needed, record) && itemOf(record, one.id) === null)
    .map((one) => fault(NEEDED, one, `请填写${one.label}`));
}

function oddOf(form, record) {
  return form.findings
    .filter((one) => one.severity !== "ignore" && holds(one.when, record) === true)
    .map((one) => ({ rule: one.id, question: one.question, severity: one.severity, says: one.says }));
}

function isTrue(condition, record) {
  return condition === null || holds(condition, record) === true;
}

function factsOf(facts) {
  return "birth_date" in facts ? { ...facts, birth_date: dayOf(facts.birth_date) } : facts;
}

function chosen(object, isWanted) {
  return Object.fromEntries(Object.entries(object).filter(isWanted));
}

function fault(rule, question, says) {
  return { rule, question: question.id, severity: "block", says };
}
