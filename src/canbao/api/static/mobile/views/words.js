/** Times, days and people in the words that a surveyor reads. */

const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEKDAYS = "日一二三四五六";

/**
 * How long ago something was.
 * @param {?number} at milliseconds since 1970, or nothing if it never was
 * @param {number} now
 */
export function ago(at, now) {
  if (!at) return "还没有联系过";
  const passed = Math.max(0, now - at);
  if (passed < MINUTE) return "刚刚";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} 分钟前`;
  return passed < DAY ? `${Math.floor(passed / HOUR)} 小时前` : `${Math.floor(passed / DAY)} 天前`;
}

/**
 * A day as people say it: 今天, 明天, 7月3日 周四.
 * @param {string} iso
 * @param {string} today ISO
 */
export function dayWord(iso, today) {
  const days = daysBetween(today, iso);
  if (days >= -1 && days <= 2) return ["昨天", "今天", "明天", "后天"][days + 1];
  return longDay(iso, iso.slice(0, 4) !== today.slice(0, 4));
}

/**
 * A day in full: 7月3日 周四, with the year if wanted.
 * @param {string} iso
 * @param {boolean} [hasYear]
 */
export function longDay(iso, hasYear = false) {
  const [year, month, day] = iso.split("-").map(Number);
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return `${hasYear ? `${year}年` : ""}${month}月${day}日 周${weekday}`;
}

/**
 * The day so many days later, ISO.
 * @param {string} iso
 * @param {number} days
 */
export function dayAfter(iso, days) {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/**
 * Whole days from one ISO day to another.
 * @param {string} from
 * @param {string} to
 */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}

/**
 * A moment in the phone's own time: 7月3日 14:05.
 * @param {number|string} at milliseconds since 1970, or an ISO time
 */
export function moment(at) {
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes()].map((one) => String(one).padStart(2, "0")).join(":");
  return `${time.getMonth() + 1}月${time.getDate()}日 ${clock}`;
}

/**
 * How big something is, in KB or MB.
 * @param {number} bytes
 */
export function size(bytes) {
  return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

/**
 * The whole years since a birth date, or "" if it is not known.
 * @param {?string} birth ISO
 * @param {string} today ISO
 */
export function age(birth, today) {
  if (!birth) return "";
  const years = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return `${years - (today.slice(5) < birth.slice(5) ? 1 : 0)}岁`;
}

/**
 * A number of which only the ends are shown.
 * @param {?string} number
 */
export function masked(number) {
  return number ? `${number.slice(0, 4)}${"*".repeat(Math.max(0, number.length - 8))}${number.slice(-4)}` : "";
}

/**
 * What a code of a list is called.
 * @param {?Object} law
 * @param {string} list
 * @param {?string} code
 */
export function label(law, list, code) {
  const found = ((law && law.codes[list]) || []).find((one) => one.code === code);
  return found ? found.label : code || "";
}

/**
 * What went wrong, in a sentence for the surveyor; a fault of ours is told without its text, which may hold anything.
 * @param {*} problem
 */
export function saying(problem) {
  if (problem.says) return problem.says;
  return "没有做成：手机出了意外的问题。请再试一次；仍然不行，请到“同步”页发送诊断，并告诉街道经办人。";
}
