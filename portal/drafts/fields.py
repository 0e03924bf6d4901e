"""From a question to a control, and from an answer to words. Controls accept everything; the register reads it."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.widgets import CheckboxInput, ListWidget

from portal.fields import CHINESE
from portal.formatting import data, day, number, word, words_in_row
from registry.drafts.questions import Answer, AnswerKind, Question
from registry.drafts.reading import value_of
from registry.errors import InvalidInput

FEW = 5
"""So many choices are shown at once; more go into a list."""


class CheckboxesField(SelectMultipleField):
    """Several of a few, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def control_of(question: Question) -> Any:
    """An unbound field; what it holds is what was typed."""
    label, hint = _(question.label), _(question.hint) if question.hint else ""
    if question.kind is AnswerKind.SOME_OF:
        return CheckboxesField(label, description=hint, choices=_choices(question), validate_choice=False)
    if question.kind is AnswerKind.YES_NO:
        yes_and_no = [SelectChoice("yes", _("是")), SelectChoice("no", _("否"))]
        return RadioField(label, description=hint, choices=yes_and_no, validate_choice=False)
    if question.kind is AnswerKind.ONE_OF:
        return _one_of(question, label, hint)
    return _text(question, label, hint)


def _one_of(question: Question, label: str, hint: str) -> Field:
    if len(question.choices) <= FEW:
        return RadioField(label, description=hint, choices=_choices(question), validate_choice=False)
    choices = [SelectChoice("", _("请选择")), *_choices(question)]
    return SelectField(label, description=hint, choices=choices, validate_choice=False)


def _text(question: Question, label: str, hint: str) -> Field:
    if question.kind is AnswerKind.LONG_TEXT:
        return TextAreaField(label, description=hint, render_kw={"rows": 4} | CHINESE)
    more: dict[str, Any] = {}
    if question.kind is AnswerKind.TEXT:
        more = dict(CHINESE)
    if question.kind in (AnswerKind.COUNT, AnswerKind.AMOUNT):
        more = {"inputmode": "decimal"}
    if question.kind is AnswerKind.PHONE:
        more = {"inputmode": "tel"}
    return StringField(
        label, description=hint or _hint_of(question), render_kw=more | {"autocomplete": "off"}
    )


def _hint_of(question: Question) -> str:
    return str(_("例如 2026-11-23。")) if question.kind is AnswerKind.DAY else ""


def _choices(question: Question) -> list[SelectChoice]:
    return [SelectChoice(one.value, word(one)) for one in question.choices]


def width_of(question: Question) -> str:
    """How wide its box is; `line` where its choices stand side by side."""
    if question.is_in_line:
        return "line"
    if question.kind in (AnswerKind.COUNT, AnswerKind.DAY):
        return "short"
    return "full" if question.kind is AnswerKind.LONG_TEXT else "medium"


def words_of(question: Question, answer: Answer) -> str | Markup:
    """An answer as a page shows it; what cannot be read is shown as it was typed."""
    if not answer:
        return str(_(question.blank) if question.blank else _("未填写"))
    try:
        value = value_of(question, answer)
    except InvalidInput:
        return data(answer if isinstance(answer, str) else "、".join(answer))
    return _spoken(question, value) if question.kind in SPEAKERS else data(value)


def _spoken(question: Question, value: Any) -> str:
    said = SPEAKERS[question.kind](value)
    return f"{said} {_(question.unit)}" if question.unit else said


def _yes_or_no(value: bool) -> str:
    return str(_("是")) if value else str(_("否"))


def _list_of(values: Iterable[StrEnum]) -> str:
    return words_in_row(values)


SPEAKERS: Mapping[AnswerKind, Callable[[Any], str]] = {
    AnswerKind.SOME_OF: _list_of,
    AnswerKind.ONE_OF: word,
    AnswerKind.YES_NO: _yes_or_no,
    AnswerKind.DAY: day,
    AnswerKind.COUNT: number,
    AnswerKind.AMOUNT: number,
}
