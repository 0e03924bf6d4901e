"""对应列、对应词: one choice for each of their heads, and one for each of their words."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField

from portal.formatting import spoken_message, word, word_within
from portal.intake.headings import asked_heads
from registry.intake.declaration import Column, WorkbookKind
from registry.messages import N_, message

COLUMN, WORD = "column_", "word_"
LONGEST_NUMBER = 9
LEFT_OUT = ""
"""Chosen for a head that is not read, and for a word that stays as it is."""


class SeenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Knows the version of what was remembered when the page was drawn."""

    seen = HiddenField(default="0")

    @property
    def version(self) -> int:
        """0 where nothing was remembered, or where it was not sent."""
        sent = self.seen.data or ""
        return int(sent) if sent.isdecimal() and len(sent) < LONGEST_NUMBER else 0


def columns_form(
    kind: WorkbookKind[Any], headers: Sequence[str], chosen: Mapping[str, str], *, seen: int
) -> Any:
    """A choice for each head, by its place; `chosen` is head to column."""
    ours = {LEFT_OUT: _("不导入"), **{column.key: _choice(column) for column in kind.columns}}
    controls = {
        f"{COLUMN}{place}": SelectField(
            _("文件中的“%(head)s”对应", head=head), choices=ours, default=chosen.get(head, LEFT_OUT)
        )
        for place, head in asked_heads(headers)
    }
    return type("ColumnsForm", (SeenForm,), controls)(data={"seen": str(seen)})


def _choice(column: Column) -> str:
    name = word_within(column)
    return _("%(column)s（必填）", column=name) if column.required else name


def said_columns(form: Any, kind: WorkbookKind[Any], headers: Sequence[str]) -> dict[str, str] | None:
    """Column to head, or None with what is wrong beside the choices."""
    said: dict[str, str] = {}
    for place, head in asked_heads(headers):
        field = form[f"{COLUMN}{place}"]
        if field.data == LEFT_OUT:
            continue
        if field.data in said:
            other = said[field.data]
            field.errors = [_("这一列已由“%(head)s”对应，请改选一个。", head=other)]
        said.setdefault(field.data, head)
    missing = tuple(column for column in kind.columns if column.required and column.key not in said)
    if missing:
        sentence = message(N_("必填的列还没有对应：%(columns)s。"), columns=missing)
        form.form_errors.append(spoken_message(sentence))
    return None if form.errors else said


def words_form(kind: WorkbookKind[Any], unknown: Mapping[str, Sequence[str]], *, seen: int) -> Any:
    """A choice for each of their words that is none of ours."""
    controls = {
        name: SelectField(
            _("“%(word)s”（%(column)s）", word=theirs, column=word_within(column)),
            choices={LEFT_OUT: _("不对应"), **{ours.zh: word(ours) for ours in column.choices}},
        )
        for name, column, theirs in asked_words(kind, unknown)
    }
    return type("WordsForm", (SeenForm,), controls)(data={"seen": str(seen)})


def asked_words(
    kind: WorkbookKind[Any], unknown: Mapping[str, Sequence[str]]
) -> list[tuple[str, Column, str]]:
    """The name of the control, the column and their word."""
    columns = {column.key: column for column in kind.columns}
    return [
        (f"{WORD}{key}_{place}", columns[key], theirs)
        for key, words in unknown.items()
        for place, theirs in enumerate(words)
    ]


def said_words(
    form: Any, kind: WorkbookKind[Any], unknown: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, str]]:
    """Column to their words and ours, of those that somebody said."""
    said: dict[str, dict[str, str]] = {}
    for name, column, theirs in asked_words(kind, unknown):
        if form[name].data:
            said.setdefault(column.key, {})[theirs] = form[name].data
    return said
