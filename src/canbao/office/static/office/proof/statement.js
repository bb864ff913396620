// What the QR code of a proof says, read and verified here: figures, COSE_Sign1 with Ed25519, a CWT. Nothing is sent.
import { CBORTag, decodeCBOR, encodeCBOR } from "../vendor/tiny-cbor/index.js";
import { verifyAsync } from "../vendor/noble-ed25519/index.js";

const [SIGN1, ALGORITHM, KEY_ID, EDDSA] = [18, 1, 4, -8];
const [EXPIRES, ISSUED, NUMBER, SAID] = [4, 6, 7, -65537];
const FIGURES = /^[0-9]{100,1450}$/;

/** A statement that can't be believed; the message says why. */
export class NotAsMade extends Error {}

/** The bytes in what was scanned: an address or figures alone. */
export function readFigures(text) {
  const figures = text.slice(text.lastIndexOf("#") + 1).replace(/\s/g, "");
  if (!FIGURES.test(figures)) throw new NotAsMade("不是参保证明的二维码内容；请重新扫描，并粘贴全部内容");
  let hex = BigInt(figures).toString(16);
  if (hex.length % 2) hex = "0" + hex;
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

/** What a statement says, if one of the published keys (a JWK set) has signed it. */
export async function verified(bytes, keys) {
  const { head, payload, signature, key, claims } = takenApart(bytes, keys);
  if (!key) throw new NotAsMade("签名密钥不在公布的密钥之列，不能证明出自登记库");
  const signed = encodeCBOR(["Signature1", head, new Uint8Array(0), payload]);
  if (!(await isSigned(signature, signed, key))) {
    throw new NotAsMade("签名不对：内容有改动，或不是登记库出具的");
  }
  return claims();
}

function takenApart(bytes, keys) {
  try {
    const tag = decodeCBOR(bytes);
    if (!(tag instanceof CBORTag) || tag.tag !== SIGN1) throw new Error();
    const [head, unprotected, payload, signature] = tag.value;
    const named = decodeCBOR(head);
    if (unprotected.size || named.get(ALGORITHM) !== EDDSA) throw new Error();
    if (![head, payload, signature, named.get(KEY_ID)].every((part) => part instanceof Uint8Array)) throw new Error();
    const id = toHex(named.get(KEY_ID));
    const key = keys.keys.find((one) => one.kid === id);
    return { head, payload, signature, key, claims: () => said(decodeCBOR(payload)) };
  } catch {
    throw new NotAsMade("内容读不懂：不是参保证明，或有改动");
  }
}

/** The browser's own Ed25519 where it has one, else that of the library. */
async function isSigned(signature, signed, key) {
  const raw = fromBase64Url(key.x);
  try {
    const known = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, signed);
  } catch {
    return isSignedByLibrary(signature, signed, raw);
  }
}

async function isSignedByLibrary(signature, signed, raw) {
  try {
    return await verifyAsync(signature, signed, raw, { zip215: false });
  } catch {
    return false;
  }
}

function said(claims) {
  const [name, lastFour, covers, leftOut] = claims.get(SAID);
  return {
    number: new TextDecoder().decode(claims.get(NUMBER)),
    name, lastFour, leftOut,
    covers: covers.map(([type, paid, drawn, place, since, away]) => ({ type, paid, drawn, place, since, away })),
    issuedAt: new Date(claims.get(ISSUED) * 1000),
    expiresAt: new Date(claims.get(EXPIRES) * 1000),
  };
}

const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function fromBase64Url(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
