/** A new version of the app: fetched in the background, taken when the surveyor agrees. */

const LOOK_EVERY = 3600000;
let registration = null;
let isAgreed = false;

/** Register the service worker, once the first page stands. */
export async function ready() {
  if (!navigator.serviceWorker) return;
  registration = await navigator.serviceWorker.register("/mobile/worker.js", { scope: "/mobile/" }).catch(() => null);
  if (!registration) return;
  look();
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    if (installing) installing.addEventListener("statechange", look);
  });
  setInterval(() => registration.update().catch(() => null), LOOK_EVERY);
}

let told = () => null;

/**
 * Be told when a new version lies ready.
 * @param {function} onReady
 */
export function watchUpdates(onReady) {
  told = onReady;
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => isAgreed && location.reload());
}

function look() {
  if (registration.waiting && navigator.serviceWorker.controller) told();
}

/** Let the new version take over; the page is loaded anew by it. */
export function takeUpdate() {
  isAgreed = true;
  if (registration && registration.waiting) registration.waiting.postMessage("take over");
}
