"""Person by person: who counts, who does not, why, and until when. The rows add up to the figure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.orm import Session

from registry.messages import N_, Message, message
from registry.periods import Period
from registry.workforce.counting import COUNTED_ENGAGEMENTS, Place, StaffRule
from registry.workforce.models import Certificate, CertificateKind, Education, Engagement, Profession
from registry.workforce.queries import holding_periods
from registry.workforce.records import (
    Employer,
    Person,
    Spell,
    certificates_in,
    education_in,
    majors_by_code,
    spells_in,
)
from reports.figures.definitions import QUALIFIED_SHARE, CountingRule, FigureDefinition
from reports.figures.reasons import certificate_reason, diploma_reason, outside_reason, repeat_reason

RECENTLY = timedelta(days=365)
"""Who left longer ago is no longer listed."""

Explain = Callable[[int], Message]
Periods = Mapping[int, Sequence[Period]]
Record = TypeVar("Record", Education, Certificate)


class Standing(StrEnum):
    """Where a person stands in a reading."""

    HOLDER = "holder"
    """In the numerator, so in the denominator too."""
    STAFF = "staff"
    """In the denominator only."""
    REPEAT = "repeat"
    """Counted already at another institution of the same sum."""
    OUTSIDE = "outside"
    """Not counted."""


@dataclass(frozen=True)
class LedgerRow:
    """One person at one institution."""

    person: Person
    employer: Employer
    site_names: tuple[str, ...]
    professions: tuple[Profession, ...]
    engagements: tuple[Engagement, ...]
    standing: Standing
    reason: Message
    until: date | None
    """The first day on which this no longer holds, as far as is known."""
    until_reason: Message | None


def ledger(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rule: CountingRule
) -> list[LedgerRow]:
    """Everybody with a post at a listed provider in the place, and who left within a year, by institution.

    Rows with HOLDER make the numerator, those with HOLDER or STAFF the denominator of the reading of the same place.
    """
    spells = spells_in(session, place, since=on - RECENTLY)
    book = _Book(
        on,
        rule.code,
        _by_person(holding_periods(session, place=place, rule=rule.code, holding=figure.holding)),
        _explain(session, figure, place, on),
    )
    groups = sorted(
        _grouped(spells).values(), key=lambda group: (group[0].employer.name, group[0].employer.id)
    )
    rows = [row for group in groups if (row := book.row_of(group)) is not None]
    return sorted(rows, key=_reading_order)


class _Book:
    """Writes the rows of one reading, remembering who was counted already."""

    def __init__(self, on: date, rule: StaffRule, holdings: Periods, explain: Explain) -> None:
        self.on = on
        self.rule = rule
        self.holdings = holdings
        self.explain = explain
        self.counted_at: dict[int, str] = {}

    def row_of(self, spells: Sequence[Spell]) -> LedgerRow | None:
        counted = [one for one in spells if _counts(one, self.rule)]
        here = [one for one in counted if one.period.holds_on(self.on)]
        if not here:
            return self._outside(spells)
        person, employer = here[0].person, here[0].employer
        staff_end = last_day_after((one.period for one in counted), self.on)
        if person.id in self.counted_at:
            repeat = repeat_reason(self.counted_at[person.id])
            return _row(here, Standing.REPEAT, repeat, staff_end, _end_of_staff(here, staff_end))
        self.counted_at[person.id] = employer.name
        return self._counted(here, staff_end)

    def _counted(self, here: Sequence[Spell], staff_end: date | None) -> LedgerRow:
        periods = self.holdings.get(here[0].person.id, ())
        reason = self.explain(here[0].person.id)
        if not any(period.holds_on(self.on) for period in periods):
            return _row(here, Standing.STAFF, reason, staff_end, _end_of_staff(here, staff_end))
        held_until = last_day_after(periods, self.on)
        if held_until is not None and (staff_end is None or held_until < staff_end):
            return _row(here, Standing.HOLDER, reason, held_until, message(N_("证书或专业目录有效期届满")))
        return _row(here, Standing.HOLDER, reason, staff_end, _end_of_staff(here, staff_end))

    def _outside(self, spells: Sequence[Spell]) -> LedgerRow | None:
        begun = [one for one in spells if _has_begun(one.period, self.on)]
        if not begun:
            return None
        nearest = min(begun, key=lambda one: outside_reason(one, self.on).rank)
        return _row([nearest], Standing.OUTSIDE, outside_reason(nearest, self.on).reason, None, None)


def last_day_after(periods: Iterable[Period], on: date) -> date | None:
    """The first day without any of the periods, seen from a day with one: periods that follow each other are joined."""
    end = on
    following = sorted(periods, key=lambda one: one.start or date.min)
    for period in following:
        if (period.start or date.min) <= end and period.end is None:
            return None
        if (period.start or date.min) <= end and period.end is not None:
            end = max(end, period.end)
    return end


def _row(
    spells: Sequence[Spell], standing: Standing, reason: Message, until: date | None, why: Message | None
) -> LedgerRow:
    return LedgerRow(
        person=spells[0].person,
        employer=spells[0].employer,
        site_names=tuple(dict.fromkeys(one.site_name for one in spells)),
        professions=tuple(dict.fromkeys(one.profession for one in spells)),
        engagements=tuple(dict.fromkeys(one.engagement for one in spells)),
        standing=standing,
        reason=reason,
        until=until,
        until_reason=None if until is None else why,
    )


def _end_of_staff(here: Sequence[Spell], end: date | None) -> Message:
    if any(one.standing.end == end for one in here):
        return message(N_("机构退出机构库"))
    if any(one.placement.end == end for one in here):
        return message(N_("服务场所迁出"))
    return message(N_("任职结束"))


def _counts(spell: Spell, rule: StaffRule) -> bool:
    """The rule of `STAFF_CONDITIONS` for a spell in hand; a test holds the two together."""
    is_employed = spell.engagement in COUNTED_ENGAGEMENTS
    return is_employed and (rule is StaffRule.ALL_STAFF or spell.serves_programme)


def _has_begun(period: Period, on: date) -> bool:
    """It holds, or held for at least a day."""
    start = period.start or date.min
    return start <= on and (period.end is None or start < period.end)


def _grouped(spells: Iterable[Spell]) -> dict[tuple[int, int], list[Spell]]:
    groups: defaultdict[tuple[int, int], list[Spell]] = defaultdict(list)
    for spell in spells:
        groups[spell.employer.id, spell.person.id].append(spell)
    return groups


def _by_person(periods: Iterable[tuple[int, Period]]) -> Periods:
    found: defaultdict[int, list[Period]] = defaultdict(list)
    for person_id, period in periods:
        found[person_id].append(period)
    return found


def _explain(session: Session, figure: FigureDefinition, place: Place, on: date) -> Explain:
    """What says why a person holds what the figure asks for, or why not."""
    if figure is QUALIFIED_SHARE:
        majors = majors_by_code(session)
        education = _of_each(education_in(session, place))
        return lambda person_id: diploma_reason(education.get(person_id, ()), majors, on)
    certificates = _of_each(certificates_in(session, place, CertificateKind.SOCIAL_WORKER))
    return lambda person_id: certificate_reason(certificates.get(person_id, ()), on)


def _of_each(records: Iterable[Record]) -> dict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[record.practitioner_id].append(record)
    return found


ORDER = {standing: rank for rank, standing in enumerate(Standing)}


def _reading_order(row: LedgerRow) -> tuple[str, int, int, str]:
    return row.employer.name, row.employer.id, ORDER[row.standing], row.person.person_no
