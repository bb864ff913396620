/** The one state that everything is drawn from. */

/** How the app looks and behaves until the surveyor wants it otherwise. */
export const PREFERENCES = { type: "normal", theme: "auto", hand: "right", form: "scroll", lock: 0, position: true };

const ABOUT_PEOPLE = {
  data: {},
  identity: null,
  progress: null,
  tasks: null,
  synced: null,
  busy: "",
  said: "",
  problem: "",
};

/** The state; what is known of people is in what `forget` takes away. */
export const state = {
  ...ABOUT_PEOPLE,
  pages: [{ name: "opening", params: {}, scroll: 0 }],
  preferences: { ...PREFERENCES },
  law: null,
  limits: null,
  contact: null,
  offset: 0,
  tested: null,
  syncing: "",
  steps: null,
  standing: "",
  hasUpdate: false,
};

/** The page that is open. */
export function top() {
  return state.pages[state.pages.length - 1];
}

/** Forget everything that is known of anybody. */
export function forget() {
  Object.assign(state, ABOUT_PEOPLE, { data: {} });
}
