/**
 * The line to the server: one request at a time, each with an end to its patience.
 *
 * A request that breaks, or that a busy server sends away, is made again after a pause that doubles, until a run's
 * patience is used up; then the phone is offline. Nothing of a person is in an address, and nothing is cached.
 */

import { textOf } from "./bytes.js";
import { Offline, Refused } from "./errors.js";
import { APP } from "./release.js";

const ROOT = "/api/phone/";
const LEAST_WAIT = 20000;
const BYTES_A_MILLISECOND = 4;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 16000;
const PATIENCE = 60000;
const PASSING = [429, 503];

/** A request that came to no answer; it may have arrived or not. */
class Broken extends Error {}

/** What one run has to say to the server, in the name of one device. */
export class Line {
  /**
   * @param {?{device: string, secret: string}} identity null for who is not bound
   * @param {{patience: number, firstPause: number}} [manner] milliseconds: for all pauses together, for the first one
   */
  constructor(identity, { patience = PATIENCE, firstPause = FIRST_PAUSE } = {}) {
    this.identity = identity;
    this.patience = patience;
    this.firstPause = firstPause;
    this.pause = firstPause;
  }

  /**
   * Ask, again and again if need be; only for what may arrive twice.
   * @param {string} method
   * @param {string} path
   * @param {Object} [content] as `once` takes it
   * @returns {Promise<Object>} the answer
   * @throws {Offline|Refused}
   */
  async steadily(method, path, content) {
    for (;;) {
      const answer = await this.attempt(method, path, content);
      if (answer !== null) return answer;
    }
  }

  /**
   * Ask once; null, after a pause, if the line broke.
   * @param {string} method
   * @param {string} path
   * @param {Object} [content] as `once` takes it
   * @returns {Promise<?Object>} the answer
   * @throws {Offline|Refused}
   */
  async attempt(method, path, content) {
    const began = performance.now();
    try {
      const answer = await this.asked(method, path, content);
      this.pause = this.firstPause;
      return answer;
    } catch (error) {
      if (!(error instanceof Broken) && typeof error.pause !== "number") throw error;
      await this.rest(Math.max(error.pause || 0, this.pause), performance.now() - began, asTold(error));
      return null;
    }
  }

  /**
   * Ask once, and once only.
   * @param {string} method
   * @param {string} path
   * @param {{json: ?Object, bytes: ?Uint8Array, expected: ?number, tag: ?string, as: ?string}} [content] what is sent,
   *   how many bytes may come back, the digest of what is known already, and "bytes" for an answer that is no JSON
   * @returns {Promise<Object>} the answer; `{}` for one that is empty or known already
   * @throws {Offline|Refused}
   */
  once(method, path, content) {
    return this.asked(method, path, content).catch((error) => Promise.reject(asTold(error)));
  }

  async asked(method, path, content = {}) {
    if (navigator.onLine === false) throw new Offline();
    const body = content.json ? JSON.stringify(content.json) : content.bytes;
    const controller = new AbortController();
    const end = setTimeout(() => controller.abort(), waitFor((body ? body.length : 0) + (content.expected || 0)));
    try {
      const response = await fetch(ROOT + path, this.request(method, body, content, controller.signal));
      return await answerOf(response, content.as);
    } catch (error) {
      throw error instanceof Refused || error instanceof Broken ? error : new Broken();
    } finally {
      clearTimeout(end);
    }
  }

  request(method, body, { json, tag }, signal) {
    const headers = { "X-Canbao-App": String(APP) };
    if (this.identity) headers.Authorization = `Phone ${this.identity.device}.${this.identity.secret}`;
    if (body !== undefined) headers["Content-Type"] = json ? "application/json" : "application/octet-stream";
    if (tag) headers["If-None-Match"] = `"${tag}"`;
    return { method, headers, body, signal, cache: "no-store", credentials: "omit", redirect: "error" };
  }

  /** Wait before the next attempt; what the failed one has cost is patience, too. */
  async rest(pause, spent, error) {
    this.patience -= pause + spent;
    if (this.patience < 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }
}

function asTold(error) {
  return error instanceof Broken ? new Offline() : error;
}

function waitFor(bytes) {
  return LEAST_WAIT + bytes / BYTES_A_MILLISECOND;
}

/** A hotel's or an operator's page in place of our answer is a broken line, not an answer. */
async function answerOf(response, as) {
  if (response.status === 204 || response.status === 304) return {};
  const bytes = await response.arrayBuffer();
  if (response.ok) return as === "bytes" ? { bytes } : JSON.parse(textOf(bytes));
  throw refusal(response, JSON.parse(textOf(bytes)));
}

/** `pause` is how long the server asks to be left alone, in milliseconds; null if asking again is of no use. */
function refusal({ status, headers }, { why, says, have }) {
  if (typeof why !== "string") return new Broken();
  const pause = PASSING.includes(status) ? 1000 * Number(headers.get("Retry-After") || 1) : null;
  return Object.assign(new Refused(why, says || `服务器没有接受（${status}）`), { have, pause });
}
