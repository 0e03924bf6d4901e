"""Exports as a person holds them: taken out of the register, changed by hand, brought back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.intake.declaration import WorkbookKind
from registry.intake.kinds.practitioner_trip import parts_of_people, rows_of
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.site_trip import parts_of_sites, row_of
from registry.intake.kinds.sites import SITES
from registry.intake.operations import commit, record_preview
from registry.intake.parts import Part
from registry.intake.preview import Preview, preview
from registry.intake.round_trip import HiddenLine, Taken, hidden_lines
from registry.intake.three_way import open_choices
from registry.organisations.models import Site
from registry.parsing import Cell
from registry.sealing.keyring import KeyRing
from registry.workforce.models import Practitioner
from tests.registry.intake.tables import NOW, TODAY, context, said, table

OWNER = "org2345678"
WORDS: dict[Any, str] = {True: "是", False: "否", None: ""}
Rows = list[dict[str, Cell]]


class File:
    """An export as a person holds it: rows under the heads of the template, and the lines that nobody sees."""

    def __init__(
        self, kind: WorkbookKind[Any], rows: Iterable[Mapping[str, Any]], hidden: list[HiddenLine]
    ) -> None:
        self.kind, self.hidden = kind, hidden
        heads = {column.key: column.zh for column in kind.columns}
        self.rows: Rows = [{head: typed(row.get(key)) for key, head in heads.items()} for row in rows]

    def back(self, session: Session, ring: KeyRing, **facts: Any) -> Preview:
        heads = [column.zh for column in self.kind.columns]
        raw = table(heads, *([row[head] for head in heads] for row in self.rows), hidden=self.hidden)
        session.flush()
        return preview(session, self.kind, raw, context(**({"seals": ring, "owner": OWNER} | facts)))


def typed(value: Any) -> Cell:
    """As a spreadsheet program shows it: words by their identifiers, which the reader takes as well."""
    if value is None or isinstance(value, bool):
        return WORDS[value]
    return value.isoformat() if isinstance(value, date) else value


def taken_people(session: Session, ring: KeyRing, *people: Practitioner, **facts: Any) -> File:
    parts = parts_of_people(session, [person.id for person in people], context(**facts))
    return File(
        PRACTITIONERS, [row for rows in rows_of(parts) for row in rows], lines(parts, "practitioners", ring)
    )


def taken_sites(session: Session, ring: KeyRing, *sites: Site) -> File:
    parts = parts_of_sites(session, [site.code for site in sites])
    return File(SITES, map(row_of, parts), lines(parts, "sites", ring))


def lines(parts: list[Part], kind: str, ring: KeyRing) -> list[HiddenLine]:
    return hidden_lines(Taken(kind, OWNER, TODAY), parts, ring)


def shown(found: Preview) -> list[tuple[str, str, Any, Any, Any]]:
    """Kind, column, before, now and what the file says, of every difference."""
    return [(one.kind.value, one.key, one.base, one.now, one.said) for one in found.differences]


def load(session: Session, found: Preview) -> None:
    assert not found.errors, said(found.errors)
    actor = Actor(1, "a1", "demo-district", "示例", Role.DISTRICT, "31")
    run = record_preview(session, found, actor=actor, at=NOW)
    commit(session, found, run=run, actor=actor, at=NOW, trail=Trail(b"key"))
    session.expire_all()


def choose(found: Preview, keep: str) -> dict[str, str]:
    return {one.choice: keep for one in open_choices(found.differences)}
