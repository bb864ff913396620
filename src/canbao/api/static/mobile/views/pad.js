/** The pad of large figures on which a PIN is entered; what was entered is never drawn. */

import { html, icon } from "../drawing.js";

const MOST = 12;
const FIGURES = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * A pad for a PIN.
 * @param {Object} app
 * @param {{pin: string}} entered changed as keys are pressed
 * @param {{label: string, digits: number, done: function(string)}} said
 */
export function pad(app, entered, { label, digits, done }) {
  const press = (key) => {
    if (app.state.busy) return;
    if (key === "erase") entered.pin = entered.pin.slice(0, -1);
    else if (entered.pin.length < MOST) entered.pin += key;
    app.draw();
  };
  const finish = () => entered.pin.length >= digits && done(entered.pin);
  return html`<div class="pad" role="group" aria-label=${label} onKeyDown=${(event) => typed(event, press, finish)}>
    ${dots(entered.pin.length, digits, label)}
    ${FIGURES.map((figure) => key(figure, figure, () => press(figure)))}
    ${key(icon("erase"), "删除一位", () => press("erase"))} ${key("0", "0", () => press("0"))}
    ${key("确定", "确定", finish, entered.pin.length < digits)}
  </div>`;
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
