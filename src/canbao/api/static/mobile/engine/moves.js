/** The state that a thing comes to by a move, and the moves that are open to it, as `canbao.core.progress` has them. */

/** The move is not open from here; the message says in Chinese what state the thing is in. */
export class IllegalMove extends Error {}

/**
 * The state after a move; throws IllegalMove if the law has no such move from there.
 * @param {Object} flow as exported
 * @param {?string} state null: not begun
 * @param {string} move
 * @returns {string}
 */
export function after(flow, state, move) {
  const found = flow.moves.find((one) => one.id === move);
  if (found && isOpen(found, state)) return found.to;
  const where = state ? flow.states[state] : "还没有开始";
  throw new IllegalMove(`${flow.label}现在是“${where}”，不能“${found ? found.label : move}”；请刷新页面后再看`);
}

/**
 * The moves that can be made from a state.
 * @param {Object} flow as exported
 * @param {?string} state null: not begun
 * @returns {Array<{id: string, label: string, from: string[], to: string}>}
 */
export function openMoves(flow, state) {
  return flow.moves.filter((one) => isOpen(one, state));
}

function isOpen(move, state) {
  return state ? move.from.includes(state) : move.from.length === 0;
}
