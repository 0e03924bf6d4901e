// Small comforts. Every page works without them.
(function () {
  "use strict";

  // A form is sent once: the second click is ignored, the button keeps the focus and says what happens.
  function guard(event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelectorAll("[data-busy]").forEach(function (button) {
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

  // A page that comes back from the browser's memory can be sent again.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  // The session ended while the page was open: nothing is swapped, what was typed stays.
  document.addEventListener("htmx:responseError", function (event) {
    var form = event.target.closest && event.target.closest("form");
    if (form) release(form);
    var dialog = document.getElementById("signed-out");
    if (event.detail.xhr.status === 401 && dialog && !dialog.open) dialog.showModal();
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-close-dialog]");
    if (button) button.closest("dialog").close();
  });
})();
