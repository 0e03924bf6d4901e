"""How the columns of a foreign export are named once: their fields, what tells who is who, what their words mean."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from registry.errors import InvalidInput
from registry.intake.mappings import fingerprint, heads_of, suggestions
from registry.intake.models import ColumnMapping
from registry.intake.tables import RawTable
from registry.messages import N_, message
from registry.parsing import Cell, folded, half_width, plain
from registry.reconciliations.fields import KINDS, ComparedKind
from registry.reconciliations.models import Evidence, Reconciliation, SubjectKind
from registry.reconciliations.normalising import is_blank
from registry.reconciliations.readings import Choice

MOST_WORDS = 60
"""Words of theirs that are asked about at once; a column with more of them is no column of words."""
LONGEST_WORD = 40


@dataclass(frozen=True)
class ForeignColumns:
    """What somebody said of a file, kept with its comparison: what the next ones are offered is in `mappings`."""

    fields: Mapping[str, str]
    """By the key of a field, the head of their column."""
    identities: tuple[Evidence, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field, folded words of theirs and what they mean here; "" for none of ours."""

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "fields": dict(self.fields),
            "identities": [one.value for one in self.identities],
            "words": {key: dict(told) for key, told in self.words.items()},
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "ForeignColumns":
        """The reverse; nothing where nothing was said yet."""
        return cls(
            fields=dict(kept.get("fields", {})),
            identities=tuple(Evidence(one) for one in kept.get("identities", ())),
            words={key: dict(told) for key, told in kept.get("words", {}).items()},
        )

    def places(self, headers: Sequence[str]) -> dict[str, int]:
        """By field, the place of its column; a head that the file has no more is left out."""
        return {key: headers.index(head) for key, head in heads_of(self.fields, headers).items()}

    def synonyms(self, kind: ComparedKind) -> dict[str, dict[str, str]]:
        """What ships with the register, and what was said of this system on top of it."""
        told = {one.key: dict(shipped_synonyms().get((kind.kind.value, one.key), {})) for one in kind.fields}
        for key, words in self.words.items():
            told.setdefault(key, {}).update({word: meant for word, meant in words.items() if meant})
        return told


@cache
def shipped_synonyms() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """By kind and field."""
    told: dict[tuple[str, str], dict[str, str]] = {}
    source = files("registry.reconciliations") / "data" / "synonyms.csv"
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        told.setdefault((row["kind"], row["field"]), {})[folded(half_width(row["word"]))] = row["code"]
    return told


def mapping_kind(run: Reconciliation) -> str:
    """The word under which it is remembered what the columns of a system are."""
    return f"reconciliation:{run.system.code}:{run.kind}"


def guessed(kind: SubjectKind, headers: Sequence[str], said: ColumnMapping | None) -> ForeignColumns:
    """What was said of these heads; of heads that nobody saw yet, what they look like."""
    fields = heads_of(said.columns, headers) if said else {}
    if said is None or said.fingerprint != fingerprint(headers):
        free = [head for head in headers if head not in fields.values()]
        open_fields = [one for one in KINDS[kind].fields if one.key not in fields]
        fields |= {guess.key: head for head, guess in suggestions(open_fields, free).items()}
    usable = tuple(one.evidence for one in KINDS[kind].identities if set(one.fields) <= fields.keys())
    return ForeignColumns(fields, usable, said.words if said else {})


def check_columns(kind: SubjectKind, said: ForeignColumns, allowed: Sequence[Evidence]) -> None:
    """InvalidInput where nothing tells who is who, or where what should tell it has no column."""
    compared = KINDS[kind]
    if not said.identities:
        raise InvalidInput("identities", message(N_("请至少选择一种识别方式，否则无法知道哪一行是谁。")))
    for evidence in said.identities:
        identity = compared.identity(evidence)
        missing = [compared.field(key) for key in identity.fields if key not in said.fields]
        if evidence not in allowed:
            raise InvalidInput("identities", message(N_("您的岗位不能用这种方式识别人员，请改选其他方式。")))
        if missing:
            raise InvalidInput(
                "identities",
                message(
                    N_("所选的识别方式需要“%(columns)s”一列，请先指明它是文件里的哪一列。"),
                    columns=tuple(missing),
                ),
            )


@dataclass(frozen=True)
class UnknownWord:
    """A word of theirs that nobody has told the meaning of."""

    field: str
    word: str
    count: int


def unknown_words(kind: SubjectKind, table: RawTable, said: ForeignColumns) -> list[UnknownWord]:
    """Those in columns of words, the commonest first."""
    compared = KINDS[kind]
    synonyms, places = said.synonyms(compared), said.places(table.headers)
    found: list[UnknownWord] = []
    for one in compared.fields:
        if isinstance(one.reading, Choice) and one.key in places:
            known = {**synonyms[one.key], **said.words.get(one.key, {})}
            cells = [row.cells[places[one.key]] for row in table.rows]
            found += [
                UnknownWord(one.key, word, count)
                for word, count in _counted(cells)
                if not one.reading.knows(word, known)
            ]
    return found[:MOST_WORDS]


def _counted(cells: Sequence[Cell]) -> Iterator[tuple[str, int]]:
    counts: dict[str, int] = {}
    for cell in cells:
        if not is_blank(cell):
            word = plain(cell).strip()[:LONGEST_WORD]
            counts[word] = counts.get(word, 0) + 1
    yield from sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
