// Keeps what is typed into a form on the server until the form is sent, and fills it in again when it is opened anew.
// Nothing is put into the browser's own storage: these pages are filled in on shared computers too.
(function () {
  "use strict";

  var form = document.querySelector("form[data-keeps]");
  if (!form) return;
  var KEPT_AT = "/unsent", KEEP_AT = "/unsent/keep";
  var PATH = window.location.pathname + window.location.search; // whom a form is about may stand behind the "?"
  var PAGE = pageName(); // this form as it was drawn now: the server refuses saves that arrive after it was sent
  var SHELF = document.body.dataset.shelf; // of the person in the position for which the page was drawn
  var IS_NEW = !version(); // no record yet, which others could change
  var PAUSE = 2000; // after the last key
  var LONGEST = 8000; // while somebody types on and on
  var AGAIN = 5000; // after the line was cut
  var LOOKS = [800, 1600]; // for a last save that went out behind its page
  var line = form.querySelector("[data-kept]");
  var note = form.querySelector("[data-filled-in]");
  var pausing = null, longest = null, again = null;
  var isDirty = false, isSaving = false, isKept = false, isWaiting = false;
  var filled = {}; // what was filled in, and nobody typed
  var before = ""; // the page whose words these are
  var base = version(); // of the record when somebody began to type them
  var own = []; // names of what the page that was refused had kept: typed, though this page was drawn with it

  function pageName() {
    var drawn = window.crypto.getRandomValues(new Uint32Array(4));
    return Array.from(drawn, function (number) {
      return number.toString(16);
    }).join("-");
  }

  function controls() {
    return Array.from(form.elements).filter(function (control) {
      if (!control.name || control.name === "csrf_token" || "unkept" in control.dataset) return false;
      return !/^(hidden|password|file|submit|button|reset|fieldset)$/.test(control.type);
    });
  }

  function isBox(control) {
    return control.type === "radio" || control.type === "checkbox";
  }

  // What stands in the form now, or what it was drawn with.
  function answers(isDrawn) {
    var said = new Map();
    controls().forEach(function (control) {
      if (!said.has(control.name)) said.set(control.name, []);
      said.get(control.name).push.apply(said.get(control.name), valuesOf(control, isDrawn));
    });
    return said;
  }

  function valuesOf(control, isDrawn) {
    if (isBox(control)) return (isDrawn ? control.defaultChecked : control.checked) ? [control.value] : [];
    if (!control.options) return [isDrawn ? control.defaultValue : control.value];
    var chosen = Array.from(control.options).filter(function (option) {
      return isDrawn ? option.defaultSelected : option.selected;
    });
    if (!chosen.length && control.type === "select-one" && control.options.length) chosen = [control.options[0]];
    return chosen.map(function (option) {
      return option.value;
    });
  }

  function isSame(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  function isReturned() {
    return form.dataset.keeps === "all";
  }

  // Only what somebody changed: what others write into the record meanwhile is not undone by an old page. A form of a
  // new record that comes back with faults was drawn with what was typed: all of it is kept.
  function typed() {
    var drawn = answers(true), changed = {}, isAll = isReturned() && IS_NEW;
    answers(false).forEach(function (said, name) {
      if (isAll || own.indexOf(name) >= 0 || !isSame(said, drawn.get(name))) changed[name] = said;
    });
    return changed;
  }

  function version() {
    return form.elements.version ? form.elements.version.value : "";
  }

  function parcel() {
    var values = new FormData();
    values.set("csrf_token", form.elements.csrf_token.value);
    values.set("path", PATH);
    values.set("page", PAGE);
    values.set("before", before);
    values.set("shelf", SHELF);
    values.set("version", base);
    values.set("answers", JSON.stringify(typed()));
    return values;
  }

  function ask(url, options) {
    var head = { credentials: "same-origin", cache: "no-store", headers: { "HX-Request": "true" } };
    return fetch(url, Object.assign(head, options));
  }

  function say(sentence, state) {
    line.hidden = !sentence;
    line.textContent = sentence;
    line.dataset.state = state;
  }

  function rest() {
    [pausing, longest, again].forEach(window.clearTimeout);
    pausing = longest = again = null;
  }

  // While there is something to save, the entry in the browser's history says so, and nothing of what is typed.
  function remember(isTyping) {
    history.replaceState(isTyping ? { isTyping: true } : null, "");
  }

  function changed() {
    if (line.dataset.state === "kept") line.dataset.state = "typing";
    if (!isDirty) remember(true);
    isDirty = true;
    window.clearTimeout(pausing);
    pausing = window.setTimeout(save, PAUSE);
    if (!longest) longest = window.setTimeout(save, LONGEST);
  }

  function failed() {
    isDirty = true;
    say(line.dataset.failed, "failed");
    again = window.setTimeout(save, AGAIN);
  }

  function answered(answer) {
    if (answer.ok) {
      isKept = true;
      return answer.json().then(function (facts) {
        if (isDirty) return;
        remember(false);
        say(facts.sentence, "kept");
      });
    }
    if (answer.status === 401) return waitForReader();
    if (answer.status >= 500 || answer.status === 429) return failed();
    return answer.text().then(function (text) {
      say(sentenceIn(text) || line.dataset.refused, "refused");
    });
  }

  // Asked once; until the reader has proved himself or types on, nothing is sent.
  function waitForReader() {
    isDirty = isWaiting = true;
    say(line.dataset.failed, "failed");
    document.dispatchEvent(new CustomEvent("portal:signed-out", { detail: { again: goOn } }));
  }

  function goOn() {
    isWaiting = false;
    save();
  }

  function sentenceIn(text) {
    try {
      return JSON.parse(text).error;
    } catch (error) {
      return ""; // a page: for whoever asks by hand
    }
  }

  function save() {
    rest();
    if (!isDirty || isSaving || isWaiting) return;
    isSaving = true;
    isDirty = false;
    ask(KEEP_AT, { method: "POST", body: parcel() })
      .then(answered)
      .catch(failed)
      .then(function () {
        isSaving = false;
        if (isDirty && !again && !isWaiting) pausing = window.setTimeout(save, PAUSE);
      });
  }

  function fill(name, said) {
    var left = said.slice(); // two boxes of one name are filled in their order
    controls().forEach(function (control) {
      if (control.name !== name) return;
      if (isBox(control)) control.checked = said.indexOf(control.value) >= 0;
      else if (control.type === "select-multiple") choose(control, said);
      else if (left.length) put(control, left.shift());
    });
  }

  // What a list does not offer any more is not chosen: a blank choice would say something else.
  function put(control, value) {
    var isOffered = !control.options || Array.from(control.options).some(function (option) {
      return option.value === value;
    });
    if (isOffered) control.value = value;
  }

  function choose(control, said) {
    Array.from(control.options).forEach(function (option) {
      option.selected = said.indexOf(option.value) >= 0;
    });
  }

  // Whatever the reader has typed since the page came stays.
  function fillIn(facts) {
    var drawn = answers(true), now = answers(false);
    if (!facts.sentence || facts.page === PAGE) return;
    Object.keys(facts.answers).forEach(function (name) {
      if (!drawn.has(name)) return;
      if (!isSame(now.get(name), drawn.get(name)) && !isSame(now.get(name), filled[name])) return;
      filled[name] = facts.answers[name];
      fill(name, filled[name]);
    });
    takeUp(facts);
    note.querySelector("[data-sentence]").textContent = facts.sentence;
    note.querySelector("[data-changed-meanwhile]").hidden = base === version();
    note.querySelector("[data-not-kept]").hidden = !form.querySelector("[data-unkept]");
    note.hidden = false;
  }

  function takeUp(facts) {
    isKept = true;
    before = facts.page;
    base = facts.version;
  }

  // The page that was refused has kept what was typed on it, and on which version: this one goes on with that.
  function goOnWith(facts) {
    if (!facts.sentence || facts.page === PAGE) return;
    own = Object.keys(facts.answers);
    takeUp(facts);
    isDirty = true;
    save();
  }

  function giveUp() {
    form.reset();
    own = [];
    base = version();
    note.hidden = true;
    line.hidden = true;
    rest();
    isDirty = true;
    save();
    controls()[0].focus();
  }

  function look() {
    ask(KEPT_AT + "?path=" + encodeURIComponent(PATH))
      .then(function (answer) {
        return answer.ok ? answer.json().then(isReturned() ? goOnWith : fillIn) : undefined;
      })
      .catch(function () {});
  }

  // A form that comes back with faults holds what was typed; any other is asked for. It may be back before the last
  // save of its page has arrived.
  function comeBack() {
    if (isReturned() && IS_NEW) {
      isDirty = true;
      save();
      return;
    }
    look();
    if (!isReturned() && (!history.state || !history.state.isTyping)) return;
    remember(false);
    LOOKS.forEach(function (pause) {
      window.setTimeout(look, pause);
    });
  }

  // Whoever leaves the page in the middle of a word takes it along: the last save goes out behind him.
  function leave() {
    if (!isDirty) return;
    isKept = true;
    isDirty = !navigator.sendBeacon(KEEP_AT, parcel());
  }

  form.addEventListener("input", function () {
    isWaiting = false;
    changed();
  });
  form.addEventListener("change", changed);
  // Whoever goes to the button that sends the form takes the last save along with it: one of its own could find the
  // sign-in over, and the question who he is would come between his finger and the button.
  form.addEventListener("focusout", function (event) {
    var next = event.relatedTarget;
    if (isDirty && !(next && next.type === "submit" && next.form === form)) save();
  });
  // Sent and not taken, because the line is cut or the sign-in is over, it is kept like everything else; sent and taken,
  // its name says which saves are over.
  form.addEventListener("submit", function () {
    rest();
    leave();
  });
  form.addEventListener("formdata", function (event) {
    if (!isKept && !isSaving) return;
    event.formData.append("unsent", PAGE);
    if (before) event.formData.append("unsent", before);
  });
  note.querySelector("[data-give-up]").addEventListener("click", giveUp);
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", function () {
    if (document.hidden && isDirty) save();
  });
  window.addEventListener("online", save);
  comeBack();
})();
