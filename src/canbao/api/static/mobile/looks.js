/** How the app looks on this phone: type, light or dark, and for which hand. */

import { PREFERENCES, state } from "./state.js";
import { plain, setPlain } from "./store.js";

const isDark = window.matchMedia("(prefers-color-scheme: dark)");

/**
 * The parts of the app that change its looks.
 * @param {Object} app
 */
export function looks(app) {
  return { prefer: (changes) => prefer(app, changes) };
}

/** Look as the surveyor wanted it the last time, and follow the phone between light and dark. */
export async function dressed() {
  state.preferences = { ...PREFERENCES, ...((await plain("preferences")) || {}) };
  isDark.addListener(dress);
  dress();
}

async function prefer(app, changes) {
  Object.assign(state.preferences, changes);
  dress();
  app.draw();
  await setPlain("preferences", state.preferences);
}

function dress() {
  const { type, theme, hand } = state.preferences;
  const isNight = theme === "dark" || (theme === "auto" && isDark.matches);
  Object.assign(document.documentElement.dataset, { type, hand, theme: isNight ? "dark" : "light" });
}
