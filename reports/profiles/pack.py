"""迎检台账包: the one-page view with the lists behind it, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from registry.divisions.codes import Level
from registry.organisations.address_change_queries import place_names
from registry.organisations.models import Organisation, SitePlacement
from registry.profiles.queries import activities_of
from registry.services.models import Activity
from registry.workforce.counting import Place
from reports.figures.ledger import LedgerRow, ledger
from reports.figures.readings import Part, share
from reports.profiles.one_page import OnePage


@dataclass(frozen=True)
class Move:
    """One change of address that took effect."""

    site_name: str
    before: str
    after: str
    on: date


@dataclass(frozen=True)
class Pack:
    """The page, and what stands behind it; `people` only where they are taken along."""

    page: OnePage
    activities: Sequence[Activity] = ()
    moves: Sequence[Move] = ()
    shares: Sequence[Part] = ()
    """Of a place: each listed institution with its share."""
    people: Sequence[LedgerRow] = ()


def pack_of(session: Session, page: OnePage, *, with_people: bool = False) -> Pack:
    """All that belongs to the page; activities and people are told of one institution alone."""
    if not page.is_of_institution:
        return Pack(page, shares=_shares(session, page))
    organisation = page.profile.organisation
    return Pack(
        page,
        activities=activities_of(session, organisation.id, date(page.on.year, 1, 1), page.on),
        moves=_moves(session, organisation, page.on),
        people=people_of(session, page) if with_people else (),
    )


def people_of(session: Session, page: OnePage) -> list[LedgerRow]:
    """Who counts, who does not, and why."""
    place = Place(organisation_id=page.profile.organisation.id)
    return ledger(session, page.reading.figure, place=place, on=page.on, rule=page.reading.rule)


def _shares(session: Session, page: OnePage) -> Sequence[Part]:
    one = page.reading
    if one.by is Level.SITE:
        return one.parts
    return share(session, one.figure, division=one.code, on=one.on, rule=one.rule, by=Level.SITE).parts


def _moves(session: Session, organisation: Organisation, on: date) -> list[Move]:
    """The newest first; a change of divisions moves nobody."""
    pairs = [
        (site.name, before, after)
        for site in organisation.sites
        for before, after in _pairs(site.placements)
        if after.address != before.address and after.valid_from <= on
    ]
    names = place_names(session, {one.division_code for _name, *both in pairs for one in both})
    moves = [
        Move(name, _where(before, names), _where(after, names), after.valid_from)
        for name, before, after in pairs
    ]
    return sorted(moves, key=lambda move: move.on, reverse=True)


def _pairs(placements: Sequence[SitePlacement]) -> list[tuple[SitePlacement, SitePlacement]]:
    ordered = sorted(placements, key=lambda one: one.valid_from)
    return list(pairwise(ordered))


def _where(placement: SitePlacement, names: dict[str, str]) -> str:
    return f"{names.get(placement.division_code, '')} {placement.address}".strip()
