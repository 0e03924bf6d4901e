"""What a ledger and a person's page read: each post with its periods, education, certificates, the list of majors."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.organisations.models import Organisation, Site
from registry.periods import Period
from registry.workforce.counting import PROVIDER_SITES, Place
from registry.workforce.models import (
    Catalogue,
    Certificate,
    CertificateKind,
    Education,
    Engagement,
    Major,
    Post,
    Practitioner,
    Profession,
)


@dataclass(frozen=True)
class Person:
    """Who: the name is whole here and is masked where it is shown."""

    id: int
    code: str
    person_no: str
    name: str
    is_example: bool


@dataclass(frozen=True)
class Employer:
    """A listed provider, now or at some time."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Spell:
    """One post while its site stood in one place and its organisation held one standing."""

    person: Person
    employer: Employer
    site_name: str
    profession: Profession
    engagement: Engagement
    serves_programme: bool
    post: Period
    standing: Period
    placement: Period

    @property
    def period(self) -> Period:
        """When all three held."""
        bounds = (self.post, self.standing, self.placement)
        return Period.common((one.start for one in bounds), (one.end for one in bounds))


def spells_in(session: Session, place: Place, *, since: date) -> list[Spell]:
    """Posts at listed providers in the place that had not ended before `since`, future ones too."""
    statement = _spells(place)
    for column in (Post.end_on, *PROVIDER_SITES.ends):
        statement = statement.where(sa.or_(column.is_(None), column > since))
    return [_spell_of(*row) for row in session.execute(statement)]


def education_in(session: Session, place: Place) -> list[Education]:
    """Education of everybody who ever held a post at a listed provider in the place."""
    people = _people_ever(place)
    return list(session.scalars(sa.select(Education).where(Education.practitioner_id.in_(people))))


def certificates_in(session: Session, place: Place, kind: CertificateKind) -> list[Certificate]:
    """Their certificates of one kind."""
    of_kind = sa.select(Certificate).where(Certificate.kind == kind)
    return list(session.scalars(of_kind.where(Certificate.practitioner_id.in_(_people_ever(place)))))


def majors_by_code(session: Session) -> dict[tuple[Catalogue, str], list[Major]]:
    """Every entry of the list of majors, in the order of its validity."""
    listed: dict[tuple[Catalogue, str], list[Major]] = {}
    for major in session.scalars(sa.select(Major).order_by(Major.valid_from)):
        listed.setdefault((major.catalogue, major.code), []).append(major)
    return listed


def _spells(place: Place) -> sa.Select[*tuple[Any, ...]]:
    source = (
        PROVIDER_SITES.source.join(Post, Post.site_id == Site.id)
        .join(Practitioner, Practitioner.id == Post.practitioner_id)
        .join(Organisation, Organisation.id == Site.organisation_id)
    )
    who = (
        Practitioner.id,
        Practitioner.code,
        Practitioner.person_no,
        Practitioner.name,
        Practitioner.is_example,
    )
    where = (Organisation.id, Organisation.code, Organisation.name, Site.name)
    what = (Post.profession, Post.engagement, Post.serves_programme)
    when = (Post.start_on, *PROVIDER_SITES.starts, Post.end_on, *PROVIDER_SITES.ends)
    statement = sa.select(*who, *where, *what, *when).select_from(source)
    return statement.where(PROVIDER_SITES.condition, place.condition).order_by(Post.id)


def _spell_of(*row: Any) -> Spell:
    starts, ends = row[12:15], row[15:]
    periods = [Period(start, end) for start, end in zip(starts, ends, strict=True)]
    facts: tuple[Any, ...] = (*row[8:12], *periods)
    return Spell(Person(*row[:5]), Employer(*row[5:8]), *facts)


def _people_ever(place: Place) -> sa.Select[int]:
    source = PROVIDER_SITES.source.join(Post, Post.site_id == Site.id)
    people = sa.select(Post.practitioner_id).select_from(source)
    return people.where(PROVIDER_SITES.condition, place.condition)
