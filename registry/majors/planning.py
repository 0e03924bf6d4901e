"""What a proposal makes of the list of majors: one plan, which publishing writes and the rehearsal counts by.

Nothing is written here, and nothing is written over: an entry ends with the day, and the next one begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.errors import RequirementUnmet
from registry.majors.models import MajorChange, MajorChangeLine, MajorDeed
from registry.messages import N_, Message, message
from registry.periods import Period
from registry.workforce.models import Catalogue, Major

TABLE = cast("sa.Table", Major.__table__)
KEY = ("catalogue", "code")
COUNTED_BY = ("catalogue", "code", "counts", "valid_from", "valid_to")
"""What counting reads of an entry."""


@dataclass(frozen=True)
class Fault:
    """Why a line cannot be done on the day."""

    line: MajorChangeLine
    message: Message


@dataclass(frozen=True)
class Begun:
    """An entry that begins with the day."""

    line: MajorChangeLine
    valid_from: date
    valid_to: date | None
    """Where a later entry of the same major begins already."""


@dataclass(frozen=True)
class Plan:
    """Entries that end on the day, and those that begin with it."""

    on: date
    ended: tuple[Major, ...]
    begun: tuple[Begun, ...]

    def table(self) -> sa.FromClause:
        """The list as it would stand, for counting: the untouched rows of the register, and those of the plan."""
        columns = [TABLE.c[name] for name in COUNTED_BY]
        standing = sa.select(*columns).where(TABLE.c.id.not_in([major.id for major in self.ended]))
        ended = (_row(one.catalogue, one.code, one.counts, one.valid_from, self.on) for one in self.ended)
        begun = (
            _row(one.line.catalogue, one.line.code, one.line.counts, one.valid_from, one.valid_to)
            for one in self.begun
        )
        return sa.union_all(standing, *ended, *begun).subquery("changed_major")


def plan_of(session: Session, change: MajorChange) -> Plan:
    """What publishing does today; RequirementUnmet names the first line that cannot be done."""
    entries = entries_of(session, change.lines)
    fault = next(faults_in(change.lines, entries, change.valid_from), None)
    if fault is not None:
        raise RequirementUnmet(fault.message)
    return Plan(
        change.valid_from,
        tuple(_ending(change.lines, entries, change.valid_from)),
        tuple(_beginning(change.lines, entries, change.valid_from)),
    )


def entries_of(session: Session, lines: Iterable[MajorChangeLine]) -> list[Major]:
    """Every entry of the majors that the lines speak of, in the order of validity."""
    keys = {(line.catalogue, line.code) for line in lines}
    codes = {code for _catalogue, code in keys}
    found = sa.select(Major).where(Major.code.in_(codes)).order_by(Major.valid_from)
    found = found.execution_options(populate_existing=True)  # somebody may have published meanwhile
    with session.no_autoflush:
        return [one for one in session.scalars(found) if (one.catalogue, one.code) in keys]


def faults_in(lines: Iterable[MajorChangeLine], entries: Sequence[Major], on: date) -> Iterator[Fault]:
    """Line by line, why it cannot be done."""
    for line in lines:
        sentence = _fault_of(line, _own(line, entries), on)
        if sentence is not None:
            places = {"name": line.name, "code": line.code, "day": on.isoformat()}
            yield Fault(line, message(sentence, **places))


def _fault_of(line: MajorChangeLine, own: Sequence[Major], on: date) -> str | None:
    in_force = _in_force(own, on)
    if any(one.valid_from == on for one in own):
        return N_("专业“%(name)s”（%(code)s）在%(day)s已有一次调整，请另选生效日期。")
    if line.deed is MajorDeed.ADD:
        taken = N_("专业“%(name)s”（%(code)s）在%(day)s已在目录内，不能再次增加。")
        return taken if in_force is not None else None
    if in_force is None:
        return N_("专业“%(name)s”（%(code)s）在%(day)s不在目录内，不能调整。")
    if line.deed is not MajorDeed.END and in_force.counts is line.counts:
        return N_("专业“%(name)s”（%(code)s）在%(day)s已经如此，不需要调整。")
    return None


def _ending(lines: Iterable[MajorChangeLine], entries: Sequence[Major], on: date) -> Iterator[Major]:
    for line in lines:
        in_force = _in_force(_own(line, entries), on)
        if in_force is not None:
            yield in_force


def _beginning(lines: Iterable[MajorChangeLine], entries: Sequence[Major], on: date) -> Iterator[Begun]:
    for line in lines:
        if line.deed is not MajorDeed.END:
            later = (one.valid_from for one in _own(line, entries) if one.valid_from > on)
            in_force = _in_force(_own(line, entries), on)
            yield Begun(line, on, in_force.valid_to if in_force else min(later, default=None))


def _own(line: MajorChangeLine, entries: Sequence[Major]) -> list[Major]:
    return [one for one in entries if (one.catalogue, one.code) == (line.catalogue, line.code)]


def _in_force(own: Sequence[Major], on: date) -> Major | None:
    return next((one for one in own if Period(one.valid_from, one.valid_to).holds_on(on)), None)


def _row(
    catalogue: Catalogue, code: str, counts: bool, valid_from: date, valid_to: date | None
) -> sa.Select[Any]:
    values = dict(zip(COUNTED_BY, (catalogue, code, counts, valid_from, valid_to), strict=True))
    return sa.select(*(sa.literal(value, TABLE.c[name].type).label(name) for name, value in values.items()))
