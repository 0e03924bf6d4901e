"""Which of ours a row of theirs is: by the strongest thing that both say, never by what one of them does not say.

What stays open is set apart for somebody to decide; nothing is guessed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from registry.intake.tables import RawRow
from registry.messages import N_, Message, message
from registry.parsing import CellProblem
from registry.reconciliations.fields import ComparedKind, Group, Identity
from registry.reconciliations.models import Evidence
from registry.reconciliations.normalising import is_blank
from registry.reconciliations.ours import OurRecord, OurSide
from registry.reconciliations.readings import Likeness, Surroundings
from registry.reconciliations.words import EVIDENCE_WORDS


class Unreadable:
    """Stands where something was typed that says nothing: it is neither blank nor a value."""


UNREADABLE = Unreadable()


class TheirRow(NamedTuple):
    """One row of theirs as far as it could be read; a field is left out where its cell is blank."""

    raw: RawRow
    values: Mapping[str, Any]

    def keys(self, identity: Identity) -> frozenset[str]:
        """Under what it would be known; nothing where a part is missing or unreadable."""
        parts = [self.values.get(key) for key in identity.fields]
        if any(part is None or part is UNREADABLE for part in parts):
            return frozenset()
        if len(parts) == 1:
            return parts[0] if isinstance(parts[0], frozenset) else frozenset({str(parts[0])})
        return frozenset({" ".join(map(str, parts))})


class Match(NamedTuple):
    """What became of a row: one of ours with the evidence, nobody, or something to be decided."""

    record: OurRecord | None = None
    evidence: Evidence | None = None
    open_question: Message | None = None
    candidates: tuple[OurRecord, ...] = ()
    """Those that it may be, where that is open: nobody says that they are missing in their list."""
    is_unreadable: bool = False


def read_rows(
    kind: ComparedKind, rows: Sequence[RawRow], places: Mapping[str, int], around: Surroundings
) -> list[TheirRow]:
    """Each different cell of a column is read once."""
    columns = {
        key: _read(kind, key, [row.cells[place] for row in rows], around) for key, place in places.items()
    }
    return [
        TheirRow(
            row,
            {
                key: values[row.cells[places[key]]]
                for key, values in columns.items()
                if row.cells[places[key]] in values
            },
        )
        for row in rows
    ]


def _read(kind: ComparedKind, key: str, cells: Sequence[Any], around: Surroundings) -> dict[Any, Any]:
    reading = kind.field(key).reading
    values: dict[Any, Any] = {}
    for cell in set(cells):
        if is_blank(cell):
            continue
        try:
            values[cell] = reading.theirs(cell, around, key)
        except CellProblem:
            values[cell] = UNREADABLE
    return values


class Matcher:
    """Matches the rows of one file; those that say most come first, so that the weak ones see who is taken."""

    def __init__(
        self, kind: ComparedKind, ours: OurSide, chosen: Sequence[Evidence], around: Surroundings
    ) -> None:
        self._kind = kind
        self._ours = ours
        self._around = around
        identities = [one for one in kind.identities if one.evidence in chosen]
        self._strong = [one for one in identities if one.is_strong]
        self._weak = [one for one in identities if not one.is_strong]
        self._taken: set[str] = set()

    def matches(self, rows: Sequence[TheirRow]) -> list[Match]:
        """One for each row, in their order."""
        found = {row.raw.number: self._by_strong(row) for row in rows}
        self._taken = {match.record.code for match in found.values() if match and match.record}
        return [found[row.raw.number] or self._by_weak(row) for row in rows]

    def _by_strong(self, row: TheirRow) -> Match | None:
        """None where nothing strong told anything."""
        told = [(one.evidence, records) for one in self._strong if (records := self._found(row, one))]
        if not told:
            return None
        evidence, records = told[0]
        for other, others in told[1:]:
            if not {one.code for one in records} & {one.code for one in others}:
                return Match(
                    open_question=message(
                        N_("两种识别方式指向不同的登记：%(first)s和%(second)s。"),
                        first=EVIDENCE_WORDS[evidence],
                        second=EVIDENCE_WORDS[other],
                    ),
                    candidates=(*records, *others),
                )
        return self._one_of(records, row, evidence)

    def _by_weak(self, row: TheirRow) -> Match:
        for identity in self._weak:
            records = self._found(row, identity)
            free = [one for one in records if not (self._contradicts(row, one) and one.code in self._taken)]
            if any(self._contradicts(row, one) for one in free):
                question = message(N_("姓名或名称对得上，编号却不同，可能不是同一个。"))
                return Match(open_question=question, candidates=tuple(free))
            if free:
                return self._one_of(free, row, identity.evidence)
        return Match(is_unreadable=not self._says_who(row))

    def _one_of(self, records: Sequence[OurRecord], row: TheirRow, evidence: Evidence) -> Match:
        """Several are told apart by their names; whoever is not current gives way."""
        if len(records) > 1:
            records = [one for one in records if self._fits_by_name(row, one)] or records
        if len(records) > 1:
            records = [one for one in records if one.is_current] or records
        if len(records) > 1:
            question = message(N_("登记册里有%(count)s条都对得上。"), count=len(records))
            return Match(open_question=question, candidates=tuple(records))
        return Match(records[0], evidence)

    def _found(self, row: TheirRow, identity: Identity) -> list[OurRecord]:
        index = self._ours.index.get(identity.evidence, {})
        found = {one.code: one for key in row.keys(identity) for one in index.get(key, ())}
        return list(found.values())

    def _contradicts(self, row: TheirRow, record: OurRecord) -> bool:
        """Both have a number that nobody has two of, and these differ."""
        pairs = (
            (row.keys(one), record.known_as.get(one.evidence, ()))
            for one in self._kind.identities
            if one.contradicts
        )
        return any(theirs and ours and theirs.isdisjoint(ours) for theirs, ours in pairs)

    def _fits_by_name(self, row: TheirRow, record: OurRecord) -> bool:
        name = self._kind.field(self._kind.name_field)
        theirs, ours = row.values.get(name.key), record.groups[Group.SELF][0][name.key]
        if theirs is None or theirs is UNREADABLE:
            return False
        return name.reading.likeness(theirs, ours, self._around) is not Likeness.DIFFERENT

    def _says_who(self, row: TheirRow) -> bool:
        return any(row.keys(one) for one in (*self._strong, *self._weak))
