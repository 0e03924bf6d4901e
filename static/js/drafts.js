// Keeps what is typed on the server while it is being typed. Without scripts the buttons of the page do it.
// Nothing is put into the browser's own storage: these pages are filled in on shared computers too.
(function () {
  "use strict";

  var form = document.querySelector("form[data-autosave]");
  if (!form) return;
  var line = document.getElementById("saved");
  var PAUSE = 2000; // after the last key
  var LONGEST = 8000; // while somebody types on and on
  var LOOKS = [800, 1600, 3200]; // for a last save that went out behind its page
  var AGAIN = 5000; // after the line was cut
  var pausing = null, longest = null, again = null;
  var isDirty = false, isSaving = false, isWaiting = false;
  var found = JSON.parse(form.elements.found.value || "{}"); // what the page was drawn with, or took over since
  var turn = Number(form.elements.turn.value);

  function say(kind, sentence) {
    var words = sentence || line.dataset[kind];
    if (line.textContent !== words) line.textContent = words;
    line.dataset.state = kind;
  }

  function typed() {
    if (!isDirty) remember(form.elements.version.value);
    isDirty = true;
    window.clearTimeout(pausing);
    pausing = window.setTimeout(save, PAUSE);
    if (!longest) longest = window.setTimeout(save, LONGEST);
  }

  function rest() {
    [pausing, longest, again].forEach(function (timer) {
      window.clearTimeout(timer);
    });
    pausing = longest = again = null;
  }

  function fields() {
    var values = new FormData(form);
    values.delete("go");
    return values;
  }

  // Everything that leaves the page says what it was drawn with, and which of its saves it is. The boxes themselves stay
  // as they are: a browser that fills a page again with what scripts wrote would mix two pages.
  form.addEventListener("formdata", function (event) {
    turn += 1;
    event.formData.set("found", JSON.stringify(found));
    event.formData.set("turn", turn);
  });

  function answerIn(values, key) {
    return JSON.stringify(values.getAll(key));
  }

  function noteOn(key) {
    return form.querySelector('[data-theirs="' + key + '"]');
  }

  function show(key, answer, note) {
    var wanted = [].concat(answer), line = noteOn(key);
    form.querySelectorAll('[name="' + key + '"]').forEach(function (control) {
      if (control.type === "radio" || control.type === "checkbox") control.checked = wanted.indexOf(control.value) >= 0;
      else control.value = answer;
    });
    line.textContent = note;
    line.hidden = false;
  }

  // What others wrote is shown where nobody has typed since the save went out; elsewhere the next save asks.
  function takeOver(facts, sent) {
    var now = fields();
    Object.keys(facts.found).forEach(function (key) {
      var note = facts.theirs[key];
      if (note && answerIn(now, key) !== answerIn(sent, key)) return;
      if (note) show(key, facts.found[key], note);
      found[key] = facts.found[key];
    });
    return facts;
  }

  function kept(facts) {
    form.elements.version.value = facts.version;
    remember(isDirty ? facts.version : null);
    if (facts.clashes) say("clash", facts.sentence);
    else if (!isDirty) say("kept", facts.sentence);
  }

  function failed() {
    isDirty = true;
    say("failed");
    again = window.setTimeout(save, AGAIN);
  }

  function refused(answer) {
    if (answer.status === 401) {
      isDirty = isWaiting = true; // asked once: until the reader has proved himself or types on, nothing is sent
      say("failed");
      document.dispatchEvent(new CustomEvent("portal:signed-out", { detail: { again: goOn } }));
      return undefined;
    }
    if (answer.status >= 500 || answer.status === 429) {
      failed();
      return undefined;
    }
    return answer.json().then(function (facts) {
      say("refused", facts.error || facts.message);
    });
  }

  function goOn() {
    isWaiting = false;
    save();
  }

  function send(values) {
    return fetch(form.dataset.autosave, {
      method: "POST",
      body: values,
      credentials: "same-origin",
      headers: { "HX-Request": "true" },
    });
  }

  function save() {
    rest();
    if (!isDirty || isSaving || isWaiting) return;
    isSaving = true;
    isDirty = false;
    say("saving");
    var sent = fields();
    send(sent)
      .then(function (answer) {
        if (!answer.ok) return refused(answer);
        return answer.json().then(function (facts) {
          takeOver(facts, sent);
          kept(facts);
        });
      })
      .catch(failed)
      .then(function () {
        isSaving = false;
        if (isDirty && !again && !isWaiting && line.dataset.state !== "refused") pausing = window.setTimeout(save, PAUSE);
      });
  }

  form.addEventListener("input", function () {
    isWaiting = false;
    typed();
  });
  form.addEventListener("input", function (event) {
    noteOn(event.target.name).hidden = true; // it is no longer what the other one wrote
  });
  form.addEventListener("change", typed);
  form.addEventListener("focusout", function () {
    if (isDirty) save();
  });
  form.addEventListener("submit", function () {
    rest();
    isDirty = false;
  });

  // Whoever leaves the page in the middle of a word takes it along: the last save goes out behind him.
  function leave() {
    if (!isDirty) return;
    isDirty = !navigator.sendBeacon(form.dataset.autosave, fields());
  }

  // The page may be back before that save has arrived. While there is something to save, the entry in the browser's
  // history holds the number of the version that is typed on, and nothing of what is typed.
  function remember(version) {
    history.replaceState(version ? { typedOn: version } : null, "");
  }

  function comeBack() {
    if (!history.state || !history.state.typedOn) return;
    remember(null);
    look(0);
  }

  // An untouched page that is sent changes nothing, and is told the newest version: of the last save, or of one that
  // was under way before it.
  function look(times) {
    if (times === LOOKS.length) return;
    window.setTimeout(function () {
      if (!isDirty) send(fields()).then(compare.bind(null, times)).catch(function () {});
    }, LOOKS[times]);
  }

  function compare(times, answer) {
    if (!answer.ok) return undefined;
    return answer.json().then(function (facts) {
      if (isDirty) return;
      if (String(facts.version) === form.elements.version.value) look(times + 1);
      else window.location.reload();
    });
  }

  comeBack();
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && isDirty) save();
  });
  window.addEventListener("online", save);
})();
