// Small comforts. Every page works without them.
(function () {
  "use strict";

  // A form is sent once: the second click is ignored, the button keeps the focus and says what happens.
  // One that gives files may be sent once by each of its buttons: Word and PDF are two wishes.
  function guard(event) {
    var form = event.target, button = event.submitter;
    if (form.method !== "post" || event.defaultPrevented) return;
    var wish = button && "download" in form.dataset ? button.value : "yes";
    if (form.dataset.sent === wish) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = wish;
    (button ? [button] : Array.from(form.querySelectorAll("button"))).forEach(function (button) {
      if (!("busy" in button.dataset) || "label" in button.dataset) return;
      button.dataset.label = button.textContent;
      button.textContent = button.dataset.busy;
      button.setAttribute("aria-disabled", "true");
    });
  }

  function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[data-label]").forEach(function (button) {
      button.textContent = button.dataset.label;
      button.removeAttribute("aria-disabled");
      delete button.dataset.label;
    });
  }

  document.addEventListener("submit", guard);

  // A form whose answer is a file leaves its page as it is: after a while it can be sent again.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if ("download" in form.dataset) window.setTimeout(release, 5000, form);
  });

  // Says that the two listeners below are at work: only then may the browser keep a page.
  document.cookie = "scripts=run; path=/; SameSite=Lax" + (window.location.protocol === "https:" ? "; Secure" : "");

  function isKept() {
    return "kept" in document.body.dataset;
  }

  // A kept page that is left goes dark: when it comes back, somebody else may be signed in.
  window.addEventListener("pagehide", function (event) {
    if (event.persisted && isKept()) document.body.hidden = true;
  });

  // A page that comes back from the browser's memory can be sent again; a kept one is asked for again first.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    if (isKept()) window.location.reload();
    else document.querySelectorAll("form[data-sent]").forEach(release);
  });

  function show(id) {
    var dialog = document.getElementById(id);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  function notAnswered(event) {
    var form = event.target.closest && event.target.closest("form");
    if (form) release(form);
    show("not-answered");
  }

  // Where the answer is no part of the page, nothing is swapped and what was typed stays.
  document.addEventListener("htmx:sendError", notAnswered);
  document.addEventListener("htmx:timeout", notAnswered);
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status !== 401) {
      notAnswered(event);
      return;
    }
    var form = event.target.closest && event.target.closest("form");
    if (form) release(form); // door.js asks the reader to sign in again
  });

  document.querySelectorAll("[data-go-back]").forEach(function (button) {
    button.hidden = window.history.length < 2;
    button.addEventListener("click", function () {
      window.history.back();
    });
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-close-dialog]");
    if (button) button.closest("dialog").close();
  });
})();
