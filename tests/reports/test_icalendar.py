"""Calendars as RFC 5545 wants them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.clock import SHANGHAI
from reports.icalendar import LONGEST_LINE, Event, calendar_of, escaped, folded, instant

AT = datetime(2026, 12, 1, 17, 30, tzinfo=SHANGHAI)


def event(**facts: object) -> Event:
    defaults: dict[str, object] = {
        "uid": "abcd2345@jingkangtong",
        "stamp": AT - timedelta(days=7),
        "start": AT - timedelta(minutes=30),
        "end": AT,
        "summary": "确认场所地址变更（abcd2345）",
        "description": "请登录后办理。",
    }
    return Event(**(defaults | facts))  # type: ignore[arg-type]


def unfolded(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_calendar_stands_as_the_standard_says() -> None:
    assert unfolded(calendar_of("办理期限", [event()])) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jingkangtong//Deadlines//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:办理期限",
        "X-WR-CALNAME:办理期限",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "BEGIN:VEVENT",
        "UID:abcd2345@jingkangtong",
        "DTSTAMP:20261124T093000Z",
        "DTSTART:20261201T090000Z",
        "DTEND:20261201T093000Z",
        "SUMMARY:确认场所地址变更（abcd2345）",
        "DESCRIPTION:请登录后办理。",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_every_line_ends_with_carriage_return_and_line_feed() -> None:
    data = calendar_of("办理期限", [event(summary="一" * 200)])
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= LONGEST_LINE


def test_text_is_escaped() -> None:
    assert escaped("a,b;c\\d\r\ne") == "a\\,b\\;c\\\\d\\ne"


def test_nothing_that_was_typed_begins_a_line_of_its_own() -> None:
    data = calendar_of("x", [event(summary="好\r\nEND:VCALENDAR\rATTACH:http://example.invalid\x00")])
    assert unfolded(data).count("END:VCALENDAR") == 1
    assert "ATTACH" not in {line.partition(":")[0] for line in unfolded(data)}


def test_an_instant_is_in_utc() -> None:
    assert instant(AT) == "20261201T093000Z"
    assert instant(AT.astimezone(UTC)) == "20261201T093000Z"


@given(st.text(max_size=300))
def test_folding_cuts_no_letter_and_loses_none(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"
    data = folded(line)
    assert all(len(part) <= LONGEST_LINE and part.decode() is not None for part in data.split(b"\r\n"))
    assert data.replace(b"\r\n ", b"") == line.encode()
