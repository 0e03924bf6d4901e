"""What the ledger by both rules and the list of changes show, made before the templates are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.figures.asking import read_choice
from portal.figures.folds import Folds, folds_of
from portal.figures.people import Seen, seen_people
from portal.figures.places import Where
from portal.figures.reading import once
from portal.figures.views import Trail
from portal.formatting import words_in_row
from registry.access.actors import Actor
from registry.listing import Page, sheet
from reports.figures.both_rules import ComparedRow, by_both_rules, differing
from reports.figures.changes import Change, Sum, changes, sums_of
from reports.figures.definitions import CountingRule
from reports.figures.readings import pooled
from reports.figures.shares import Share


class Only(StrEnum):
    """Which rows of the ledger are asked for."""

    DIFFERING = "differing"


@dataclass(frozen=True)
class ComparedPerson:
    """A row of the ledger by both rules, as its reader may see it."""

    row: ComparedRow
    seen: Seen

    @property
    def professions(self) -> str:
        """The posts in words."""
        return words_in_row(self.row.shown.professions)

    @property
    def engagements(self) -> str:
        """The footings in words."""
        return words_in_row(self.row.shown.engagements)


@dataclass(frozen=True)
class RulesPage:
    """The ledger of a place, each counting rule in a column of its own."""

    where: Where
    trail: Trail
    readings: Sequence[tuple[CountingRule, Share]]
    people: Page
    count: int
    """Rows of the whole ledger."""
    differing: int
    only: Only | None
    folds: Folds | None
    """The parts of the place, each with a ledger of its own."""

    def url(self, **changes: str | None) -> str:
        """The same page with something else asked; from its first sheet unless one is named."""
        return self.where.url("ledgers.rules", **({"only": self.only} | changes))

    def page_url(self, number: int) -> str:
        """Another sheet."""
        return self.url(page=str(number))

    def export_url(self, kind: str) -> str:
        """The rows as a file."""
        return self.where.url("figures.export", what="rules", only=self.only, format=kind)

    def figure_url(self, rule: CountingRule) -> str:
        """The figure by one of the rules."""
        code = None if rule is self.where.asked.figure.default_rule else rule.code.value
        return self.where.url("figures.show", rule=code)


@dataclass(frozen=True)
class ChangedPerson:
    """A change as its reader may see it."""

    change: Change
    seen: Seen

    @property
    def professions(self) -> str:
        """The posts in words."""
        return words_in_row(self.change.professions)


@dataclass(frozen=True)
class ChangesPage:
    """What lies between two readings of a place, person by person."""

    where: Where
    trail: Trail
    since: date
    is_month: bool
    """The day is the one that is taken where none is named."""
    before: Share
    after: Share
    sums: Sequence[Sum]
    people: Page

    def url(self, **changes: str | None) -> str:
        """The same page with something else asked."""
        since = None if self.is_month else self.since.isoformat()
        return self.where.url("ledgers.changes", **({"since": since} | changes))

    def page_url(self, number: int) -> str:
        """Another sheet."""
        return self.url(page=str(number))

    def export_url(self, kind: str) -> str:
        """The rows as a file."""
        since = self.since.isoformat()
        return self.where.url("figures.export", what="changes", since=since, format=kind)


def rules_page(
    session: Session, where: Where, typed: Mapping[str, str], *, actor: Actor, trail: Trail
) -> RulesPage:
    """The ledger by both rules, one sheet of it."""
    asked = where.asked
    rows = by_both_rules(session, asked.figure, place=where.place, on=asked.on)
    only, different = read_only(typed), differing(rows)
    chosen = different if only else rows
    listed = sheet(chosen, typed)
    seen = seen_people(session, [row.shown.person for row in listed.rows], actor)
    people = [ComparedPerson(row, seen[row.shown.person.id]) for row in listed.rows]
    return RulesPage(
        where=where,
        trail=trail,
        readings=[(rule, _pooled(session, where, asked.on, rule)) for rule in asked.figure.rules],
        people=replace(listed, rows=people),
        count=len(rows),
        differing=len(different),
        only=only,
        folds=folds_of(session, where, only),
    )


def changes_page(
    session: Session,
    where: Where,
    typed: Mapping[str, str],
    *,
    since: date,
    is_month: bool,
    actor: Actor,
    trail: Trail,
) -> ChangesPage:
    """The changes between two days, one sheet of them."""
    asked = where.asked
    found = changes_in(session, where, since)
    listed = sheet(found, typed)
    seen = seen_people(session, [one.person for one in listed.rows], actor)
    people = [ChangedPerson(one, seen[one.person.id]) for one in listed.rows]
    return ChangesPage(
        where=where,
        trail=trail,
        since=since,
        is_month=is_month,
        before=_pooled(session, where, since, asked.rule),
        after=_pooled(session, where, asked.on, asked.rule),
        sums=sums_of(found),
        people=replace(listed, rows=people),
    )


def changes_in(session: Session, where: Where, since: date) -> list[Change]:
    """All of them."""
    asked = where.asked
    return changes(session, asked.figure, place=where.place, since=since, on=asked.on, rule=asked.rule)


def read_only(typed: Mapping[str, str]) -> Only | None:
    """Which rows; InvalidInput for what is not offered."""
    return read_choice(Only, typed.get("only", ""), "only")


def _pooled(session: Session, where: Where, on: date, rule: CountingRule) -> Share:
    return once(pooled, session, where.asked.figure, place=where.place, on=on, rule=rule)
