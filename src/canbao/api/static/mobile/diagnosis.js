/** How the phone and its line are, for whoever helps: numbers and codes, nothing of a person. */

import { randomBytes } from "./bytes.js";
import { faults } from "./faults.js";
import { Line } from "./line.js";
import { APP } from "./release.js";
import { count, get, plain } from "./store.js";

const LINE_BYTES = 131072;
const KINDS = ["task", "draft", "action", "picture", "answer", "parcel"];

/**
 * How fast the line is.
 * @returns {Promise<{wait: number, down: number, up: number}>} milliseconds, bits a second
 * @throws {Offline|Refused}
 */
export async function lineTest() {
  const line = new Line(await get("identity", 1));
  const wait = await timed(line, "GET", "line?bytes=1", { as: "bytes" });
  const down = await timed(line, "GET", `line?bytes=${LINE_BYTES}`, { as: "bytes", expected: LINE_BYTES });
  const up = await timed(line, "POST", "line", { bytes: incompressible(LINE_BYTES) });
  return { wait: Math.round(wait), down: speed(down, wait), up: speed(up, wait) };
}

/**
 * Tell the server how this phone is: numbers and codes, nothing of a person.
 * @throws {Offline|Refused}
 */
export async function sendDiagnosis() {
  const law = await plain("law");
  const json = {
    app: APP,
    law: law ? law.law : "",
    browser: `chromium-${(/Chrome\/([0-9]+)/.exec(navigator.userAgent) || ["", "0"])[1]}`,
    screen: `${screen.width}x${screen.height}`,
    counts: await counts(),
    storage: await storage(),
    errors: await faults(),
  };
  await new Line(await get("identity", 1)).steadily("POST", "diagnosis", { json });
}

/**
 * How much room there is.
 * @returns {Promise<{used: number, quota: number, persisted: boolean}>} bytes; whether the browser promised to keep it
 */
export async function storage() {
  const known = navigator.storage && navigator.storage.estimate ? await navigator.storage.estimate() : {};
  return { used: known.usage || 0, quota: known.quota || 0, persisted: Boolean(await plain("persisted")) };
}

async function counts() {
  const found = await Promise.all(KINDS.map(async (kind) => [kind, await count(kind)]));
  const offset = Math.abs((await plain("offset")) || 0);
  return { ...Object.fromEntries(found), clock_seconds: Math.round(offset / 1000) };
}

async function timed(line, method, path, content) {
  const began = performance.now();
  await line.once(method, path, content);
  return performance.now() - began;
}

function speed(milliseconds, wait) {
  return Math.round((8000 * LINE_BYTES) / Math.max(1, milliseconds - wait));
}

/** `getRandomValues` gives 65,536 bytes at most. */
function incompressible(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) bytes.set(randomBytes(Math.min(65536, length - at)), at);
  return bytes;
}
