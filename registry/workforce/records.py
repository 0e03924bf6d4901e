"""What a ledger and a person's page read: each post with its periods, education, certificates, the list of majors."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from registry.organisations.models import Organisation, Site
from registry.periods import Period
from registry.workforce.counting import AWAITED_DIPLOMA, PROVIDER_SITES, Place
from registry.workforce.holdings import entry_days
from registry.workforce.models import (
    Catalogue,
    Certificate,
    CertificateKind,
    Education,
    Engagement,
    FormerNumber,
    Major,
    Post,
    Practitioner,
    Profession,
    Training,
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
    direct_service: bool
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


def people_by_code(session: Session, codes: Iterable[str]) -> dict[str, Person]:
    """Some people, whether they hold a post or not; who was taken out of the register is left out."""
    columns = (
        Practitioner.id,
        Practitioner.code,
        Practitioner.person_no,
        Practitioner.name,
        Practitioner.is_example,
    )
    chosen, found = sorted(codes), dict[str, Person]()
    for start in range(0, len(chosen), 500):
        few = Practitioner.code.in_(chosen[start : start + 500])
        found |= {row.code: Person(*row) for row in session.execute(sa.select(*columns).where(few))}
    return found


def present_codes(session: Session) -> dict[str, str]:
    """By each code that somebody had before a merge the one that he has now."""
    known = sa.select(FormerNumber.code, Practitioner.code).join(FormerNumber.practitioner)
    return dict(session.execute(known).all())


def employers_by_code(session: Session, codes: Collection[str]) -> dict[str, Employer]:
    """Some institutions, whether they are listed or not."""
    columns = (Organisation.id, Organisation.code, Organisation.name)
    rows = session.execute(sa.select(*columns).where(Organisation.code.in_(codes)))
    return {row.code: Employer(*row) for row in rows}


def education_in(session: Session, place: Place) -> list[Education]:
    """Education of everybody who ever held a post at a listed provider in the place."""
    people = _people_ever(place)
    return list(session.scalars(sa.select(Education).where(Education.practitioner_id.in_(people))))


def awaited_diplomas_in(session: Session, place: Place, on: date) -> dict[int, Education]:
    """Diplomas that would count on the day if they were verified, by person; of several the oldest."""
    awaited = sa.select(Education).select_from(AWAITED_DIPLOMA.rows.source)
    people = Education.practitioner_id.in_(_people_ever(place))
    found = session.scalars(awaited.where(AWAITED_DIPLOMA.rows.on(on), people).order_by(Education.id.desc()))
    return {one.practitioner_id: one for one in found}


def certificates_in(session: Session, place: Place, kind: CertificateKind) -> list[Certificate]:
    """Their certificates of one kind, with their registrations."""
    of_kind = (
        sa.select(Certificate).where(Certificate.kind == kind).options(selectinload(Certificate.earlier))
    )
    return list(session.scalars(of_kind.where(Certificate.practitioner_id.in_(_people_ever(place)))))


def courses_in(session: Session, place: Place, year: int) -> list[Training]:
    """The rehabilitation courses of a year of everybody who ever held a post there, in the order of their days."""
    of_year = Training.held_on.between(date(year, 1, 1), date(year, 12, 31))
    statement = sa.select(Training).where(Training.is_rehabilitation.is_(True), of_year)
    people = Training.practitioner_id.in_(_people_ever(place))
    return list(session.scalars(statement.where(people).order_by(Training.held_on, Training.id)))


def entered_in(session: Session, place: Place) -> dict[int, date]:
    """When each of them first took up paid work."""
    return entry_days(session, _people_ever(place))


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
    what = (Post.profession, Post.engagement, Post.serves_programme, Post.direct_service)
    when = (Post.start_on, *PROVIDER_SITES.starts, Post.end_on, *PROVIDER_SITES.ends)
    statement = sa.select(*who, *where, *what, *when).select_from(source)
    return statement.where(PROVIDER_SITES.condition, place.condition).order_by(Post.id)


def _spell_of(*row: Any) -> Spell:
    starts, ends = row[13:16], row[16:]
    periods = [Period(start, end) for start, end in zip(starts, ends, strict=True)]
    facts: tuple[Any, ...] = (*row[8:13], *periods)
    return Spell(Person(*row[:5]), Employer(*row[5:8]), *facts)


def _people_ever(place: Place) -> sa.Select[int]:
    source = PROVIDER_SITES.source.join(Post, Post.site_id == Site.id)
    people = sa.select(Post.practitioner_id).select_from(source)
    return people.where(PROVIDER_SITES.condition, place.condition)
