/* The service worker: keeps the app's own files, whole and of one version, and nothing that the server says.

   The server puts `const FILES = {address: sha256, …}` before this text, so that the worker is another one as soon as
   any file is. A new one waits until the surveyor agrees (app.js): never in the middle of a form. */
/* global FILES */

const PAGE = "/mobile/";
const PREFIX = "canbao-app-";
/** The name of this version's cache, when it is known: a digest of the list. */
const CACHE = digest(new TextEncoder().encode(JSON.stringify(FILES))).then((sum) => PREFIX + sum.slice(0, 16));

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  const kept = event.request.mode === "navigate" && address.pathname === PAGE ? PAGE : address.pathname;
  if (kept in FILES) event.respondWith(fromCache(kept, event.request));
});

/** Keep every file; what an earlier version has already is not fetched again. */
async function keepAll() {
  const cache = await caches.open(await CACHE);
  await Promise.all(Object.keys(FILES).map((address) => keep(cache, address)));
}

async function keep(cache, address) {
  const earlier = await caches.match(address);
  if (earlier && (await isWhole(earlier, address))) return cache.put(address, earlier);
  const fetched = await fetch(address, { cache: "no-cache", credentials: "omit" });
  if (!fetched.ok || !(await isWhole(fetched, address))) throw new Error(`not the file of this version: ${address}`);
  return cache.put(address, fetched);
}

/** Whether an answer is the file that the list means; a proxy may have put something else in its place. */
async function isWhole(answer, address) {
  return (await digest(await answer.clone().arrayBuffer())) === FILES[address];
}

async function digest(bytes) {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Forget the files of earlier versions, and serve the pages that are open. */
async function takeOver() {
  const current = await CACHE;
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== current).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

async function fromCache(address, request) {
  const cache = await caches.open(await CACHE);
  return (await cache.match(address)) || fetch(request);
}
