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

// What is marked data-forget (a first password, recovery codes) goes when the page is left, also from the browser's
// memory of pages.
window.addEventListener("pagehide", () => {
  document.querySelectorAll("[data-forget]").forEach((element) => { element.textContent = ""; });
});
