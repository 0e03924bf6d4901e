"""Sentences that the registry has to say, kept as msgid and places: the registry knows no language."""

from dataclasses import dataclass
from typing import Any


def N_(msgid: str) -> str:
    """Marks a msgid for extraction; the portal translates it when it is shown."""
    return msgid


@dataclass(frozen=True)
class Message:
    """A Chinese msgid with named places and the values that fill them."""

    msgid: str
    values: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.msgid % dict(self.values)


def message(msgid: str, **values: Any) -> Message:
    """`message(N_("第 %(row)s 行……"), row=3)`."""
    return Message(msgid, tuple(values.items()))
