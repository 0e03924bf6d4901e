"""What another system is asked to change: its own rows with what is wrong put right, in its own words and forms.

Whoever is missing in their list is added at the end; whoever should not stand there is named. A number that is sealed
here is never written out: the row says that it differs, and the paper is looked at. What we do not have ourselves
blanks nothing of theirs: the row asks them to look.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from registry.intake.tables import RawTable
from registry.messages import N_, Gettext
from registry.parsing import Cell, plain
from registry.reconciliations.columns import ForeignColumns
from registry.reconciliations.fields import PRESENCE, ComparedField, ComparedKind
from registry.reconciliations.models import Outcome, ReconciliationFinding
from registry.reconciliations.normalising import is_blank
from registry.reconciliations.ours import OurRecord
from registry.reconciliations.readings import Choice, Day, Year
from reports.workbooks.correcting import CorrectedRow

FIRST_SERIAL = date(1899, 12, 30)

Sees = Callable[[ComparedField], bool]
"""Whether whoever takes the file along may see our value of a field."""


@dataclass(frozen=True)
class Corrections:
    """What the rows are made from."""

    kind: ComparedKind
    table: RawTable
    said: ForeignColumns
    ours: Mapping[str, OurRecord]
    """By public code, those whom the findings name."""
    sees: Sees
    source_of: Callable[[str], str]
    """权威来源 of a field by its key, in words."""
    gettext: Gettext

    def rows(self, findings: Sequence[ReconciliationFinding]) -> list[CorrectedRow]:
        """Their rows in their order, each once; then those that they should add."""
        by_row: dict[int, list[ReconciliationFinding]] = defaultdict(list)
        for one in findings:
            if one.row is not None:
                by_row[one.row].append(one)
        cells = {row.number: row.cells for row in self.table.rows}
        changed = [
            self._changed(cells[number], told) for number, told in sorted(by_row.items()) if number in cells
        ]
        missing = [one for one in findings if one.outcome is Outcome.ONLY_OURS]
        return changed + [
            self._added(self.ours[one.subject_code]) for one in missing if one.subject_code in self.ours
        ]

    def _changed(self, cells: Sequence[Cell], told: Sequence[ReconciliationFinding]) -> CorrectedRow:
        if any(one.outcome is Outcome.ONLY_THEIRS for one in told):
            return self._not_ours(cells)
        places = self.said.places(self.table.headers)
        written, notes, sources, marked = list(cells), [], [], set()
        for one in told:
            field, place = self.kind.field(one.field), places[one.field]
            if self._is_lacking(field, one):
                notes.append(self._note_of_lacking(field))
                continue
            ours = self._in_their_form(field, one.ours, place) if self._may_write(field) else None
            marked.add(place)
            notes.append(self._note(field, one, ours))
            sources.append(self._source(field))
            if ours is not None:
                written[place] = ours
        return CorrectedRow(written, "\n".join(notes), frozenset(marked), source="\n".join(sources))

    def _not_ours(self, cells: Sequence[Cell]) -> CorrectedRow:
        note = self.gettext(N_("登记册没有这一条，请核对后核销或说明。"))
        return CorrectedRow(list(cells), note, source=self.source_of(PRESENCE))

    def _is_lacking(self, field: ComparedField, one: ReconciliationFinding) -> bool:
        """We have nothing to put in: of a sealed number only the outcome tells, for our value is kept nowhere."""
        return one.outcome is Outcome.WE_LACK or not (one.ours or field.is_sealed)

    def _note_of_lacking(self, field: ComparedField) -> str:
        """Nothing is put right: their cell stays as it is, and somebody looks at the paper."""
        note = self.gettext(N_("“%(head)s”登记册没有这一项，请核对。"))
        return note % {"head": self.said.fields[field.key]}

    def _source(self, field: ComparedField) -> str:
        """What each changed cell is taken from, line by line beside the notes."""
        places = {"head": self.said.fields[field.key], "source": self.source_of(field.key)}
        return self.gettext(N_("“%(head)s”：%(source)s")) % places

    def _may_write(self, field: ComparedField) -> bool:
        return not field.is_sealed and self.sees(field)

    def _note(self, field: ComparedField, one: ReconciliationFinding, ours: Cell | None) -> str:
        _ = self.gettext
        head = self.said.fields[field.key]
        if not self._may_write(field):
            return _(N_("“%(head)s”不一致，请核对原件。")) % {"head": head}
        places = {"head": head, "theirs": one.theirs, "ours": one.ours if ours is None else plain(ours)}
        if not one.theirs:
            return _(N_("“%(head)s”原为空，应为“%(ours)s”。")) % places
        return _(N_("“%(head)s”原为“%(theirs)s”，应为“%(ours)s”。")) % places

    def _added(self, record: OurRecord) -> CorrectedRow:
        """Whoever they lack, in as many of their columns as we have facts for."""
        cells: list[Cell] = [""] * len(self.table.headers)
        for key, place in self.said.places(self.table.headers).items():
            field = self.kind.field(key)
            members = record.groups.get(field.group) or [{}]
            ours = members[0].get(key)
            if ours is not None and self._may_write(field):
                cells[place] = self._in_their_form(field, field.reading.shown(ours), place) or ""
        note = self.gettext(N_("对方没有这一条，请补录。"))
        filled = frozenset(place for place, cell in enumerate(cells) if cell != "")
        return CorrectedRow(cells, note, filled, source=self.source_of(PRESENCE))

    def _in_their_form(self, field: ComparedField, ours: str, place: int) -> Cell | None:
        """Our value as their column writes such values; None where ours says less than theirs."""
        column = [row.cells[place] for row in self.table.rows if not is_blank(row.cells[place])]
        if isinstance(field.reading, Year):
            is_years = bool(column) and all(
                len(plain(cell).strip().rstrip("年")) == 4 for cell in column[:20]
            )
            return int(ours) if is_years else None
        if isinstance(field.reading, Day):
            return day_like(date.fromisoformat(ours), column[0] if column else "")
        if isinstance(field.reading, Choice):
            return self._in_their_words(field, field.reading, ours, column)
        return ours

    def _in_their_words(
        self, field: ComparedField, reading: Choice, ours: str, column: Sequence[Cell]
    ) -> Cell:
        """The word that they use most for the same."""
        synonyms = self.said.synonyms(self.kind)[field.key]
        used = Counter(plain(cell).strip() for cell in column)
        meant = reading.member(ours, {})
        alike = (word for word, _count in used.most_common() if reading.member(word, synonyms) is meant)
        return next(alike, ours)


def day_like(day: date, sample: Cell) -> Cell:
    """A day, written as another one is: a date as a date, a count of days as one, a text with the same signs."""
    if isinstance(sample, date):
        return day
    if isinstance(sample, int | float) and 3_654 <= sample <= 73_050:
        return (day - FIRST_SERIAL) // timedelta(days=1)
    words = plain(sample).strip()
    if "年" in words:
        return f"{day.year}年{day.month}月{day.day}日"
    for sign in "/.":
        if sign in words:
            is_padded = len(words) == 10
            return f"{day:%Y{sign}%m{sign}%d}" if is_padded else f"{day.year}{sign}{day.month}{sign}{day.day}"
    return f"{day:%Y%m%d}" if len(words) == 8 and words.isdecimal() else day.isoformat()
