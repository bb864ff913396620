/** Work that only one tab does at a time. */

const waiting = new Map();

/**
 * Do `work` when nobody else does work of that name, in this tab or another one. Without the browser's locks (a page
 * that is not served securely) other tabs are not seen; then the store's own comparisons hold them apart.
 * @param {string} name
 * @param {function(): Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 */
export function alone(name, work) {
  if (navigator.locks) return navigator.locks.request(name, work);
  const done = (waiting.get(name) || Promise.resolve()).then(work);
  waiting.set(
    name,
    done.catch(() => {}),
  );
  return done;
}
