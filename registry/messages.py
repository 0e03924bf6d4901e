"""Sentences that the registry has to say, kept as msgid and places: the registry knows no language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

Gettext = Callable[[str], str]


class Named(Protocol):
    """A domain word that a sentence may hold: it is named in the reader's language."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


def N_(msgid: str) -> str:
    """Marks a msgid for extraction; the portal translates it when it is shown."""
    return msgid


@dataclass(frozen=True)
class Message:
    """A Chinese msgid with named places and what fills them: texts, integers, words, messages, tuples of them."""

    msgid: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.text(N_, "zh")

    def text(self, gettext: Gettext, locale: str) -> str:
        """The sentence in one language; `gettext` finds its pattern, `locale` (zh or en) picks the domain words."""
        return gettext(self.msgid) % {place: spoken(value, locale, gettext) for place, value in self.values}


def paragraph(messages: Iterable[Message], gettext: Gettext, locale: str) -> str:
    """Sentences one after the other: Chinese needs no space between them."""
    return ("" if locale == "zh" else " ").join(one.text(gettext, locale) for one in messages)


def spoken(value: Any, locale: str, gettext: Gettext = N_) -> Any:
    """A value as a sentence holds it; a sentence in a sentence is translated too."""
    if isinstance(value, tuple):
        return ("、" if locale == "zh" else ", ").join(str(spoken(part, locale, gettext)) for part in value)
    if isinstance(value, Message):
        return value.text(gettext, locale)
    if isinstance(value, str | int):
        return value
    return value.zh if locale == "zh" else value.en


def message(msgid: str, **values: Any) -> Message:
    """`message(N_("第 %(row)s 行……"), row=3)`."""
    return Message(msgid, tuple(values.items()))
