"""What the pages of address changes read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import LENGTH_OF_LEVEL, Level
from registry.divisions.models import Division
from registry.divisions.queries import division_at, divisions_at, names_of
from registry.organisations.models import AddressChange, AddressChangeState, Site

OPEN_STATES = frozenset({AddressChangeState.DRAFT, AddressChangeState.SUBMITTED, AddressChangeState.RETURNED})


@dataclass(frozen=True)
class StreetGroup:
    """A district with its streets, as a list to choose from shows them."""

    code: str
    name: str
    streets: tuple[tuple[str, str], ...]
    """Code and name, by code."""


def district_of(code: str) -> str:
    """The district's part of a code."""
    return code[: LENGTH_OF_LEVEL[Level.DISTRICT]]


def city_of(code: str) -> str:
    """The city's part of a code."""
    return code[: LENGTH_OF_LEVEL[Level.CITY]]


def address_change(session: Session, code: str) -> AddressChange | None:
    """One change with its site and organisation: the pages name both."""
    return session.scalar(_with_site().where(AddressChange.code == code))


def address_change_by_id(session: Session, key: int) -> AddressChange | None:
    """The same by its integer key, which the history holds."""
    return session.scalar(_with_site().where(AddressChange.id == key))


def open_change_of(session: Session, site: Site) -> AddressChange | None:
    """The change that the site has in hand; there is at most one."""
    return session.scalar(
        sa.select(AddressChange).where(AddressChange.site_id == site.id, AddressChange.state.in_(OPEN_STATES))
    )


def changes_at(session: Session, site_ids: Iterable[int], scope: ColumnElement[bool]) -> list[AddressChange]:
    """The changes of several sites that lie in a reader's scope, for a timeline."""
    asked_for = sa.select(AddressChange).where(AddressChange.site_id.in_(list(site_ids)), scope)
    return list(session.scalars(asked_for))


def street_at(session: Session, code: str, on: date) -> Division | None:
    """The street or town with this code on a day, if it is one that people know."""
    found = division_at(session, code, on)
    return found if found is not None and found.level is Level.TOWNSHIP and found.is_shown else None


def street_groups(session: Session, site: Site, on: date) -> list[StreetGroup]:
    """The districts and streets of the site's city: where it may move to."""
    streets = divisions_at(session, city_of(site.located_code), Level.TOWNSHIP, on)
    names = names_of(session, {district_of(street.code) for street in streets}, on)
    return [
        StreetGroup(code, names.get(code, code), tuple((street.code, street.name) for street in group))
        for code, group in groupby(streets, key=lambda street: district_of(street.code))
    ]


def place_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Each code as people say it: the district's name, then the street's."""
    paths = {code: dict.fromkeys((district_of(code), code)) for code in codes}
    names = names_of(session, {part for path in paths.values() for part in path})
    return {code: "".join(names.get(part, "") for part in path) or code for code, path in paths.items()}


def _with_site() -> sa.Select[AddressChange]:
    return sa.select(AddressChange).options(
        joinedload(AddressChange.site).options(joinedload(Site.organisation), selectinload(Site.placements))
    )
