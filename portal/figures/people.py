"""The rows behind a reading as one reader may see them: names masked by role, links only where they lead somewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from portal.formatting import language, words_in_row
from registry.access.actors import Actor
from registry.access.masks import staff_name
from registry.access.rules import readable
from registry.actions import Action
from registry.listing import Page, sheet
from registry.workforce.counting import Place
from registry.workforce.models import Practitioner
from registry.workforce.records import Person
from reports.figures.ledger import LedgerRow, ledger


@dataclass(frozen=True)
class PersonRow:
    """A row of the ledger with the name that the reader may know."""

    row: LedgerRow
    name: str | None
    """None where the person is outside the reader's scope; the register number stands for him."""
    is_open: bool
    """The reader may open the person's own page."""

    @property
    def professions(self) -> str:
        """The posts in words."""
        return words_in_row(self.row.professions)

    @property
    def engagements(self) -> str:
        """The footings in words."""
        return words_in_row(self.row.engagements)


def joined(words: Iterable[str]) -> str:
    """A list within a sentence."""
    return ("、" if language() == "zh" else ", ").join(words)


def person_rows(session: Session, asked: Asked, place: Place, *, actor: Actor) -> list[PersonRow]:
    """The ledger of a place: a figure may be seen further than its people, and who may not be opened has no name."""
    rows = ledger(session, asked.figure, place=place, on=asked.on, rule=asked.rule)
    return rows_as_seen(session, rows, actor)


def person_sheet(
    session: Session, asked: Asked, place: Place, typed: Mapping[str, str], *, actor: Actor
) -> Page:
    """One sheet of the same; names are looked up for its rows alone."""
    rows = sheet(ledger(session, asked.figure, place=place, on=asked.on, rule=asked.rule), typed)
    return replace(rows, rows=rows_as_seen(session, rows.rows, actor))


@dataclass(frozen=True)
class Seen:
    """Somebody as one reader may know him."""

    person: Person
    name: str | None
    """None where he is outside the reader's scope."""
    is_open: bool
    """The reader may open his page."""

    @property
    def shown(self) -> str:
        """The name, or the register number that stands for it."""
        return self.name or self.person.person_no


def seen_people(session: Session, people: Iterable[Person], actor: Actor) -> dict[int, Seen]:
    """Some people by key, with the names that the actor may know."""
    known = {one.id: one for one in people}
    opened = opened_people(session, set(known), actor)
    return {
        key: Seen(one, staff_name(actor, one.name) if key in opened else None, key in opened)
        for key, one in known.items()
    }


def rows_as_seen(session: Session, rows: Sequence[LedgerRow], actor: Actor) -> list[PersonRow]:
    """Rows that were read already, with the names that the actor may know."""
    opened = opened_people(session, {row.person.id for row in rows}, actor)
    return [_person_row(row, row.person.id in opened, actor) for row in rows]


def _person_row(row: LedgerRow, is_open: bool, actor: Actor) -> PersonRow:
    return PersonRow(row, staff_name(actor, row.person.name) if is_open else None, is_open)


def opened_people(session: Session, ids: set[int], actor: Actor) -> set[int]:
    """Of some people, those whose page the actor may open."""
    seen = readable(Practitioner, actor, Action.PRACTITIONER_SEE)
    opened: set[int] = set()
    chosen = sorted(ids)
    for start in range(0, len(chosen), 500):
        few = Practitioner.id.in_(chosen[start : start + 500])
        opened |= set(session.scalars(sa.select(Practitioner.id).where(few, seen)))
    return opened
