/** PINs: what is wrong with a new one. */

const FEWEST = 6;
const MOST = 12;

/**
 * What is wrong with a new PIN: not of figures, too short, one figure again and again, or a run of them.
 * @param {string} pin
 * @param {number} [digits] how many it has at least
 * @returns {string} in Chinese, empty if nothing is
 */
export function pinFault(pin, digits = FEWEST) {
  if (!/^[0-9]+$/.test(pin)) return "PIN只能用数字";
  if (pin.length < digits || pin.length > MOST) return `PIN要${digits}至${MOST}位数字`;
  return isRun(pin, 0) || isRun(pin, 1) || isRun(pin, 9) ? "PIN太容易猜，不要用同一个数字或连续的数字" : "";
}

/** Whether each figure is `step` above the one before, 0 following on 9. */
function isRun(pin, step) {
  return Array.from(pin.slice(1)).every((one, at) => (Number(one) - Number(pin[at]) + 10) % 10 === step);
}
