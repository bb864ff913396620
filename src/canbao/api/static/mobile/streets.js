/** The order in which a surveyor walks: place by place, and in each by street and door. */

const PARTS = /[0-9]+|[零〇一二两三四五六七八九十百千]+|[^0-9零〇一二两三四五六七八九十百千]+/g;
const FIGURES = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const TENS = { 十: 10, 百: 100, 千: 1000 };

/**
 * Tasks in walking order: by place, then by the address that is to be visited; 2号 comes before 10号, 三巷 before 十巷.
 * @param {Object[]} tasks
 * @returns {Object[]}
 */
export function inWalkingOrder(tasks) {
  return tasks
    .map((task) => ({ task, place: task.place || "", door: partsOf(addressOf(task)) }))
    .sort((one, other) => compared(one.place, other.place) || byDoor(one, other) || one.task.id - other.task.id)
    .map(({ task }) => task);
}

/**
 * Where somebody is to be visited: where they live, else where they are registered.
 * @param {Object} task
 * @returns {string}
 */
export function addressOf({ person }) {
  return (person && (person.residence_address || person.hukou_address)) || "";
}

/** An address as texts and numbers, in turn as they come. */
function partsOf(address) {
  return (address.normalize("NFKC").match(PARTS) || []).map(valueOf);
}

function valueOf(part) {
  if (/^[0-9]/.test(part)) return Number(part);
  return part[0] in FIGURES || part[0] in TENS ? chineseNumber(part) : part;
}

/** 十二 is 12, 一百零三 is 103, 二〇三 is 203. */
function chineseNumber(text) {
  if (!Array.from(text).some((one) => one in TENS)) return Number(Array.from(text, (one) => FIGURES[one]).join(""));
  let sum = 0;
  let figure = null;
  for (const one of text) {
    if (one in TENS) sum += (figure === null ? 1 : figure) * TENS[one];
    figure = one in TENS ? null : FIGURES[one] || null;
  }
  return sum + (figure || 0);
}

function byDoor({ door }, { door: other }) {
  for (let at = 0; at < Math.min(door.length, other.length); at += 1) {
    const order = compared(door[at], other[at]);
    if (order) return order;
  }
  return door.length - other.length;
}

/** Numbers come before texts. */
function compared(one, other) {
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return one < other ? -1 : Number(one > other);
}
