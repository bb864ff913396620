/** The pad of large figures on which a PIN is entered; what was entered is never drawn. */

import { html, icon, notice } from "../drawing.js";
import { pinFault } from "../store.js";

const MOST = 12;
const FIGURES = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * A pad for a PIN, below what was wrong with the last one.
 * @param {Object} app
 * @param {{pin: string, fault: string}} entered changed as keys are pressed
 * @param {{label: string, digits: number, done: function(string)}} said
 */
export function pad(app, entered, { label, digits, done }) {
  const press = (key) => {
    if (app.state.busy) return;
    if (key === "erase") entered.pin = entered.pin.slice(0, -1);
    else if (entered.pin.length < MOST) entered.pin += key;
    app.draw();
  };
  const finish = () => entered.pin.length >= digits && done(taken(entered));
  return html`${entered.fault && html`<div role="alert">${notice("bad", entered.fault)}</div>`}
  <div class="pad" role="group" aria-label=${label} onKeyDown=${(event) => typed(event, press, finish)}>
    ${dots(entered.pin.length, digits, label)}
    ${FIGURES.map((figure) => key(figure, figure, () => press(figure)))}
    ${key(icon("erase"), "删除一位", () => press("erase"))} ${key("0", "0", () => press("0"))}
    ${key("确定", "确定", finish, entered.pin.length < digits)}
  </div>`;
}

/**
 * Do something that a PIN is needed for; a wrong one is told above the pad, and after too many the app begins anew.
 * @param {Object} app
 * @param {{fault: string}} entered
 * @param {function(): Promise<*>} what
 * @returns {Promise<*>} what came of it, or false
 */
export async function proved(app, entered, what) {
  try {
    return await what();
  } catch (problem) {
    if (problem.name === "Emptied") await app.emptied(problem.says);
    else if (problem.name === "WrongPin") entered.fault = problem.says;
    else throw problem;
    return false;
  }
}

/**
 * Take a new PIN, which is entered twice.
 * @param {{first: string, fault: string}} entered `first` is empty until it has been entered once
 * @param {string} pin
 * @param {number} digits
 * @returns {boolean} whether it was the second time, and the same
 */
export function isChosen(entered, pin, digits) {
  const isSecond = entered.first !== "";
  if (isSecond) entered.fault = pin === entered.first ? "" : "两次不一样，请重新设一个。";
  else entered.fault = pinFault(pin, digits);
  entered.first = entered.fault ? "" : pin;
  return isSecond && !entered.fault;
}

function taken(entered) {
  const { pin } = entered;
  Object.assign(entered, { pin: "", fault: "" });
  return pin;
}

function key(face, name, act, off = false) {
  return html`<button type="button" aria-label=${name} onClick=${act} disabled=${off}>${face}</button>`;
}

function dots(length, digits, label) {
  const all = Array.from(
    { length: Math.max(length, digits) },
    (_, at) => html`<i class=${at < length ? "full" : ""}></i>`,
  );
  return html`<div class="dots" role="img" aria-label="${label}，已输入 ${length} 位">${all}</div>`;
}

/** Keys of a keyboard do the same, if there is one. */
function typed(event, press, finish) {
  if (/^[0-9]$/.test(event.key)) press(event.key);
  else if (event.key === "Backspace") press("erase");
  else if (event.key === "Enter" && event.target.tagName !== "BUTTON") finish();
}
