"""Calendars as RFC 5545 wants them: CRLF, lines of at most 75 octets, text escaped, every instant in UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Jingkangtong//Deadlines//ZH"
LONGEST_LINE = 75
"""Octets of a line, without its end (3.1)."""


@dataclass(frozen=True)
class Event:
    """One deadline; `uid` stays the same for as long as it lives, so that a program moves it and makes no second."""

    uid: str
    stamp: datetime
    start: datetime
    end: datetime
    summary: str
    description: str


def calendar_of(name: str, events: Iterable[Event]) -> bytes:
    """The file."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    )
    return b"".join(folded(line) + b"\r\n" for line in lines)


def escaped(text: str) -> str:
    """A TEXT value (3.3.11); what could not be typed is left out."""
    plain = "".join(letter for letter in text.replace("\r\n", "\n") if letter == "\n" or letter.isprintable())
    for letter in "\\;,":
        plain = plain.replace(letter, "\\" + letter)
    return plain.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A long line goes on after a line end and a space (3.1); no letter is cut in two."""
    parts: list[bytes] = []
    part = b""
    for letter in line:
        octets = letter.encode("utf-8", "replace")
        room = LONGEST_LINE - (1 if parts else 0)
        if len(part) + len(octets) > room:
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part])


def instant(at: datetime) -> str:
    """20261201T093000Z (3.3.5, form 2)."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{instant(event.stamp)}"
    yield f"DTSTART:{instant(event.start)}"
    yield f"DTEND:{instant(event.end)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
