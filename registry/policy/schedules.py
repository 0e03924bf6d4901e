"""放假安排 of a year: read from a file, every fault named by its row, and taken over in place of what stood before."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.clock import SATURDAY
from registry.errors import Refusal
from registry.messages import N_, Message, message
from registry.policy.models import CalendarDay

HEADERS = {"day": "日期", "works": "上班或放假", "name": "名称"}
WORKS = {
    **dict.fromkeys(("上班", "调休上班", "班", "是", "1", "work", "yes"), True),
    **dict.fromkeys(("放假", "休息", "休", "否", "0", "off", "no"), False),
}
HOLIDAYS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
"""《全国年节及纪念日放假办法》(国务院令第795号): a notice that leaves one out is not whole."""
FIXED = ((1, 1), (5, 1), (10, 1))
"""Month and day of the holidays that lie on the same date each year."""

NEAR = timedelta(days=21)
"""A swapped weekend lies near the weekday that it is swapped for: in every notice since 2014 within two weeks."""
MOST_ROWS = 200
LONGEST_NAME = 40

_DATE = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")


@dataclass(frozen=True)
class Fault:
    """Why a file is refused; `row` is the row of the file, None where it is about the whole."""

    row: int | None
    message: Message


class ScheduleRefused(Refusal):
    """A file that is no schedule of the year; every fault is listed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].message)


@dataclass(frozen=True)
class ScheduledDay:
    """One day of the notice; `row` is where it stands in the file."""

    row: int
    day: date
    is_workday: bool
    name: str

    @property
    def is_weekday(self) -> bool:
        """Monday to Friday."""
        return self.day.weekday() < SATURDAY


@dataclass(frozen=True)
class Schedule:
    """What differs from the weekdays in a year."""

    year: int
    source: str
    """The notice."""
    days: tuple[ScheduledDay, ...]


@dataclass(frozen=True)
class Changes:
    """What a schedule does to the calendar, by days; `kept` stand in it already."""

    added: tuple[date, ...]
    changed: tuple[date, ...]
    removed: tuple[date, ...]
    kept: tuple[date, ...]

    @property
    def is_empty(self) -> bool:
        """Whether everything stays as it is."""
        return not (self.added or self.changed or self.removed)


def read_schedule(
    year: int, source: str, headers: Sequence[str], rows: Iterable[tuple[int, Sequence[Any]]]
) -> Schedule:
    """The schedule of a table whose rows are numbered as in the file; ScheduleRefused with every fault."""
    places, lines = _places(headers), list(rows)
    if len(lines) > MOST_ROWS:
        note = N_("文件有%(count)s行，一年的安排不会超过%(most)s行；平常的工作日和周末不用列出。")
        raise ScheduleRefused([Fault(None, message(note, count=len(lines), most=MOST_ROWS))])
    days: list[ScheduledDay] = []
    faults: list[Fault] = []
    for number, cells in lines:
        values = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        found = list(_faults_of_row(number, values))
        faults += found
        if not found:
            days.append(_day_of(number, values))
    faults += _faults_of_days(days, year)
    faults += [] if faults else _faults_of_year(days, year)
    if faults:
        raise ScheduleRefused(sorted(faults, key=lambda fault: fault.row or 0))
    return Schedule(year, source, tuple(sorted(days, key=lambda one: one.day)))


def changes_by(session: Session, schedule: Schedule) -> Changes:
    """What taking it over would do."""
    return _compared(schedule, _standing(session, schedule.year))


def take_over(session: Session, schedule: Schedule) -> Changes:
    """Write the days of the notice, in place of those of the notice for the same year before it.

    Two people who confirm at once go through one by one.
    """
    gate = sa.select(CalendarDay.id).order_by(CalendarDay.day).limit(1).with_for_update()
    session.execute(gate)
    standing = _standing(session, schedule.year)
    changes = _compared(schedule, standing)
    for one in schedule.days:
        kept = standing.get(one.day)
        if kept is None:
            kept = CalendarDay(day=one.day)
            session.add(kept)
        kept.is_workday, kept.name, kept.source = one.is_workday, one.name, schedule.source
    for day in changes.removed:
        session.delete(standing[day])
    session.flush()
    return changes


def _standing(session: Session, year: int) -> dict[date, CalendarDay]:
    """The days of a year and of the December before it."""
    of_year = CalendarDay.day.between(date(year - 1, 12, 1), date(year, 12, 31))
    found = session.scalars(sa.select(CalendarDay).where(of_year).execution_options(populate_existing=True))
    return {one.day: one for one in found}


def _compared(schedule: Schedule, standing: Mapping[date, CalendarDay]) -> Changes:
    wanted = {one.day: (one.is_workday, one.name) for one in schedule.days}
    same = [day for day, facts in wanted.items() if day in standing and _facts(standing[day]) == facts]
    new_year = standing.get(date(schedule.year, 1, 1))
    before = new_year.source if new_year else None
    return Changes(
        added=tuple(day for day in wanted if day not in standing),
        changed=tuple(day for day in wanted if day in standing and day not in same),
        # Days of another year's notice, such as the last of December, are not of this one to take away.
        removed=tuple(day for day, one in standing.items() if day not in wanted and one.source == before),
        kept=tuple(same),
    )


def _facts(one: CalendarDay) -> tuple[bool, str]:
    return one.is_workday, one.name


def _places(headers: Sequence[str]) -> dict[str, int]:
    """Where each column stands; heads may be English or Chinese."""
    words = [str(header).strip() for header in headers]
    places = {name: words.index(word) for name, zh in HEADERS.items() for word in (name, zh) if word in words}
    missing = tuple(zh for name, zh in HEADERS.items() if name not in places)
    if missing:
        note = N_("缺少列：%(columns)s。请在首行补上这些列名。")
        raise ScheduleRefused([Fault(1, message(note, columns=missing))])
    return places


def _faults_of_row(row: int, values: Mapping[str, Any]) -> Iterator[Fault]:
    if _day(values["day"]) is None:
        note = N_("日期“%(value)s”不是日期，请按2027-01-31的样子填写。")
        yield Fault(row, message(note, value=_shown(values["day"])))
    if _works(values["works"]) is None:
        note = N_("“%(value)s”不认识，“上班或放假”一列请填上班或放假。")
        yield Fault(row, message(note, value=_shown(values["works"])))
    name = str(values["name"]).strip()
    if not name or len(name) > LONGEST_NAME:
        note = N_("名称没有填或超过%(most)s个字，请填节日名称，如春节、国庆节调休。")
        yield Fault(row, message(note, most=LONGEST_NAME))


def _faults_of_days(days: Sequence[ScheduledDay], year: int) -> Iterator[Fault]:
    """Of single days, against the year and against one another."""
    first: dict[date, int] = {}
    weekdays_off = [one.day for one in days if one.is_weekday and not one.is_workday]
    for one in days:
        facts = {"day": one.day.isoformat(), "year": year}
        if one.day.year != year and (one.day.year, one.day.month) != (year - 1, 12):
            yield Fault(one.row, message(N_("%(day)s不在%(year)s年，请核对年份。"), **facts))
        elif one.day in first:
            note = N_("%(day)s与第%(other)s行重复，请只留一行。")
            yield Fault(one.row, message(note, **facts, other=first[one.day]))
        elif one.is_workday and one.is_weekday:
            note = N_("%(day)s是周一至周五，本来就上班，不是调休；请删去此行，或改为放假。")
            yield Fault(one.row, message(note, **facts))
        elif one.is_workday and not any(abs(one.day - off) <= NEAR for off in weekdays_off):
            note = N_("%(day)s调休上班，但前后三周内没有工作日放假，请核对是否漏填。")
            yield Fault(one.row, message(note, **facts))
        first.setdefault(one.day, one.row)


def _faults_of_year(days: Sequence[ScheduledDay], year: int) -> Iterator[Fault]:
    """A year with half of its holidays would count as published, and its deadlines as certain."""
    off = {one.day: one.name for one in days if not one.is_workday}
    missing = tuple(name for name in HOLIDAYS if not any(name in said for said in off.values()))
    if missing:
        note = N_("没有%(names)s的放假安排，请按国务院办公厅通知补全。")
        yield Fault(None, message(note, names=missing))
    for month, number in FIXED:
        if date(year, month, number) not in off:
            note = N_("%(day)s是法定节假日，请列为放假。")
            yield Fault(None, message(note, day=date(year, month, number).isoformat()))


def _day_of(row: int, values: Mapping[str, Any]) -> ScheduledDay:
    day, works = _day(values["day"]), _works(values["works"])
    if day is None or works is None:
        raise ValueError("a row with faults is no day")
    return ScheduledDay(row, day, works, str(values["name"]).strip())


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.fullmatch(_plain(cell))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _works(cell: Any) -> bool | None:
    return WORKS.get(_plain(cell).lower())


def _plain(cell: Any) -> str:
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def _shown(cell: Any) -> str:
    return _plain(cell)[:LONGEST_NAME]
