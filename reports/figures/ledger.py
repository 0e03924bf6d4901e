"""Person by person: who counts, who does not, why, and until when. The rows add up to the figure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy.orm import Session

from registry.messages import N_, Message, message
from registry.periods import Period
from registry.workforce.counting import Place
from registry.workforce.models import Engagement, Profession
from registry.workforce.records import Employer, Person, Spell, spells_in
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.explaining import Explain, explainer
from reports.figures.presence import Presences, counts_by_rule, presences
from reports.figures.reasons import Ranked, indirect_reason, lacking_reason, outside_reason, repeat_reason

RECENTLY = timedelta(days=365)
"""Who left longer ago is no longer listed."""


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
    (rows,) = ledgers(session, figure, place=place, on=on, rules=(rule,))
    return rows


def ledgers(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rules: Sequence[CountingRule]
) -> list[list[LedgerRow]]:
    """One for each rule; what they share is read once."""
    groups = _groups(spells_in(session, place, since=on - RECENTLY))
    explain = cache(explainer(session, figure, place, on))
    return [
        _rows_of(groups, _Book(on, presences(session, figure, place=place, rule=rule), explain))
        for rule in rules
    ]


def _groups(spells: Iterable[Spell]) -> Sequence[Sequence[Spell]]:
    """Of each person at each institution, by institution."""
    groups: defaultdict[tuple[int, int], list[Spell]] = defaultdict(list)
    for spell in spells:
        groups[spell.employer.id, spell.person.id].append(spell)
    return sorted(groups.values(), key=lambda group: (group[0].employer.name, group[0].employer.id))


def _rows_of(groups: Iterable[Sequence[Spell]], book: "_Book") -> list[LedgerRow]:
    rows = [row for group in groups if (row := book.row_of(group)) is not None]
    return sorted(rows, key=_reading_order)


class _Book:
    """Writes the rows of one reading, remembering who was counted already."""

    def __init__(self, on: date, presence: Presences, explain: Explain) -> None:
        self.on = on
        self.presence = presence
        self.explain = explain
        self.counted_at: dict[int, str] = {}

    def row_of(self, spells: Sequence[Spell]) -> LedgerRow | None:
        stays = self.presence.stays(spells)
        here = [one.spell for one in stays if one.period.holds_on(self.on)]
        if not here:
            return self._outside(spells)
        person, employer = here[0].person, here[0].employer
        staff_end = last_day_after((one.period for one in stays), self.on)
        if person.id in self.counted_at:
            repeat = repeat_reason(self.counted_at[person.id])
            return _row(here, Standing.REPEAT, repeat, staff_end, end_of_staff(here, staff_end))
        self.counted_at[person.id] = employer.name
        return self._counted(here, staff_end)

    def _counted(self, here: Sequence[Spell], staff_end: date | None) -> LedgerRow:
        periods = self.presence.holdings.get(here[0].person.id, ())
        reason = self.explain(here[0].person.id)
        if not any(period.holds_on(self.on) for period in periods):
            return _row(here, Standing.STAFF, reason, staff_end, end_of_staff(here, staff_end))
        held_until = last_day_after(periods, self.on)
        if held_until is not None and (staff_end is None or held_until < staff_end):
            return _row(here, Standing.HOLDER, reason, held_until, message(self.presence.ending))
        return _row(here, Standing.HOLDER, reason, staff_end, end_of_staff(here, staff_end))

    def _outside(self, spells: Sequence[Spell]) -> LedgerRow | None:
        begun = [one for one in spells if _has_begun(one.period, self.on)]
        if not begun:
            return None
        reasons = [(self._why_outside(one), one) for one in begun]
        why, nearest = min(reasons, key=lambda pair: pair[0].rank)
        return _row([nearest], Standing.OUTSIDE, why.reason, None, None)

    def _why_outside(self, spell: Spell) -> Ranked:
        """Who would be staff by the rule lacks what the figure asks of its denominator."""
        if spell.period.holds_on(self.on) and counts_by_rule(spell, self.presence.rule):
            is_direct = spell.direct_service or not self.presence.among.is_direct
            return lacking_reason() if is_direct else indirect_reason()
        return outside_reason(spell, self.on)


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


def end_of_staff(here: Sequence[Spell], end: date | None) -> Message:
    """Why they are staff no longer from that day on."""
    if any(one.standing.end == end for one in here):
        return message(N_("机构退出机构库"))
    if any(one.placement.end == end for one in here):
        return message(N_("服务场所迁出"))
    return message(N_("任职结束"))


def _has_begun(period: Period, on: date) -> bool:
    """It holds, or held for at least a day."""
    start = period.start or date.min
    return start <= on and (period.end is None or start < period.end)


ORDER = {standing: rank for rank, standing in enumerate(Standing)}


def _reading_order(row: LedgerRow) -> tuple[str, int, int, str]:
    return row.employer.name, row.employer.id, ORDER[row.standing], row.person.person_no
