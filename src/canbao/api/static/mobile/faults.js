/** What went wrong on the phone, as codes with numbers: for the diagnosis, without a word about anybody. */

import { asked, PLAIN, transact } from "./database.js";

const NAME = "faults";
const MOST = 20;
const LONGEST = 40;

/**
 * Note that something went wrong; never fails itself.
 * @param {string} what of letters, figures and `_.-`; kept in small letters, as far as the server takes them
 */
export async function noted(what) {
  const code = what.toLowerCase().slice(0, LONGEST);
  await transact("readwrite", async (shelf) => {
    const known = (await asked(shelf(PLAIN).get(NAME))) || [];
    const times = 1 + (known.find((one) => one.code === code) || { times: 0 }).times;
    const others = known.filter((one) => one.code !== code);
    shelf(PLAIN).put([{ code, at: Date.now(), times }, ...others].slice(0, MOST), NAME);
  }).catch(() => {});
}

/**
 * What went wrong, the latest first.
 * @returns {Promise<Array<{code: string, at: number, times: number}>>}
 */
export async function faults() {
  return (await transact("readonly", (shelf) => asked(shelf(PLAIN).get(NAME)))) || [];
}
