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
    sayWhy(event.detail && event.detail.xhr);
    show("not-answered");
  }

  // Whoever asked too often is told until when; everything else has the usual words.
  function sayWhy(answer) {
    var line = document.querySelector("#not-answered p");
    if (!line) return;
    line.dataset.usual = line.dataset.usual || line.textContent;
    line.textContent = answer && answer.status === 429 && answer.responseText ? answer.responseText : line.dataset.usual;
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

  // Single keys in a list: j and k go from row to row, o opens. The reader may switch them off.
  function links() {
    return Array.from(document.querySelectorAll("[data-keys] tbody th a"));
  }

  function isTyping(event) {
    var at = event.target;
    return event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")
      || (at.closest && at.closest("input, textarea, select, [contenteditable]"));
  }

  document.addEventListener("keydown", function (event) {
    if (!/^[jko]$/.test(event.key) || isTyping(event)) return;
    var rows = links(), at = rows.indexOf(document.activeElement);
    if (!rows.length) return;
    if (event.key === "o") {
      if (at >= 0) rows[at].click();
      return;
    }
    var next = event.key === "j" ? at + 1 : Math.max(at - 1, 0);
    rows[Math.min(next, rows.length - 1)].focus();
    event.preventDefault();
  });

  // On a page of review e leads to what passes the record, r to what sends it back: to a button or to a form, which
  // decide; a key alone decides nothing.
  document.addEventListener("keydown", function (event) {
    if (!/^[er]$/.test(event.key) || event.repeat || isTyping(event)) return;
    var found = document.querySelector('main [aria-keyshortcuts="' + event.key + '"]');
    if (!found) return;
    event.preventDefault();
    if (found.href) window.location.assign(found.href + "#decide");
    else found.focus();
  });

  if (window.location.hash === "#decide") {
    // Taken out of the address, or what follows the decision would be opened to be decided too.
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    var form = "main form.form ";
    var first = document.querySelector(
      form + "textarea, " + form + "select, " + form + "input:not([type=hidden]), " + form + "[type=submit]"
    );
    if (first && !document.querySelector(".error-summary")) first.focus();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-close-dialog]");
    if (button) button.closest("dialog").close();
  });
})();
