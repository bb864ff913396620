/** Text in its one normal form, as `canbao.core.text` has it: NFKC, nothing that can't be seen, no blanks at the ends. */

const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u034f\u115f\u1160\u3164\uffa0\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** What Python takes for a blank: `trim` would also take U+FEFF, and not U+001C to U+001F and U+0085. */
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const BLANK_ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, "g");

/**
 * The text in Unicode form NFKC without control, zero-width or bidirectional characters, trimmed.
 * @param {string} raw
 * @returns {string}
 */
export function normaliseText(raw) {
  return trimmed(raw.replace(UNSEEN, "").normalize("NFKC"));
}

/**
 * The text without blanks at its ends.
 * @param {string} text
 * @returns {string}
 */
export function trimmed(text) {
  return text.replace(BLANK_ENDS, "");
}

/**
 * How many characters a reader counts: one beyond U+FFFF is one, not two.
 * @param {string} text
 * @returns {number}
 */
export function lengthOf(text) {
  return Array.from(text).length;
}
