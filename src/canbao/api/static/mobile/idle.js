/** When the app locks by itself: after some seconds without a touch, in sight or out of it. */

const LOOK_EVERY = 2000;
const TOUCHES = ["pointerdown", "keydown", "input", "scroll"];

/**
 * Watch for touches, and lock when there was none for long enough.
 * While the app is out of sight it is covered, so that the list of open apps shows nobody.
 * @param {function(): number} seconds after how many
 * @param {function} lock
 */
export function idleLock(seconds, lock) {
  let touched = Date.now();
  const touch = () => (touched = Date.now());
  const look = async () => {
    const passed = Date.now() - touched;
    if (passed >= 0 && passed < seconds() * 1000) return;
    if (passed > 0) await lock();
    touch();
  };
  TOUCHES.forEach((name) => document.addEventListener(name, touch, { capture: true, passive: true }));
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) return document.body.classList.add("covered");
    await look();
    return document.body.classList.remove("covered");
  });
}
