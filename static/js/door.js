// Staying signed in, and signing in again in place: the page stays, and what was typed stays with it.
(function () {
  "use strict";

  var body = document.body;
  var reader = body.dataset.reader;
  var WARN_BEFORE = 120; // seconds
  var NOTED_EVERY = 60; // seconds: the server may have seen this page so much later than the last time it noted
  var AWAY = 60000;
  var AGAIN = "/sign-in/again";
  var TOKEN = "/sign-in/token?reader=" + encodeURIComponent(reader);
  var channel = "BroadcastChannel" in window ? new BroadcastChannel("stay") : null;
  var timer = null;
  var waiting = null; // what is done again once the reader has proved himself

  function element(id) {
    return document.getElementById(id);
  }

  function open(id) {
    var dialog = element(id);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
  }

  function close(id) {
    var dialog = element(id);
    if (dialog && dialog.open) dialog.close();
  }

  function useToken(token) {
    document.querySelectorAll('input[name="csrf_token"]').forEach(function (input) {
      input.value = token;
    });
  }

  function askToken() {
    return fetch(TOKEN, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      return answer.json();
    });
  }

  // Each window starts the clock anew; so do the other windows of this browser.
  function restart() {
    window.clearTimeout(timer);
    close("soon-signed-out");
    var seconds = Number(body.dataset.idle) - NOTED_EVERY - WARN_BEFORE;
    if (seconds > 0) timer = window.setTimeout(open, seconds * 1000, "soon-signed-out");
  }

  function seen() {
    restart();
    if (channel) channel.postMessage(reader);
  }

  // Somebody else is signed in by now: no form of this page is sent in his name, its token holds no longer.
  function renew() {
    return askToken()
      .then(function (answer) {
        if (!answer.is_reader) return false;
        useToken(answer.token);
        seen();
        return true;
      })
      .catch(function () {
        return false;
      });
  }

  function say(sentence) {
    var line = element("sign-in-again-error");
    line.textContent = sentence;
    line.hidden = !sentence;
  }

  function ask(again) {
    waiting = again;
    close("soon-signed-out");
    say("");
    open("signed-out");
  }

  function prove(form) {
    askToken()
      .then(function (answer) {
        var fields = new FormData(form);
        fields.set("csrf_token", answer.token);
        return fetch(AGAIN, { method: "POST", body: fields, credentials: "same-origin" });
      })
      .then(function (answer) {
        return answer.json().then(function (facts) {
          if (!answer.ok) {
            say(facts.error || facts.message || "");
            return;
          }
          form.reset();
          useToken(facts.token);
          close("signed-out");
          seen();
          var again = waiting;
          waiting = null;
          if (again) again(facts.token);
        });
      })
      .catch(function () {
        close("signed-out");
        open("not-answered");
      });
  }

  document.addEventListener("submit", function (event) {
    if (event.target.id !== "sign-in-again") return;
    event.preventDefault();
    delete event.target.dataset.sent;
    prove(event.target);
  });

  // The refused request is sent once more, with what it said and the new token.
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status !== 401) return;
    var asked = event.detail.requestConfig;
    ask(function (token) {
      var values = Object.fromEntries(Object.entries(asked.parameters));
      if ("csrf_token" in values) values.csrf_token = token;
      window.htmx.ajax(asked.verb, asked.path, { source: asked.elt, target: asked.target, values: values });
    });
  });

  // Scripts of pages that were answered 401: detail.again asks once more.
  document.addEventListener("portal:signed-out", function (event) {
    ask(event.detail.again);
  });

  var leftAt = 0;
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) leftAt = Date.now();
    else if (leftAt && Date.now() - leftAt > AWAY) renew();
  });

  window.addEventListener("pageshow", function (event) {
    if (event.persisted) renew();
  });

  element("stay-signed-in").addEventListener("click", function () {
    renew().then(function (is_reader) {
      close("soon-signed-out");
      if (!is_reader) ask(null);
    });
  });

  if (channel) {
    channel.onmessage = function (event) {
      if (event.data === reader) restart();
    };
  }
  seen();
})();
