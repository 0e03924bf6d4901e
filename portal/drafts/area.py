"""The pages that every kind of draft has: its page, its topics, what is kept while typing, check, and its steps."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.drafts.fields import width_of, words_of
from portal.drafts.forms import ReasonForm, remarks_in, return_form, topic_form, typed_answers
from portal.drafts.kinds import DraftedKind
from portal.drafts.others import note_of, notice_of, own_words, pairs_of
from portal.drafts.views import draft_page, is_writable, topic_url
from portal.extensions import db
from portal.formatting import moment, spoken_message
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from portal.workflow.passed import tell_what_was_done
from portal.workflow.steps import past_of
from portal.workflow.taking import is_taken
from registry.clock import today, utc_now
from registry.drafts.operations import Saved, save_answers
from registry.drafts.queries import open_remarks
from registry.drafts.questions import Topic, questionnaire_of
from registry.drafts.reading import faults, faults_of_topic
from registry.errors import InvalidInput, NotVisible, StepNotOpen
from registry.workflow.queries import open_steps
from registry.workflow_table import workflow_of

LATER = "later"
"""The button that keeps what is there and asks for nothing."""


class DraftPages:
    """The views of one kind; `at` says which record an address names."""

    def __init__(self, kind: DraftedKind) -> None:
        self.kind = kind

    def register(self, blueprint: Blueprint, prefix: str = "") -> None:
        """Hang the pages under the noun's own blueprint; `prefix` is for one that has addresses of other nouns too."""
        kind, one = self.kind, f"{prefix}/<code:{self.kind.argument}>"
        sees = allowed(kind.see, on=kind.model, load=kind.load)
        writes = allowed(kind.ask, on=kind.model, load=kind.load)
        for rule, name, methods, guard in (
            (one, "show", ["GET"], sees),
            (f"{one}/topics/<topic>", "topic", ["GET", "POST"], writes),
            (f"{one}/topics/<topic>/save", "save", ["POST"], writes),
            (f"{one}/answers", "answers", ["GET"], writes),
            (f"{one}/steps/<step>", "step", ["GET", "POST"], sees),
        ):
            view = getattr(self, name)
            blueprint.add_url_rule(rule, name, guard(_as_function(view)), methods=methods)

    def show(self, **named: Any) -> ResponseReturnValue:
        return self._shown(self._at(named))

    def topic(self, **named: Any) -> ResponseReturnValue:
        record, topic = self._at(named), self._topic(named)
        form = topic_form(topic, record.answers, record.version)
        if not is_writable(record, current_actor()):
            return self._late(record, topic, form)
        if not form.validate_on_submit():
            return self._topic_page(record, topic, form)
        return self._kept(record, topic, form)

    def save(self, **named: Any) -> ResponseReturnValue:
        """What is typed, while it is typed: answered with the new version, what the page has to know, a sentence."""
        record, topic = self._at(named), self._topic(named)
        form = topic_form(topic, record.answers, record.version)
        try:
            saved = self._save(record, topic, form)
        except (InvalidInput, StepNotOpen) as refused:
            db.session.rollback()
            return jsonify(error=spoken_message(refused.message) if refused.message else ""), 409
        db.session.commit()
        return jsonify(_reply(record, topic, form, saved))

    def answers(self, **named: Any) -> ResponseReturnValue:
        record = self._at(named)
        if not is_writable(record, current_actor()) or questionnaire_of(record).is_short:
            return self._redirect(record)
        return self._answers_page(record, StepForm(data={"version": record.version}))

    def step(self, **named: Any) -> ResponseReturnValue:
        record, step = self._at(named), self._step(named)
        form = self._form_of(record, step)
        if form.validate_on_submit() and self._is_taken(record, step, form):
            flash(str(self.kind.words_of(record, step).done))
            return self._redirect(record)
        return self._step_page(record, step, form)

    def _kept(self, record: Any, topic: Topic, form: Any) -> ResponseReturnValue:
        try:
            saved = self._save(record, topic, form, said=True)
        except InvalidInput as refused:
            db.session.rollback()
            form.blame([refused])
            return self._topic_page(record, topic, form)
        except StepNotOpen:
            db.session.rollback()
            return self._late(record, topic, form)
        db.session.commit()
        form.take_over(topic, record.answers, saved)
        if saved.clashes:
            return self._clash_page(record, topic, form, saved)
        if saved.theirs:
            flash(notice_of(topic, saved.theirs))
        if request.form.get("go") == LATER:
            return self._redirect(record)
        if form.blame(_faults_on(record, topic)):
            return self._topic_page(record, topic, form)
        return redirect(self._next_url(record, topic), code=303)

    def _save(self, record: Any, topic: Topic, form: Any, *, said: bool = False) -> Saved:
        return save_answers(
            db.session(),
            record,
            typed_answers(topic),
            base=form.version.data or 0,  # what cannot be read is older than everything
            actor=current_actor(),
            at=utc_now(),
            page=form.page(topic),
            trail=current_trail() if said else None,
        )

    def _is_taken(self, record: Any, step: Any, form: Any) -> bool:
        facts = (lambda: remarks_in(form)) if step in self.kind.remarked else None
        reason = form.reason.data if "reason" in form else None
        return is_taken(record, step, form, reason=reason, facts=facts)

    def _form_of(self, record: Any, step: Any) -> Any:
        if step in self.kind.remarked:
            return return_form(questionnaire_of(record), record.version)
        transition = workflow_of(record).transition(step)
        asks_reason = transition is not None and transition.asks_reason
        return (ReasonForm if asks_reason else StepForm)(data={"version": record.version})

    def _shown(self, record: Any, form: Any = None) -> ResponseReturnValue:
        form = form or StepForm(data={"version": record.version})
        status = 409 if form.form_errors else 200
        return self._page("drafts/show.html", record, form, status=status)

    def _page(self, template: str, record: Any, form: Any, **more: Any) -> ResponseReturnValue:
        page = draft_page(db.session(), self.kind, record, current_actor(), today())
        return render_page(template, page=page, form=form, kind=self.kind, back=self._url(record), **more)

    def _topic_page(self, record: Any, topic: Topic, form: Any, **more: Any) -> ResponseReturnValue:
        topics = questionnaire_of(record).topics
        return render_page(
            "drafts/topic.html",
            form=form,
            record=record,
            name=workflow_of(record).name_of(record),
            is_short=questionnaire_of(record).is_short,
            kind=self.kind,
            topic=topic,
            titles=[_(one.title) for one in topics],
            number=topics.index(topic) + 1,
            before=_what_stood(record, topic),
            notes={key: note_of(one) for key, one in form.theirs.items()},
            widths={one.key: width_of(one) for one in topic.questions},
            remarked=open_remarks(db.session(), record),
            save_url=topic_url(self.kind, record, topic, "save"),
            back=self._url(record),
            **more,
        )

    def _clash_page(self, record: Any, topic: Topic, form: Any, saved: Saved) -> ResponseReturnValue:
        """Both versions side by side; what was typed stays in the form, and sending it again replaces the other."""
        return self._topic_page(record, topic, form, pairs=pairs_of(topic, saved.clashes), status=409)

    def _late(self, record: Any, topic: Topic, form: Any) -> ResponseReturnValue:
        """It went on its way meanwhile: what was typed comes back to be copied; a mere link leads to the record."""
        typed = typed_answers(topic) if request.method == "POST" else {}
        pairs = own_words(topic, typed, form.page(topic).found, record.answers)
        if not pairs:
            return self._redirect(record)
        return render_page(
            "drafts/late.html",
            record=record,
            name=workflow_of(record).name_of(record),
            kind=self.kind,
            pairs=pairs,
            last=next(iter(past_of(db.session(), record, self.kind.steps)[::-1]), None),
            back=self._url(record),
            status=409,
        )

    def _answers_page(self, record: Any, form: Any) -> ResponseReturnValue:
        step = self.kind.submits_by(record, current_actor())
        submit_url = url_for(f"{self.kind.name}.step", **{self.kind.argument: record.code}, step=step.value)
        status = 409 if form.form_errors else 200
        return self._page(
            "drafts/answers.html", record, form, submit_url=submit_url, submit=step, status=status
        )

    def _step_page(self, record: Any, step: Any, form: Any) -> ResponseReturnValue:
        """A link to a step that is not open, or not the reader's to take, leads to the record as it stands."""
        is_open = step in {one.step for one in open_steps(db.session(), record, current_actor())}
        if not is_open and not form.form_errors:
            tell_what_was_done(db.session(), record, step, self.kind.steps)
            return self._redirect(record)
        is_short = questionnaire_of(record).is_short
        if step == self._hands_in(record) and not is_short:
            return self._answers_page(record, form)
        if step == self.kind.submit or step in self.kind.direct:
            return self._shown(record, form)
        template = "drafts/return.html" if step in self.kind.remarked else "drafts/step.html"
        words = self.kind.words_of(record, step)
        return self._page(
            template,
            record,
            form,
            does=self.kind.verb(record, step),
            words=words,
            status=409 if form.form_errors else 200,
        )

    def _hands_in(self, record: Any) -> Any:
        """The step whose page is the one on which one checks one's answers."""
        actor, kind = current_actor(), self.kind
        return kind.submits_by(record, actor) if is_writable(record, actor) else kind.submit

    def _next_url(self, record: Any, topic: Topic) -> str:
        """The topic after this one; behind the last, where everything is checked once more."""
        topics = questionnaire_of(record).topics
        place = topics.index(topic) + 1
        if place < len(topics):
            return topic_url(self.kind, record, topics[place])
        return self._url(record) if questionnaire_of(record).is_short else self._answers_url(record)

    def _answers_url(self, record: Any) -> str:
        return url_for(f"{self.kind.name}.answers", **{self.kind.argument: record.code})

    def _url(self, record: Any) -> str:
        return url_for(f"{self.kind.name}.show", **{self.kind.argument: record.code})

    def _redirect(self, record: Any) -> ResponseReturnValue:
        return redirect(self._url(record), code=303)

    def _at(self, named: dict[str, Any]) -> Any:
        return named[self.kind.argument]

    def _topic(self, named: dict[str, Any]) -> Topic:
        topic = questionnaire_of(self._at(named)).topic(named["topic"])
        if topic is None:
            raise NotVisible
        return topic

    def _step(self, named: dict[str, Any]) -> Any:
        typed = named["step"].replace("-", "_")
        if workflow_of(self._at(named)).transition(typed) is None:
            raise NotVisible
        return self.kind.steps(typed)


def _faults_on(record: Any, topic: Topic) -> list[InvalidInput]:
    """What stands against going on; what contradicts itself is said at once where there is no other page."""
    questionnaire = questionnaire_of(record)
    if questionnaire.is_short:
        return faults(questionnaire, record.answers)
    return faults_of_topic(topic, record.answers)


def _what_stood(record: Any, topic: Topic) -> dict[str, Any]:
    """Question to what stands in the register, of those whose answer is another one now."""
    stood = {one: record.base_answers.get(one.key, "") for one in topic.questions}
    return {
        one.key: words_of(one, answer)
        for one, answer in stood.items()
        if record.base_answers and answer != record.answers.get(one.key, "")
    }


def _reply(record: Any, topic: Topic, form: Any, saved: Saved) -> dict[str, Any]:
    """What the page has to know after a save; an answer that clashed stays as it was drawn until that is decided."""
    clashes = {clash.key: {"kept": clash.kept, "typed": clash.typed} for clash in saved.clashes}
    keys = [question.key for question in topic.questions if question.key not in clashes]
    reply = {
        "version": form.version.data if clashes else saved.version,
        "sentence": _sentence(saved),
        "found": {key: record.answers.get(key, "") for key in keys},
        "theirs": {one.key: note_of(one).striptags() for one in saved.theirs},
    }
    return reply | ({"clashes": clashes} if clashes else {})


def _sentence(saved: Saved) -> str:
    if saved.clashes:
        return str(_("有 %(count)s 处已被同事修改，点“保存”后对照。", count=len(saved.clashes)))
    time, others = moment(utc_now())[-5:], len(saved.theirs)
    if others:
        return str(_("已自动保存 %(time)s；他人修改了 %(count)s 处，已更新在本页", time=time, count=others))
    return str(_("已自动保存 %(time)s", time=time))


def _as_function(view: Any) -> Any:
    """Guards leave their mark on a function; a method takes none."""

    def called(**named: Any) -> ResponseReturnValue:
        answer: ResponseReturnValue = view(**named)
        return answer

    return called
