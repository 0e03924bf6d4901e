"""What others wrote on the same draft meanwhile, in words: beside the answer, above the page, in a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from portal.drafts.fields import words_of
from portal.formatting import data, moment
from registry.drafts.merging import Clash, Theirs, is_same
from registry.drafts.questions import Answer, AnswerKind, Answers, Question, Topic

CHOSEN = frozenset({AnswerKind.SOME_OF, AnswerKind.ONE_OF, AnswerKind.YES_NO})
"""Answers that nobody typed: a page says them in the words of the choices."""


def note_of(one: Theirs | Clash) -> Markup:
    """Beside an answer that is another one than the page had."""
    name = data(one.by) if one.by else _("他人")
    said = Markup(_("%(name)s于%(time)s修改了此项，现显示修改后的内容。"))  # noqa: S704  # the sentence is ours
    return said % {"name": name, "time": moment(one.at)}


def notice_of(topic: Topic, theirs: Sequence[Theirs]) -> str:
    """Above the page that follows: who changed what while this page was filled in."""
    labels = {question.key: _(question.label) for question in topic.questions}
    names = dict.fromkeys(one.by or _("他人") for one in theirs)
    return str(
        _(
            "您填写期间，%(names)s修改了：%(labels)s。这几处您没有改动，已保留修改后的内容。",
            names="、".join(names),
            labels="、".join(labels[one.key] for one in theirs),
        )
    )


def pairs_of(topic: Topic, clashes: Iterable[Clash]) -> list[dict[str, Any]]:
    """What is kept beside what was typed, and whose it is."""
    questions = {question.key: question for question in topic.questions}
    return [
        {
            "label": _(questions[clash.key].label),
            "old": words_of(questions[clash.key], clash.kept),
            "new": words_of(questions[clash.key], clash.typed),
            "by": clash.by,
            "at": clash.at,
            "is_changed": True,
        }
        for clash in clashes
    ]


def own_words(topic: Topic, typed: Answers, found: Answers, kept: Answers) -> list[dict[str, Any]]:
    """What somebody typed himself and is not kept, to be copied: letter by letter, beside what is kept."""
    return [
        {
            "label": _(question.label),
            "old": _copied(question, kept.get(question.key, "")),
            "new": _copied(question, typed[question.key]),
            "is_changed": False,
        }
        for question in topic.questions
        if question.key in typed and _is_own(question.key, typed, found, kept)
    ]


def _is_own(key: str, typed: Answers, found: Answers, kept: Mapping[str, Answer]) -> bool:
    there = (found.get(key, ""), kept.get(key, ""))
    return not any(is_same(typed[key], one) for one in there)


def _copied(question: Question, answer: Answer) -> str | Markup:
    if question.kind in CHOSEN or isinstance(answer, list) or not answer:
        return words_of(question, answer)
    return data(answer)
