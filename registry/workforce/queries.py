"""Reads of the workforce: staff and holders by site for any day, their periods for trends, and a person's whole record.

Counting is done in two stages: the database groups people by site, and the caller adds sites up to institutions and
divisions. Whoever holds posts at several sites is given by name, so that nobody is counted twice in one sum.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from registry.organisations.models import Organisation, Site
from registry.periods import Period
from registry.workforce.counting import (
    POSTS,
    PROVIDER_SITES,
    STAFF_CONDITIONS,
    Place,
    StaffRule,
)
from registry.workforce.holdings import ALL_OF_THEM, Among, Held
from registry.workforce.models import Post, Practitioner, Profession

Expression = ColumnElement[Any] | InstrumentedAttribute[Any]
Statement = sa.Select[*tuple[Any, ...]]
SiteCounts = sa.Select[int, int]


@dataclass(frozen=True)
class ProviderSite:
    """A site of a listed provider on one day, and the division that it is counted in."""

    id: int
    organisation_id: int
    division_code: str


@dataclass(frozen=True)
class Institution:
    """A listed provider on one day."""

    id: int
    code: str
    name: str
    sites: int


@dataclass(frozen=True)
class SeveralPosts:
    """A person with posts at more than one counted site."""

    site_ids: tuple[int, ...]
    is_holder: bool


@dataclass(frozen=True)
class Staffing:
    """People by site on one day. Both counts hold whoever is in `several` once for each of his posts.

    Only what lies at `sites` counts: the other three may name sites whose provider is not listed on the day.
    """

    sites: Mapping[int, ProviderSite]
    staff: Mapping[int, int]
    holders: Mapping[int, int]
    several: tuple[SeveralPosts, ...]


def staffing(
    session: Session,
    *,
    place: Place,
    on: date,
    rule: StaffRule,
    holding: Held,
    among: Among = ALL_OF_THEM,
) -> Staffing:
    """Staff by the rule and the holders among them, in four statements whatever the size of the place."""
    counted = _CountedPosts(session, place, on, rule, holding, among)
    return Staffing(
        sites=provider_sites(session, place=place, on=on),
        staff=_by_site(session, counted.staff()),
        holders=_by_site(session, counted.holders()),
        several=_several(session, counted),
    )


@dataclass(frozen=True)
class CountedPost:
    """One post that a reading counts."""

    person_code: str
    site_id: int
    is_holder: bool


def counted_posts(
    session: Session,
    *,
    place: Place,
    on: date,
    rule: StaffRule,
    holding: Held,
    among: Among = ALL_OF_THEM,
) -> list[CountedPost]:
    """What `staffing` counts, by person; of the whole country some lie at sites whose provider is not listed."""
    counted = _CountedPosts(session, place, on, rule, holding, among)
    return [CountedPost(*row) for row in session.execute(counted.of_everybody())]


def provider_sites(session: Session, *, place: Place, on: date) -> dict[int, ProviderSite]:
    """The sites of listed providers by key; of two placements that overlap by mistake the later one counts."""
    columns = (Site.id, Site.organisation_id, place.column())
    statement = _provider_sites(place, on, *columns).order_by(PROVIDER_SITES.starts[1])
    return {
        site_id: ProviderSite(site_id, owner, code) for site_id, owner, code in session.execute(statement)
    }


def institutions_in(session: Session, *, place: Place, on: date) -> list[Institution]:
    """Listed providers with a site in the place, by name; `sites` counts all their sites, wherever these lie."""
    here = _provider_sites(place, on, Site.organisation_id)
    everywhere = (
        _provider_sites(Place(), on, sa.func.count(Site.id.distinct()))
        .where(Site.organisation_id == Organisation.id)
        .correlate(Organisation)
        .scalar_subquery()
    )
    statement = sa.select(Organisation.id, Organisation.code, Organisation.name, everywhere)
    found = session.execute(
        statement.where(Organisation.id.in_(here)).order_by(Organisation.name, Organisation.id)
    )
    return [Institution(*row) for row in found]


def counts_examples(session: Session, *, place: Place, on: date) -> bool:
    """Whether a made-up provider is among those of the place: whatever is handed out then says so."""
    here = _provider_sites(place, on, Site.organisation_id)
    example = sa.select(Organisation.id).where(Organisation.is_example.is_(True), Organisation.id.in_(here))
    return session.scalar(example.limit(1)) is not None


def staff_by_profession(
    session: Session, *, place: Place, on: date, rule: StaffRule
) -> dict[Profession, int]:
    """Persons by profession: who holds two professions is in both, who holds one twice is there once."""
    condition = sa.and_(
        POSTS.on(on), STAFF_CONDITIONS[rule], Post.site_id.in_(_provider_sites(place, on, Site.id))
    )
    persons = sa.func.count(Post.practitioner_id.distinct())
    statement = sa.select(Post.profession, persons).where(condition).group_by(Post.profession)
    return dict(session.execute(statement).all())


def staff_periods(
    session: Session, *, place: Place, rule: StaffRule, among: Among = ALL_OF_THEM
) -> Iterator[tuple[int, Period]]:
    """Person and period of each post at a listed provider in the place, past and future ones too.

    What `among` asks a person to hold is not asked here: it has periods of its own.
    """
    bounds = (*POSTS.starts, *PROVIDER_SITES.starts, *POSTS.ends, *PROVIDER_SITES.ends)
    starts = len(POSTS.starts) + len(PROVIDER_SITES.starts)
    statement = _staff_ever(place, rule, Post.practitioner_id, *bounds).where(among.posts)
    for person_id, *days in session.execute(statement):
        yield person_id, Period.common(days[:starts], days[starts:])


def holding_periods(
    session: Session, *, place: Place, rule: StaffRule, holding: Held
) -> Iterator[tuple[int, Period]]:
    """Person and period of each thing held by anybody who was ever staff in the place."""
    return holding.bound(session).periods(session, _staff_ever(place, rule, Post.practitioner_id))


class _CountedPosts:
    """The posts of one reading, as statements."""

    def __init__(
        self, session: Session, place: Place, on: date, rule: StaffRule, holding: Held, among: Among
    ) -> None:
        self.is_nation = place.is_nation
        held = holding.bound(session)
        self.holders_on = held.holders(on)
        self.is_holder = held.is_held_by(Post.practitioner_id, on)
        self.condition = sa.and_(
            POSTS.on(on), STAFF_CONDITIONS[rule], among.of_posts(session, Post.practitioner_id, on)
        )
        if (
            not place.is_nation
        ):  # with nearly every post in question, the few other sites are left out afterwards
            self.condition &= Post.site_id.in_(_provider_sites(place, on, Site.id))

    def staff(self) -> SiteCounts:
        return sa.select(Post.site_id, sa.func.count()).where(self.condition).group_by(Post.site_id)

    def holders(self) -> SiteCounts:
        """Few people are looked up one by one; for the whole country the holders are gathered once and joined."""
        if not self.is_nation:
            return self.staff().where(self.is_holder)
        holders = self.holders_on.distinct().subquery()
        return self.staff().join_from(Post, holders, Post.practitioner_id == holders.c[0])

    def of_everybody(self) -> sa.Select[str, int, bool]:
        """Each post, with whether its person is a holder."""
        columns = (Practitioner.code, Post.site_id, self.is_holder)
        people = sa.select(*columns).join_from(Post, Practitioner, Practitioner.id == Post.practitioner_id)
        return people.where(self.condition).order_by(Post.practitioner_id)

    def of_several(self) -> sa.Select[int, int, bool]:
        """The posts of whoever has more than one, with whether he is a holder."""
        person = Post.practitioner_id
        several = sa.select(person).where(self.condition).group_by(person).having(sa.func.count() > 1)
        return sa.select(person, Post.site_id, self.is_holder).where(self.condition, person.in_(several))


def _provider_sites(place: Place, on: date, *columns: Expression) -> Statement:
    return (
        sa.select(*columns).select_from(PROVIDER_SITES.source).where(PROVIDER_SITES.on(on), place.condition)
    )


def _staff_ever(place: Place, rule: StaffRule, *columns: Expression) -> Statement:
    source = PROVIDER_SITES.source.join(Post, Post.site_id == Site.id)
    conditions = (PROVIDER_SITES.condition, place.condition, STAFF_CONDITIONS[rule])
    return sa.select(*columns).select_from(source).where(*conditions)


def _by_site(session: Session, statement: SiteCounts) -> dict[int, int]:
    return dict(session.execute(statement).all())


def _several(session: Session, counted: _CountedPosts) -> tuple[SeveralPosts, ...]:
    site_ids: dict[int, list[int]] = defaultdict(list)
    holders: set[int] = set()
    for person_id, site_id, is_holder in session.execute(counted.of_several()):
        site_ids[person_id].append(site_id)
        if is_holder:
            holders.add(person_id)
    return tuple(SeveralPosts(tuple(ids), person_id in holders) for person_id, ids in site_ids.items())
