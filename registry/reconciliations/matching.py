"""Which of ours a row of theirs is: by the strongest thing that both say, never by what one of them does not say.

What stays open is set apart for somebody to decide; nothing is guessed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
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


Way = Callable[[TheirRow], Match | None]
"""One way to find whose row it is; None where it tells nothing."""


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
    """Matches the rows of one file in rounds; what says most comes first, so that the weaker see who is taken.

    What is somebody's own may stand in several rows: a person with two posts is listed twice. By what several may have
    in common, one of ours is found once.
    """

    def __init__(
        self, kind: ComparedKind, ours: OurSide, chosen: Sequence[Evidence], around: Surroundings
    ) -> None:
        self._kind = kind
        self._ours = ours
        self._around = around
        identities = [one for one in kind.identities if one.evidence in chosen]
        self._strong = [one for one in identities if one.is_strong]
        self._shared = [one for one in identities if one.is_shared]
        self._weak = [one for one in identities if not one.is_strong]
        self._claims: Counter[str] = Counter()
        """By public code, how many rows are this one of ours, or seem to be."""
        self._numbers: Counter[tuple[Evidence, str]] = Counter()
        """How many rows have the number of an organisation."""

    def matches(self, rows: Sequence[TheirRow]) -> list[Match]:
        """One for each row, in their order."""
        self._numbers = Counter(one for row in rows for one in self._numbers_of(row))
        found = self._round(rows, self._by_strong)
        self._claims = _claimed(found)
        for way in (*self._ways_by_number(), self._by_weak):
            left = [row for row in rows if row.raw.number not in found]
            found |= self._settled(self._round(left, way))
        return [found.get(row.raw.number) or self._left_over(row) for row in rows]

    def _ways_by_number(self) -> tuple[Way, ...]:
        if not self._shared:
            return ()
        named = (partial(self._by_number, likeness=one) for one in (Likeness.SAME, Likeness.LIKELY))
        return (*named, self._by_number_alone)

    def _round(self, rows: Sequence[TheirRow], way: Way) -> dict[int, Match]:
        told = ((row.raw.number, way(row)) for row in rows)
        return {number: match for number, match in told if match is not None}

    def _settled(self, proposed: Mapping[int, Match]) -> dict[int, Match]:
        """Whoever is taken, or proposed to several rows, is matched to none of them."""
        self._claims += _claimed(proposed)
        return {number: self._once(match) for number, match in proposed.items()}

    def _once(self, match: Match) -> Match:
        if match.record is None or self._claims[match.record.code] == 1:
            return match
        question = message(
            N_("文件里有%(count)s行都像是同一条登记，请人工核对。"), count=self._claims[match.record.code]
        )
        return Match(open_question=question, candidates=(match.record,))

    def _by_strong(self, row: TheirRow) -> Match | None:
        """None where nothing strong told anything, or only the number of an organisation did."""
        told = [(one, records) for one in self._strong if (records := self._found(row, one))]
        if not told:
            return None
        first, records = told[0]
        for other, others in told[1:]:
            if not {one.code for one in records} & {one.code for one in others}:
                return _two_ways(first.evidence, records, other.evidence, others)
        return None if first.is_shared else self._one_of(records, row, first.evidence)

    def _by_number(self, row: TheirRow, likeness: Likeness) -> Match | None:
        """Of the sites of an organisation the one of this name."""
        evidence, records = self._numbered(row)
        named = [one for one in records if self._likeness_of_name(row, one) is likeness]
        return self._one_of(named, row, evidence) if named else None

    def _by_number_alone(self, row: TheirRow) -> Match | None:
        """Without a name only where each side has a single one."""
        evidence, records = self._numbered(row)
        if not records or self._name_of(row) is not None:
            return None
        current = [one for one in records if one.is_current]
        if len(current) == 1 and all(self._numbers[one] == 1 for one in self._numbers_of(row)):
            return Match(current[0], evidence)
        question = message(N_("编号是机构的，没有名称，不能确定是哪一处场所，请人工核对。"))
        return Match(open_question=question, candidates=tuple(records))

    def _numbered(self, row: TheirRow) -> tuple[Evidence, list[OurRecord]]:
        """Whom the numbers of an organisation leave, and the strongest of these; nobody where they tell nothing."""
        told = [(one.evidence, records) for one in self._shared if (records := self._found(row, one))]
        if not told:
            return Evidence.CREDIT_CODE, []
        codes = set.intersection(*({one.code for one in records} for _evidence, records in told))
        evidence, records = told[0]
        return evidence, [one for one in records if one.code in codes]

    def _by_weak(self, row: TheirRow) -> Match | None:
        for identity in self._weak:
            free = [one for one in self._found(row, identity) if not self._is_another(row, one)]
            if any(self._contradicts(row, one) for one in free):
                question = message(N_("姓名或名称对得上，编号却不同，可能不是同一个。"))
                return Match(open_question=question, candidates=tuple(free))
            evidence, numbered = self._numbered(row)
            if free and numbered:
                return _two_ways(evidence, numbered, identity.evidence, free)
            if free:
                return self._one_of(free, row, identity.evidence)
        return None

    def _is_another(self, row: TheirRow, record: OurRecord) -> bool:
        """Of the same name, with another number, and found already: many sites are called the same."""
        told = [one for one in self._kind.identities if one.contradicts or one.is_shared]
        return bool(self._claims[record.code]) and self._differs(row, record, told)

    def _left_over(self, row: TheirRow) -> Match:
        """Nobody of ours; or one whom they may call by another name, where no row has him."""
        _evidence, records = self._numbered(row)
        free = tuple(one for one in records if one.is_current and not self._claims[one.code])
        if free:
            question = message(N_("编号对得上，名称却不同，可能不是同一个。"))
            return Match(open_question=question, candidates=free)
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
        return self._differs(row, record, [one for one in self._kind.identities if one.contradicts])

    def _differs(self, row: TheirRow, record: OurRecord, told: Sequence[Identity]) -> bool:
        pairs = ((row.keys(one), record.known_as.get(one.evidence, ())) for one in told)
        return any(theirs and ours and theirs.isdisjoint(ours) for theirs, ours in pairs)

    def _numbers_of(self, row: TheirRow) -> list[tuple[Evidence, str]]:
        return [(one.evidence, key) for one in self._shared for key in row.keys(one)]

    def _name_of(self, row: TheirRow) -> Any:
        name = row.values.get(self._kind.name_field)
        return None if name is UNREADABLE else name

    def _likeness_of_name(self, row: TheirRow, record: OurRecord) -> Likeness:
        theirs, ours = self._name_of(row), record.groups[Group.SELF][0][self._kind.name_field]
        if theirs is None:
            return Likeness.DIFFERENT
        return self._kind.field(self._kind.name_field).reading.likeness(theirs, ours, self._around)

    def _fits_by_name(self, row: TheirRow, record: OurRecord) -> bool:
        return self._likeness_of_name(row, record) is not Likeness.DIFFERENT

    def _says_who(self, row: TheirRow) -> bool:
        return any(row.keys(one) for one in (*self._strong, *self._weak))


def _claimed(found: Mapping[int, Match]) -> Counter[str]:
    return Counter(match.record.code for match in found.values() if match.record is not None)


def _two_ways(
    first: Evidence, records: Sequence[OurRecord], second: Evidence, others: Sequence[OurRecord]
) -> Match:
    question = message(
        N_("两种识别方式指向不同的登记：%(first)s和%(second)s。"),
        first=EVIDENCE_WORDS[first],
        second=EVIDENCE_WORDS[second],
    )
    return Match(open_question=question, candidates=(*records, *others))
