"""Sets a file of theirs beside the register: what only one of the two has, what differs, and who corrects it where."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.intake.tables import RawTable
from registry.messages import Message
from registry.parsing import Cell
from registry.reconciliations.columns import ForeignColumns
from registry.reconciliations.fields import PRESENCE, ComparedField, ComparedKind, Group
from registry.reconciliations.matching import UNREADABLE, Match, Matcher, TheirRow, read_rows
from registry.reconciliations.models import Corrector, Evidence, Outcome
from registry.reconciliations.normalising import is_blank
from registry.reconciliations.ours import Facts, OurRecord, OurSide
from registry.reconciliations.readings import Likeness, Surroundings, text_of

NOBODY: Sequence[Facts] = ({},)
"""Stands for a post or a paper of whoever has none."""

Authorities = Mapping[str, int | None]
"""By field, the key of the system that it is taken from, None for this register; a field that is missing is open."""


@dataclass(frozen=True)
class Found:
    """One finding, before it is kept."""

    outcome: Outcome
    corrector: Corrector
    matter: str
    row: int | None = None
    field: str = ""
    record: OurRecord | None = None
    name: str = ""
    theirs: str = ""
    ours: str = ""
    evidence: Evidence | None = None
    note: Message | None = None


@dataclass(frozen=True)
class Comparison:
    """All of it, with counts that add up."""

    rows: int
    matched: int
    fields_compared: int
    fields_same: int
    findings: tuple[Found, ...]
    settled: frozenset[str]
    """The matters that were looked at and are no difference any more."""
    also_known: Mapping[str, str]
    """Of a row that is none of ours, the matters under which other exports may have had it, and its matter here."""

    def count(self, *outcomes: Outcome) -> int:
        """The findings of these outcomes."""
        return sum(one.outcome in outcomes for one in self.findings)


def compare(
    kind: ComparedKind,
    table: RawTable,
    said: ForeignColumns,
    ours: OurSide,
    *,
    around: Surroundings,
    authorities: Authorities,
    system_id: int,
) -> Comparison:
    """Reads neither the database nor the clock."""
    places = said.places(table.headers)
    rows = read_rows(kind, table.rows, places, around)
    matches = Matcher(kind, ours, said.identities, around).matches(rows)
    work = _Work(kind, places, around, _Judge(authorities, system_id))
    for row, match in zip(rows, matches, strict=True):
        work.take(row, match)
    return work.finished(len(rows), ours)


@dataclass(frozen=True)
class _Judge:
    authorities: Authorities
    system_id: int

    def corrector(self, field: str) -> Corrector:
        """Whoever the field is not taken from; nobody yet where it is taken from a third system, or nothing is said."""
        if field not in self.authorities:
            return Corrector.OPEN
        source = self.authorities[field]
        if source is None:
            return Corrector.THEM
        return Corrector.US if source == self.system_id else Corrector.OPEN


class _Work:
    """What is found row by row."""

    def __init__(
        self, kind: ComparedKind, places: Mapping[str, int], around: Surroundings, judge: _Judge
    ) -> None:
        self._kind = kind
        self._places = places
        self._around = around
        self._judge = judge
        told = {
            group: [one for one in kind.fields if one.group is group and one.key in places] for group in Group
        }
        self._fields = [(group, fields) for group, fields in told.items() if fields]
        self._findings: list[Found] = []
        self._listed: set[str] = set()
        self._perhaps: set[str] = set()
        self._same: set[str] = set()
        self._also_known: dict[str, str] = {}
        self._differing: set[str] = set()
        self._compared = self._agreed = 0
        self._matched = 0

    def take(self, row: TheirRow, match: Match) -> None:
        """One row."""
        if match.record is None:
            self._set_apart(row, match)
            return
        self._matched += 1
        self._listed.add(match.record.code)
        for group, fields in self._fields:
            members = match.record.groups.get(group) or NOBODY
            facts = members[0] if len(members) == 1 else self._meant(row, members, fields)
            for field in fields:
                self._set_beside(row, match.record, field, facts, match.evidence)

    def _meant(self, row: TheirRow, members: Sequence[Facts], fields: Sequence[ComparedField]) -> Facts:
        """Of several posts or certificates the one that fits best; of two that fit alike the first."""
        return max(
            members,
            key=lambda one: sum(
                field.weight * self._likeness(field, row.values.get(field.key), one.get(field.key)).value
                for field in fields
            ),
        )

    def finished(self, rows: int, ours: OurSide) -> Comparison:
        """With what only we have."""
        told_of = self._listed | self._perhaps
        for record in ours.records:
            if record.is_current and record.code not in told_of:
                self._findings.append(
                    Found(
                        Outcome.ONLY_OURS,
                        self._judge.corrector(PRESENCE),
                        f"{record.code} {Outcome.ONLY_OURS}",
                        record=record,
                        name=record.name,
                    )
                )
        listed = frozenset(f"{code} {Outcome.ONLY_OURS}" for code in self._listed)
        return Comparison(
            rows=rows,
            matched=self._matched,
            fields_compared=self._compared,
            fields_same=self._agreed,
            findings=tuple(self._findings),
            settled=listed | frozenset(self._same - self._differing),
            also_known=self._also_known,
        )

    def _set_apart(self, row: TheirRow, match: Match) -> None:
        self._perhaps |= {one.code for one in match.candidates}
        if match.is_unreadable:
            outcome, corrector = Outcome.UNREADABLE, Corrector.OPEN
        elif match.open_question is not None:
            outcome, corrector = Outcome.AMBIGUOUS, Corrector.OPEN
        else:
            outcome, corrector = Outcome.ONLY_THEIRS, self._judge.corrector(PRESENCE)
        matter, *others = (f"{one} {Outcome.ONLY_THEIRS}" for one in _digests(self._kind, row))
        self._also_known |= dict.fromkeys(others, matter)
        self._findings.append(
            Found(
                outcome,
                corrector,
                matter,
                row=row.raw.number,
                record=match.candidates[0] if match.candidates else None,
                name=self._their_name(row),
                note=match.open_question,
            )
        )

    def _set_beside(
        self, row: TheirRow, record: OurRecord, field: ComparedField, facts: Facts, evidence: Evidence | None
    ) -> None:
        theirs, ours = row.values.get(field.key), facts.get(field.key)
        matter = f"{record.code} {field.key}"
        if theirs is None and ours is None:
            self._same.add(matter)  # what was told of it before is no difference any more
            return
        self._compared += 1
        outcome = self._outcome(field, theirs, ours)
        if outcome is None:
            self._agreed += 1
            self._same.add(matter)
            return
        self._differing.add(matter)
        self._findings.append(
            Found(
                outcome,
                Corrector.OPEN if outcome is Outcome.LIKELY_SAME else self._judge.corrector(field.key),
                matter,
                row=row.raw.number,
                field=field.key,
                record=record,
                name=record.name,
                theirs="" if field.is_sealed else text_of(self._cell(row, field)),
                ours="" if ours is None else text_of(field.reading.shown(ours)),
                evidence=evidence,
            )
        )

    def _outcome(self, field: ComparedField, theirs: Any, ours: Any) -> Outcome | None:
        """None where they agree."""
        if theirs is None:
            return Outcome.THEY_LACK
        if ours is None:
            return Outcome.WE_LACK
        likeness = self._likeness(field, theirs, ours)
        if likeness is Likeness.SAME:
            return None
        return Outcome.LIKELY_SAME if likeness is Likeness.LIKELY else Outcome.DIFFERENT

    def _likeness(self, field: ComparedField, theirs: Any, ours: Any) -> Likeness:
        if theirs is None or ours is None or theirs is UNREADABLE:
            return Likeness.DIFFERENT
        return field.reading.likeness(theirs, ours, self._around)

    def _cell(self, row: TheirRow, field: ComparedField) -> Cell:
        cell = row.raw.cells[self._places[field.key]]
        return "" if is_blank(cell) else cell

    def _their_name(self, row: TheirRow) -> str:
        name = self._kind.field(self._kind.name_field)
        return text_of(self._cell(row, name)) if name.key in self._places else ""


def _digests(kind: ComparedKind, row: TheirRow) -> list[str]:
    """The same row of theirs in another export: by everything that it says of itself, the strongest first."""
    name = row.values.get(kind.name_field)
    said = [
        # Rows of one organisation have its number in common, and are not one matter.
        (one.evidence, f"{key} {name}" if one.is_shared and isinstance(name, str) else key)
        for one in kind.identities
        for key in sorted(row.keys(one))
    ]
    if not said:
        return [hashlib.sha256(repr([str(cell) for cell in row.raw.cells]).encode()).hexdigest()[:40]]
    return [hashlib.sha256(f"{evidence} {key}".encode()).hexdigest()[:40] for evidence, key in said]
