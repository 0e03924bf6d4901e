"""How a document speaks: the reader's language, and the shapes of numbers and days within sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.clock import SHANGHAI
from registry.messages import Gettext, Message

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Speech:
    """`gettext` finds the pattern of a sentence, `locale` (zh or en) picks domain words and the shape of days."""

    gettext: Gettext
    locale: str

    @property
    def is_chinese(self) -> bool:
        """Chinese, not English."""
        return self.locale == "zh"

    def __call__(self, msgid: str, **values: Any) -> str:
        """A whole sentence with its places filled."""
        said = self.gettext(msgid)
        return said % {place: self._shown(value) for place, value in values.items()} if values else said

    def message(self, message: Message) -> str:
        """A sentence of the registry."""
        return message.text(self.gettext, self.locale)

    def word(self, value: Any) -> str:
        """A domain word."""
        return str(value.zh if self.is_chinese else value.en)

    def alone(self, text: str) -> str:
        """What stands by itself, in a cell or as a line: English in sentence case."""
        return text if self.is_chinese else text[:1].upper() + text[1:]

    def day(self, value: date) -> str:
        """2026年11月23日, 23 November 2026."""
        if self.is_chinese:
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"

    def moment(self, value: datetime) -> str:
        """2026-11-23 09:05 in Shanghai."""
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")

    def listed(self, items: Iterable[str]) -> str:
        """Several things in one sentence."""
        return ("、" if self.is_chinese else ", ").join(items)

    def joined(self, sentences: Iterable[str]) -> str:
        """Sentences as a paragraph: Chinese needs no space between them."""
        return ("" if self.is_chinese else " ").join(sentence for sentence in sentences if sentence)

    def _shown(self, value: Any) -> str:
        if isinstance(value, bool):
            raise TypeError("a truth is no place of a sentence")
        if isinstance(value, int):
            return f"{value:,}"
        return self.day(value) if isinstance(value, date) else str(value)
