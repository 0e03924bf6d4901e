"""The heads of a foreign table as a page asks about them: what stands under each, and what speaks for a column."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from registry.audit.redaction import struck_out
from registry.intake.identifiers import without_identity_number
from registry.intake.mappings import Likeness, Suggestion
from registry.intake.tables import RawTable, shown

SAMPLES = 3
"""Values shown under a head: enough to know what it is."""


@dataclass(frozen=True)
class Heading:
    """One of their heads as the page shows it."""

    place: int
    head: str
    key: str
    """Of the column of ours that is chosen for it; empty for none."""
    samples: tuple[str, ...]
    is_hidden: bool
    """It fills, or seems to fill, a column of which nothing is shown."""
    likeness: Likeness | None
    is_remembered: bool


def asked_heads(headers: Sequence[str]) -> list[tuple[int, str]]:
    """Each head once, with its place; a column without a head cannot be named."""
    return [(place, head) for place, head in enumerate(headers) if head and headers.index(head) == place]


def headings(
    table: RawTable,
    chosen: Mapping[int, str],
    guesses: Mapping[str, Suggestion],
    *,
    hidden: Collection[str],
    remembered: Collection[str],
    may_see: bool = True,
) -> list[Heading]:
    """By what is chosen for each place; `hidden` are columns of ours, `remembered` heads of theirs."""
    found = []
    for place, key in chosen.items():
        head = table.headers[place]
        guess = guesses.get(head)
        is_hidden = not may_see or key in hidden or (guess is not None and guess.key in hidden)
        samples = () if is_hidden else _samples(table, place)
        likeness = guess.likeness if guess else None
        found.append(Heading(place, head, key, samples, is_hidden, likeness, head in remembered))
    return found


def _samples(table: RawTable, place: int) -> tuple[str, ...]:
    """The first different values; what names a person by number is struck out."""
    cells = (row.cells[place] for row in table.rows)
    values = dict.fromkeys(struck_out(shown(without_identity_number(cell))) for cell in cells if cell != "")
    return tuple(values)[:SAMPLES]
