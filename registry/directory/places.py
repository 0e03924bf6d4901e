"""The places that the public is shown: open sites of listed providers, stations on file, and what became of others."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager
from sqlalchemy.sql.elements import ColumnElement

from registry.directory.shown import is_shown, is_suspended_site, periods_shown
from registry.directory.told import NOTHING_TOLD, Told, lapsed_of, told_of
from registry.divisions.codes import LENGTH_OF_LEVEL, Level, level_of, within
from registry.organisations.models import Organisation, Site, SiteKind
from registry.periods import Period
from registry.services.models import Service


class PlaceState(StrEnum):
    """Whether a place serves people today."""

    OPEN = "open"
    NOT_YET = "not_yet"
    """Opens, or is listed, on a later day."""
    CLOSED = "closed"
    """The site was given up."""
    LEFT = "left"
    """Its organisation is no listed provider any more; of a station, its filing was closed."""
    SUSPENDED = "suspended"
    """The listing that shows it is suspended."""


@dataclass(frozen=True)
class PublicPlace:
    """One site as the public sees it: no staff, no client, no share."""

    site: Site
    state: PlaceState
    since: date | None
    """The day on which a place that does not serve stopped, or on which one will begin."""
    services: tuple[Service, ...] = ()
    """What it offers today, by kind; none of a place that does not serve."""
    told: Told = NOTHING_TOLD
    """What it told of itself when it was listed or filed."""
    valid_until: date | None = None
    """The last valid day of a listing that was not renewed in time; None where there is nothing to say of it."""

    @property
    def code(self) -> str:
        """The public code."""
        return self.site.code

    @property
    def phones(self) -> tuple[str, ...]:
        """The one that it told, then those of its services, each once; empty where none is registered.

        Two ways of writing one number are one number.
        """
        every = (self.told.phone, *(one.phone for one in self.services))
        by_digits = {"".join(filter(str.isdigit, phone)): phone for phone in reversed(every) if phone}
        return tuple(dict.fromkeys(phone for phone in every if phone in by_digits.values()))

    @property
    def is_example(self) -> bool:
        """Made up."""
        return self.site.is_example or self.site.organisation.is_example


def serves(on: date) -> ColumnElement[bool]:
    """Sites that the public may go to on a day."""
    is_open = sa.and_(
        sa.or_(Site.opened_on.is_(None), Site.opened_on <= on),
        sa.or_(Site.closed_on.is_(None), Site.closed_on > on),
    )
    return sa.and_(Site.kind != SiteKind.OFFICE, is_open, is_shown(on))


def places_in(
    session: Session, division_code: str, on: date, *, most: int | None = None
) -> list[PublicPlace]:
    """The places that lie in a division, by the code of the street and by name; the first `most` of them."""
    return _listed(session, within(Site.located_code, division_code), on, most)


def places_outside(
    session: Session, division_code: str, children: Collection[str], on: date
) -> list[PublicPlace]:
    """The places of a division that lie in none of these divisions below it."""
    beside = (
        sa.func.substr(Site.located_code, 1, length).not_in(
            [code for code in children if len(code) == length]
        )
        for length in sorted({len(code) for code in children})
    )
    return _listed(session, sa.and_(within(Site.located_code, division_code), *beside), on, None)


def count_in(session: Session, division_code: str, on: date) -> int:
    """How many places lie in a division."""
    lie_here = within(Site.located_code, division_code)
    counted = sa.select(sa.func.count()).select_from(Site)
    return session.scalar(counted.where(lie_here, serves(on))) or 0


def _listed(session: Session, where: ColumnElement[bool], on: date, most: int | None) -> list[PublicPlace]:
    ordered = _sites().where(where, serves(on)).order_by(Site.located_code, Site.name, Site.id)
    return _serving(session, session.scalars(ordered.limit(most)).all(), on)


def places_by_id(session: Session, ids: Sequence[int], on: date) -> list[PublicPlace]:
    """Some places, in the order of their keys as given."""
    found = session.scalars(_sites().where(Site.id.in_(ids), serves(on))).unique()
    by_key = {place.site.id: place for place in _serving(session, found.all(), on)}
    return [by_key[key] for key in ids if key in by_key]


def place_by_code(session: Session, code: str, on: date) -> PublicPlace | None:
    """A place that serves, will serve or once served; None for what was never meant for the public."""
    site = session.scalar(_sites().where(Site.code == code))
    if site is None or site.kind is SiteKind.OFFICE:
        return None
    periods = periods_shown(session, site)
    if not periods:
        return None
    state, since = _state_of(site, periods, on)
    if state is PlaceState.OPEN and is_suspended_site(session, site):
        state = PlaceState.SUSPENDED
    return _serving(session, [site], on)[0] if state is PlaceState.OPEN else PublicPlace(site, state, since)


def counts_below(session: Session, division_code: str, level: Level, on: date) -> dict[str, int]:
    """How many places lie in each division of a level; those without any are left out."""
    code = sa.func.substr(Site.located_code, 1, LENGTH_OF_LEVEL[level])
    statement = sa.select(code, sa.func.count()).where(within(Site.located_code, division_code), serves(on))
    return dict(session.execute(statement.group_by(code)).all())


def counts_of(session: Session, division_code: str, children: Collection[str], on: date) -> dict[str, int]:
    """How many places lie in each of these divisions below one, of whatever levels: counted in one go."""
    finest = max((level_of(code) for code in children), key=list(Level).index, default=None)
    counted = counts_below(session, division_code, finest, on) if finest else {}
    return {
        child: sum(count for code, count in counted.items() if code.startswith(child)) for child in children
    }


def _serving(session: Session, sites: Sequence[Site], on: date) -> list[PublicPlace]:
    offered, told = _services_at(session, [site.id for site in sites], on), told_of(session, sites)
    lapsed = lapsed_of(session, [site for site in sites if site.kind is not SiteKind.STATION], on)
    return [
        PublicPlace(
            site,
            PlaceState.OPEN,
            None,
            services=tuple(offered.get(site.id, ())),
            told=told.get(site.id, NOTHING_TOLD),
            valid_until=None if site.kind is SiteKind.STATION else lapsed.get(site.organisation_id),
        )
        for site in sites
    ]


def _services_at(session: Session, ids: Iterable[int], on: date) -> dict[int, list[Service]]:
    offered = sa.select(Service).where(
        Service.site_id.in_(list(ids)),
        Service.started_on <= on,
        sa.or_(Service.ended_on.is_(None), Service.ended_on > on),
    )
    found: dict[int, list[Service]] = {}
    for service in session.scalars(offered.order_by(Service.kind, Service.title, Service.id)):
        found.setdefault(service.site_id, []).append(service)
    return found


def _state_of(site: Site, periods: Sequence[Period], on: date) -> tuple[PlaceState, date | None]:
    if site.closed_on is not None and site.closed_on <= on:
        return PlaceState.CLOSED, site.closed_on
    held = [one for one in periods if one.holds_on(on)]
    if held:
        is_open = site.opened_on is None or site.opened_on <= on
        return (PlaceState.OPEN, None) if is_open else (PlaceState.NOT_YET, site.opened_on)
    coming = [one.start for one in periods if one.start is not None and one.start > on]
    if coming:
        return PlaceState.NOT_YET, min(coming)
    return PlaceState.LEFT, max(one.end for one in periods if one.end is not None)


def _sites() -> sa.Select[Site]:
    return (
        sa.select(Site)
        .join(Site.organisation)
        .options(contains_eager(Site.organisation).selectinload(Organisation.standings))
    )
