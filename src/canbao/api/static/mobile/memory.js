/**
 * What was unsealed, remembered until the phone is locked: each kind with the generation of the store that it was read
 * at. Every write makes a new generation, so that a tab never shows what another one has changed since.
 */

const TOO_LARGE = ["picture", "parcel"];

let remembered = new Map();

/** Nothing is remembered any more. */
export function forgetAll() {
  remembered = new Map();
}

/**
 * The values of a kind as they are at a generation, or null if they aren't remembered.
 * @param {string} kind
 * @param {string|undefined} generation
 * @returns {?Map<string|number, Object>}
 */
export function recalled(kind, generation) {
  const found = remembered.get(kind);
  return found && generation && found.generation === generation ? found.values : null;
}

/**
 * Remember the values of a kind as they were at a generation.
 * @param {string} kind
 * @param {string|undefined} generation
 * @param {Map<string|number, Object>} values
 */
export function remember(kind, generation, values) {
  if (generation && !TOO_LARGE.includes(kind)) remembered.set(kind, { generation, values });
}

/**
 * Go on with a write of our own; what somebody else has changed since it was read is forgotten.
 * @param {Array<[string, string|number, ?Object]>} records
 * @param {{before: string, after: string}} generations
 */
export function follow(records, { before, after }) {
  for (const [kind, known] of remembered) {
    if (known.generation !== before) remembered.delete(kind);
    else known.generation = after;
  }
  for (const [kind, id, value] of records) {
    const known = remembered.get(kind);
    if (known && value === null) known.values.delete(id);
    else if (known) known.values.set(id, frozen(JSON.parse(JSON.stringify(value))));
  }
}

/**
 * A value that nobody changes by accident, for all who ask are given the same.
 * @param {T} value
 * @returns {T}
 * @template T
 */
export function frozen(value) {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
