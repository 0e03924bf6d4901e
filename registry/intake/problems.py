"""What may be wrong with a file, a row or a cell: where it stands, what is the matter, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registry.errors import Refusal
from registry.messages import Gettext, Message


class Severity(StrEnum):
    """An error keeps the whole file out; a warning only wants to be read."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One finding; `row` is 0 and `column` empty where it concerns the whole file."""

    sheet: str
    row: int
    column: str
    """The column's letter."""
    header: str
    value: str
    message: Message
    remedy: Message
    severity: Severity = Severity.ERROR

    def as_json(self, gettext: Gettext, locale: str) -> dict[str, str | int]:
        """The shape that `portal intake --json` prints."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "value": self.value,
            "message": self.message.text(gettext, locale),
            "remedy": self.remedy.text(gettext, locale),
        }


class FileRefused(Refusal):
    """No table can be read from the file."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True)
class Doubt:
    """Returned by a look-up: the value is taken, with a warning."""

    value: Any
    message: Message
    remedy: Message


@dataclass(frozen=True)
class Word:
    """A domain word that came back from the database."""

    zh: str
    en: str


def facts_of(problem: Problem) -> dict[str, Any]:
    """A problem as JSON keeps it: sentences stay msgid and places, so that a page says them in its language."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "header": problem.header,
        "value": problem.value,
        "message": facts_of_message(problem.message),
        "remedy": facts_of_message(problem.remedy),
        "severity": problem.severity.value,
    }


def problem_from(facts: Mapping[str, Any]) -> Problem:
    """The reverse of `facts_of`."""
    return Problem(
        sheet=facts["sheet"],
        row=facts["row"],
        column=facts["column"],
        header=facts["header"],
        value=facts["value"],
        message=message_from(facts["message"]),
        remedy=message_from(facts["remedy"]),
        severity=Severity(facts["severity"]),
    )


def facts_of_message(message: Message) -> list[Any]:
    """A sentence as JSON keeps it."""
    return [message.msgid, {place: _facts_of_value(value) for place, value in message.values}]


def _facts_of_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_facts_of_value(part) for part in value]
    return value if isinstance(value, str | int) else {"zh": value.zh, "en": value.en}


def message_from(facts: list[Any]) -> Message:
    """The reverse of `facts_of_message`."""
    msgid, values = facts
    return Message(msgid, tuple((place, _value_from(value)) for place, value in values.items()))


def _value_from(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value_from(part) for part in value)
    return Word(**value) if isinstance(value, dict) else value
