"""The form of one topic, and the form with which a reviewer takes a step."""

import json
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from portal.drafts.fields import control_of
from portal.fields import CHINESE, stripped
from portal.formatting import spoken_message
from portal.workflow.forms import StepForm
from registry.drafts.merging import Page, Theirs
from registry.drafts.operations import Saved
from registry.drafts.questions import Answer, AnswerKind, Answers, Questionnaire, Topic
from registry.errors import InvalidInput

LONGEST_REASON = 1000
LONGEST_KEY = 64
MOST_TURNS = 2**31 - 1
"""What the column of a turn holds."""
REMARK = "remark_"
"""Before the key of a question: the box for what a reviewer has to say of its answer."""


class TopicForm(StepForm):
    """The questions of one page; the version and what it was drawn with say on what the typing is based."""

    found = HiddenField()
    """The answers that it was drawn with, as JSON: what is sent and differs was typed here."""
    turn = IntegerField(widget=HiddenInput(), default=0)
    """Counts what the page sends; without scripts it stays."""
    theirs: Mapping[str, Theirs] = {}
    """Answers that the page just took over from others."""

    def page(self, topic: Topic) -> Page:
        """Whence its answers come."""
        key, turn = self.key.data or "", self.turn.data or 0
        is_key = key.isalnum() and len(key) <= LONGEST_KEY
        sent = self.found.raw_data or [""]  # the field itself holds what is kept where nothing was sent
        return Page(_found(sent[0], topic), key if is_key else "", max(0, min(turn, MOST_TURNS)))

    def take_over(self, topic: Topic, answers: Answers, saved: Saved) -> None:
        """It is shown again, with what others wrote meanwhile where nothing was typed."""
        kept = _kept(topic, answers)
        self.take_version(saved.version)
        self.found.process_data(_as_json(kept))
        self.theirs = {one.key: one for one in saved.theirs}
        for key in self.theirs:
            self[key].process_data(kept[key])

    def blame(self, faults: list[InvalidInput]) -> bool:
        """Whether anything on this page is to be mended; it is said beside its question."""
        for fault in faults:
            if fault.field in self and fault.message is not None:
                self[fault.field].errors = [spoken_message(fault.message)]
        return any(field.errors for field in self)


class ReasonForm(StepForm):
    """A step that asks why."""

    reason = TextAreaField(
        _l("原因"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明原因。")),
            Length(max=LONGEST_REASON, message=_l("原因不超过1000个字。")),
        ],
        render_kw={"rows": 4} | CHINESE,
    )


def topic_form(topic: Topic, answers: Answers, version: int) -> Any:
    """Filled with what is kept; with what was typed where the page was sent."""
    controls = {question.key: control_of(question) for question in topic.questions}
    made = type("FormOfTopic", (TopicForm,), controls)
    kept = _kept(topic, answers)
    return made(data={"version": version, "found": _as_json(kept), **kept})


def _kept(topic: Topic, answers: Answers) -> dict[str, Answer]:
    return {
        question.key: answers.get(question.key, [] if question.kind is AnswerKind.SOME_OF else "")
        for question in topic.questions
    }


def _as_json(answers: Answers) -> str:
    return json.dumps(answers, ensure_ascii=False)


def _found(sent: str, topic: Topic) -> Answers:
    """What the page says it was drawn with; what is no answer of this topic is passed over."""
    try:
        said = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    answers = said if isinstance(said, dict) else {}
    return {one.key: answers[one.key] for one in topic.questions if _is_answer(answers.get(one.key))}


def _is_answer(said: object) -> bool:
    return isinstance(said, str) or (isinstance(said, list) and all(isinstance(one, str) for one in said))


def typed_answers(topic: Topic) -> Mapping[str, Answer]:
    """What the page sent, word for word: a group of boxes that sends nothing means none of them."""
    found: dict[str, Answer] = {}
    for question in topic.questions:
        if question.kind is AnswerKind.SOME_OF:
            found[question.key] = request.form.getlist(question.key)
        elif question.key in request.form:
            found[question.key] = request.form[question.key]
        elif question.kind in (AnswerKind.YES_NO, AnswerKind.ONE_OF):
            found[question.key] = ""
    return found


def return_form(questionnaire: Questionnaire, version: int) -> Any:
    """The reason, and a box for each answer: remarks are asked of nobody."""
    boxes = {
        REMARK + question.key: TextAreaField(
            _l("意见"),
            filters=[stripped],
            validators=[Length(max=LONGEST_REASON, message=_l("意见不超过1000个字。"))],
            render_kw={"rows": 2} | CHINESE,
        )
        for question in questionnaire.questions
    }
    return type("ReturnForm", (ReasonForm,), boxes)(data={"version": version})


def remarks_in(form: Any) -> dict[str, str]:
    """Question to remark, of those that were written."""
    return {
        name.removeprefix(REMARK): field.data
        for name, field in form._fields.items()  # WTForms offers no other way to the names
        if name.startswith(REMARK) and field.data
    }
