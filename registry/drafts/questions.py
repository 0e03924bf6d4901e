"""A questionnaire as data: topics, questions and checks. Pages, documents and reviews are made from it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry.errors import InvalidInput
from registry.messages import Message

Answer = str | list[str]
"""As it was typed, without the blanks around it; a list where several can be chosen."""

Answers = Mapping[str, Answer]


class AnswerKind(StrEnum):
    """How an answer is asked for and read."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    COUNT = "count"
    AMOUNT = "amount"
    DAY = "day"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    YES_NO = "yes_no"
    PHONE = "phone"


@dataclass(frozen=True)
class Question:
    """One thing that is asked."""

    key: str
    label: str
    """A msgid."""
    kind: AnswerKind = AnswerKind.TEXT
    hint: str = ""
    """A msgid: what is wanted, before anybody errs."""
    unit: str = ""
    """A msgid that stands behind the box."""
    choices: tuple[StrEnum, ...] = ()
    is_required: bool = True
    blank: str = ""
    """A msgid: what it means where nothing was answered, if that says something."""
    is_in_line: bool = False
    """Its choices are short words, which stand side by side."""
    longest: int = 200
    """Characters of a text."""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Topic:
    """One page of questions."""

    key: str
    title: str
    """A msgid that names what the page is about."""
    questions: tuple[Question, ...]
    lead: str = ""
    """A msgid."""


@dataclass(frozen=True)
class Finding:
    """What an automatic check says of an answer: shown to the maker and to the reviewer, it stops nobody."""

    key: str
    message: Message


Check = Callable[[Session, Any, Mapping[str, Any]], Iterable[Finding]]
"""Looks at the register, the record and the values that can be read."""

Contradiction = Callable[[Mapping[str, Any]], Iterable[InvalidInput]]
"""Looks at the values together; whatever it names must be mended before the hand-in."""


@dataclass(frozen=True)
class Questionnaire:
    """Everything that one kind of record is asked."""

    topics: tuple[Topic, ...]
    contradictions: tuple[Contradiction, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def is_short(self) -> bool:
        """Everything stands on one page: there is no list of tasks, and one checks it on the page of the record."""
        return len(self.topics) == 1

    @property
    def questions(self) -> Iterator[Question]:
        """All of them, in the order of the pages."""
        return (question for topic in self.topics for question in topic.questions)

    def question(self, key: str) -> Question | None:
        """The question with this key; None where it was dropped since."""
        return next((one for one in self.questions if one.key == key), None)

    def topic(self, key: str) -> Topic | None:
        """The topic with this key."""
        return next((one for one in self.topics if one.key == key), None)

    def topic_of(self, question_key: str) -> Topic | None:
        """The page on which a question stands."""
        return next((one for one in self.topics if any(q.key == question_key for q in one.questions)), None)


QUESTIONNAIRES: dict[type, Callable[[Any], Questionnaire]] = {}


def declare_questionnaire(model: type, questionnaire: Questionnaire) -> Questionnaire:
    """Called once by the noun that owns the model."""
    declare_questionnaires(model, lambda _record: questionnaire)
    return questionnaire


def declare_questionnaires(model: type, of: Callable[[Any], Questionnaire]) -> None:
    """The same for a noun that asks some of its records other things than others."""
    QUESTIONNAIRES[model] = of


def questionnaire_of(record: Any) -> Questionnaire:
    """What the record is asked."""
    return QUESTIONNAIRES[type(record)](record)
