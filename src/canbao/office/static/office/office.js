// The few things that a page does by itself. Without this file every page still works.
"use strict";

// A button with data-confirm asks before its form is sent.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && button.dataset.confirm && !window.confirm(button.dataset.confirm)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const print = event.target.closest("[data-print]");
  if (print) window.print();
  const account = event.target.closest("[data-account]");
  if (account) {
    document.getElementById("id_username").value = account.dataset.account;
    document.getElementById("id_password").value = account.dataset.password;
    document.querySelector("#sign-in button[type=submit]").focus();
  }
});

// A box with data-all ticks all boxes of that name in its form.
document.addEventListener("change", (event) => {
  const name = event.target.dataset && event.target.dataset.all;
  if (name) event.target.form.querySelectorAll(`input[name="${name}"]`).forEach((box) => { box.checked = event.target.checked; });
});

// What is marked data-forget (a first password, recovery codes) goes when the page is left, also from the browser's
// memory of pages.
window.addEventListener("pagehide", () => {
  document.querySelectorAll("[data-forget]").forEach((element) => { element.textContent = ""; });
});

// The entry of a form: Enter goes to the next question, and what the judgement says is shown at each question.
const entry = document.querySelector("form[data-entry]");
if (entry) {
  const began = Date.now();
  entry.addEventListener("submit", () => { entry.querySelector("[data-seconds]").value = Math.round((Date.now() - began) / 1000); });
  entry.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName === "BUTTON" || event.ctrlKey) return;
    event.preventDefault();
    const stops = [...entry.querySelectorAll("input:not([type=hidden]), select, button")].filter((one) => one.offsetParent);
    const next = stops[stops.indexOf(event.target) + 1];
    if (next) next.focus();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const judged = document.getElementById("judged");
    if (!judged || event.detail.target.id !== "judged") return;
    const asked = new Set(judged.dataset.asked.split(" "));
    entry.querySelectorAll("[data-question]").forEach((one) => { one.hidden = !asked.has(one.dataset.question); });
    entry.querySelectorAll("[data-part]").forEach((part) => { part.hidden = !part.querySelector("[data-question]:not([hidden])"); });
    entry.querySelectorAll("[data-found]").forEach((place) => {
      const said = judged.querySelectorAll(`[data-says="${place.dataset.found}"]`);
      place.replaceChildren(...[...said].map((one) => Object.assign(document.createElement("div"), { textContent: one.firstElementChild.nextSibling.textContent.trim() })));
      place.parentElement.querySelector("input, select").classList.toggle("is-invalid", said.length > 0);
    });
  });
}
