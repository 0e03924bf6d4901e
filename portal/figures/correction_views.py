"""What the list of corrections shows: a frozen number, the same day by today's records, and who makes it differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal.figures.people import Seen, seen_people
from portal.figures.places import Where
from portal.figures.views import Trail
from registry.access.actors import Actor
from registry.listing import Page, sheet
from reports.figures.corrections import Correction, corrections
from reports.figures.year_end import Assessment, frozen_days, frozen_days_of_institution


@dataclass(frozen=True)
class CorrectedPerson:
    """A correction as its reader may see it."""

    correction: Correction
    seen: Seen


@dataclass(frozen=True)
class CorrectionsPage:
    """What lies between a frozen number and the live one of the same day, person by person."""

    where: Where
    """On the frozen day."""
    trail: Trail
    frozen: Assessment | None
    """None where nothing was frozen up to the day that was asked for."""
    is_by_person: bool
    """Who was counted was kept with the number."""
    people: Page

    def url(self, **changes: str | None) -> str:
        """The same page with something else asked."""
        return self.where.url("ledgers.corrections", **changes)

    def page_url(self, number: int) -> str:
        """Another sheet."""
        return self.url(page=str(number))

    def export_url(self, kind: str) -> str:
        """The rows as a file."""
        return self.where.url("figures.export", what="corrections", format=kind)


def corrections_page(
    session: Session, where: Where, typed: Mapping[str, str], *, actor: Actor, trail: Trail
) -> CorrectionsPage:
    """Those of the newest day up to the one asked for that was frozen, one sheet of them."""
    there, frozen = frozen_there(session, where)
    found = corrections_there(session, there, frozen)
    listed = sheet(found or [], typed)
    people = corrected_people(session, listed.rows, actor)
    return CorrectionsPage(
        where=there,
        trail=trail,
        frozen=frozen,
        is_by_person=found is not None,
        people=Page(people, listed.count, listed.number, listed.has_next),
    )


def frozen_there(session: Session, where: Where) -> tuple[Where, Assessment | None]:
    """The newest frozen day up to the one asked for, with its number; the day asked for and None without one."""
    frozen = _frozen(session, where)
    day = frozen.on if frozen else where.asked.on
    return replace(where, asked=replace(where.asked, on=day)), frozen


def corrected_people(session: Session, found: Sequence[Correction], actor: Actor) -> list[CorrectedPerson]:
    """With their names, as the reader may see them."""
    seen = seen_people(session, [one.person for one in found], actor)
    return [CorrectedPerson(one, seen[one.person.id]) for one in found]


def _frozen(session: Session, where: Where) -> Assessment | None:
    asked = where.asked
    if where.organisation is None:
        days = frozen_days(session, asked.figure, division=asked.division, on=asked.on, rule=asked.rule)
    else:
        days = frozen_days_of_institution(
            session, asked.figure, where.organisation, place=where.place, on=asked.on, rule=asked.rule
        )
    return days[0] if days else None


def corrections_there(session: Session, where: Where, frozen: Assessment | None) -> list[Correction] | None:
    """On the frozen day; None without one, and where the people were not kept with the number."""
    if frozen is None:
        return None
    asked = where.asked
    return corrections(
        session, asked.figure, place=where.place, on=asked.on, rule=asked.rule, frozen=frozen.share
    )
