"""Who is staff of a listed provider, whose diploma counts, who holds a social worker's certificate: each as dated rows.

One declaration per fact serves both the reading of one day and the trend over many.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import NATION, within
from registry.organisations.models import Site, SitePlacement, Standing, StandingKind
from registry.periods import DatedRows, Period
from registry.workforce.models import (
    Certificate,
    CertificateKind,
    CertificateRegistration,
    Education,
    EducationForm,
    Engagement,
    Major,
    Post,
    Verification,
)


class StaffRule(StrEnum):
    """Which of a listed provider's people are its staff for a figure."""

    ASSIGNED = "assigned"
    ALL_STAFF = "all-staff"


class Basis(StrEnum):
    """By which division a past day is counted: the one that a place belongs to today, or that day's own."""

    TODAY = "today"
    THEN = "then"


PersonColumn = InstrumentedAttribute[int]
Periods = Iterator[tuple[int, Period]]
"""A person's key and when something holds of him."""

COUNTED_ENGAGEMENTS = (Engagement.FULL_TIME, Engagement.PART_TIME, Engagement.DISPATCHED)
"""Volunteers and interns are outside every counting rule."""

_IS_EMPLOYED = Post.engagement.in_(COUNTED_ENGAGEMENTS)

STAFF_CONDITIONS: dict[StaffRule, ColumnElement[bool]] = {
    StaffRule.ASSIGNED: sa.and_(_IS_EMPLOYED, Post.serves_programme.is_(True)),
    StaffRule.ALL_STAFF: _IS_EMPLOYED,
}

PLACEMENT_CODES: dict[Basis, InstrumentedAttribute[str]] = {
    Basis.TODAY: SitePlacement.today_code,
    Basis.THEN: SitePlacement.division_code,
}

POSTS = DatedRows(
    source=Post.__table__,
    condition=sa.true(),
    starts=(Post.start_on,),
    ends=(Post.end_on,),
)

PROVIDER_SITES = DatedRows(
    source=sa.join(Site, Standing, Standing.organisation_id == Site.organisation_id).join(
        SitePlacement, SitePlacement.site_id == Site.id
    ),
    condition=Standing.kind == StandingKind.PROVIDER,
    starts=(Standing.granted_on, SitePlacement.valid_from),
    ends=(Standing.ended_on, SitePlacement.valid_to),
)
"""The places of organisations whose standing as provider is held."""


def qualifying_education(majors: sa.FromClause) -> DatedRows:
    """学历 in a major of a list: obtained, verified, and on the list on that day.

    The list is the register's, or the one that a proposal would make of it.
    """
    listed = majors.c
    is_listed = sa.and_(
        listed.catalogue == Education.catalogue,
        listed.code == Education.major_code,
    )
    return DatedRows(
        source=sa.join(Education, majors, is_listed),
        condition=sa.and_(
            Education.form == EducationForm.DIPLOMA,
            Education.verification == Verification.VERIFIED,
            listed.counts.is_(True),
        ),
        starts=(Education.obtained_on, Education.verified_on, listed.valid_from),
        ends=(listed.valid_to,),
    )


SOCIAL_WORKER_PAPERS = DatedRows(
    source=Certificate.__table__,
    condition=Certificate.kind == CertificateKind.SOCIAL_WORKER,
    starts=(Certificate.issued_on,),
    ends=(),
)
"""社会工作者职业水平证书, whatever became of its registration: the paper itself does not end."""


SOCIAL_WORKER_REGISTRATIONS = DatedRows(
    source=Certificate.__table__,
    condition=sa.and_(Certificate.kind == CertificateKind.SOCIAL_WORKER, Certificate.valid_from.is_not(None)),
    starts=(Certificate.issued_on, Certificate.valid_from),
    ends=(Certificate.valid_to,),
)
"""Its latest 登记: a paper that was never registered has none."""

RENEWED_REGISTRATIONS = DatedRows(
    source=sa.join(Certificate, CertificateRegistration),
    condition=Certificate.kind == CertificateKind.SOCIAL_WORKER,
    starts=(Certificate.issued_on, CertificateRegistration.valid_from),
    ends=(CertificateRegistration.valid_to,),
)
"""The registrations before it."""

AWAITED_EDUCATION = DatedRows(
    source=qualifying_education(Major.__table__).source,
    condition=sa.and_(
        Education.form == EducationForm.DIPLOMA,
        Education.verification == Verification.PENDING,
        Major.counts.is_(True),
    ),
    starts=(Education.obtained_on, Major.valid_from),
    ends=(Major.valid_to,),
)
"""学历 in a major of the list that counts as soon as it is verified."""

_FIRST_REGISTERED_ON = sa.func.coalesce(
    sa.select(sa.func.min(CertificateRegistration.valid_from))
    .where(CertificateRegistration.certificate_id == Certificate.id)
    .correlate(Certificate)
    .scalar_subquery(),
    Certificate.valid_from,
    Certificate.valid_to,  # a paper of which only the end is known: it ran out on that day
)

UNREGISTERED_CERTIFICATES = DatedRows(
    source=Certificate.__table__,
    condition=Certificate.kind == CertificateKind.SOCIAL_WORKER,
    starts=(Certificate.issued_on, Certificate.issued_on),  # as many as a registration has
    ends=(_FIRST_REGISTERED_ON,),
)
"""The time before its first 登记: a paper counts from the day of its issue, and no later registration undoes that."""


@dataclass(frozen=True)
class Holding:
    """Something that a person holds for a time: rows with periods of their own and the column that names the person."""

    rows: DatedRows
    person: PersonColumn

    def bound(self, _session: Session) -> "Holding":
        """Papers ask no policy: the same holding."""
        return self

    def holders(self, day: date) -> sa.Select[int]:
        """Whoever has a row that holds on the day."""
        return sa.select(self.person).select_from(self.rows.source).where(self.rows.on(day))

    def is_held_by(self, person: PersonColumn, day: date) -> ColumnElement[bool]:
        """The same for one person."""
        one = (
            sa.select(sa.literal(1))
            .select_from(self.rows.source)
            .where(self.person == person, self.rows.on(day))
        )
        return one.correlate(person.class_).exists()

    def periods(self, session: Session, people: sa.Select[int]) -> Periods:
        """One for each row."""
        for person_id, *days in session.execute(self.dated(people)):
            yield person_id, self.rows.period_of(days)

    def dated(self, people: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
        """The rows of some people: the person, the starts, the ends."""
        bounds = (*self.rows.starts, *self.rows.ends)
        statement = sa.select(self.person, *bounds).select_from(self.rows.source)
        return statement.where(self.rows.condition, self.person.in_(people))


@dataclass(frozen=True)
class EitherHolding:
    """Something whose rows lie in several tables: each is asked by its own index."""

    ways: tuple[Holding, ...]
    """All with as many starts and as many ends."""

    def bound(self, _session: Session) -> "EitherHolding":
        """Papers ask no policy: the same holding."""
        return self

    def holders(self, day: date) -> sa.Select[int]:
        """Whoever holds it in any way on the day."""
        together = sa.union_all(*(way.holders(day) for way in self.ways)).subquery()
        return sa.select(together.c[0])

    def is_held_by(self, person: PersonColumn, day: date) -> ColumnElement[bool]:
        """The same for one person."""
        return sa.or_(*(way.is_held_by(person, day) for way in self.ways))

    def periods(self, session: Session, people: sa.Select[int]) -> Periods:
        """One for each row of each; the people are gathered once for all of them."""
        gathered = sa.select(people.distinct().cte("people").c[0])
        together = sa.union_all(*(way.dated(gathered) for way in self.ways))
        for person_id, *days in session.execute(together):
            yield person_id, self.ways[0].rows.period_of(days)


def qualifying_diploma(majors: sa.FromClause) -> Holding:
    """Who holds a diploma in a major that counts by a list of majors."""
    return Holding(qualifying_education(majors), Education.practitioner_id)


QUALIFYING_DIPLOMA = qualifying_diploma(Major.__table__)
AWAITED_DIPLOMA = Holding(AWAITED_EDUCATION, Education.practitioner_id)
_RENEWED = Holding(RENEWED_REGISTRATIONS, Certificate.practitioner_id)
_REGISTERED = Holding(SOCIAL_WORKER_REGISTRATIONS, Certificate.practitioner_id)
SOCIAL_WORKER_REGISTRATION = EitherHolding((_REGISTERED, _RENEWED))
SOCIAL_WORKER_CERTIFICATE = EitherHolding(
    (_REGISTERED, _RENEWED, Holding(UNREGISTERED_CERTIFICATES, Certificate.practitioner_id))
)
"""Registered, or not registered yet; whose registration ran out holds none until the next one."""


@dataclass(frozen=True)
class Place:
    """Where people are counted: a division, an organisation, or the part of an organisation that lies in a division."""

    division_code: str = NATION
    basis: Basis = Basis.TODAY
    organisation_id: int | None = None

    def column(self) -> InstrumentedAttribute[str]:
        """The division of a placement, by today's codes or by those of its day."""
        return PLACEMENT_CODES[self.basis]

    @property
    def condition(self) -> ColumnElement[bool]:
        """On the rows of PROVIDER_SITES."""
        of_organisation = (
            sa.true() if self.organisation_id is None else Site.organisation_id == self.organisation_id
        )
        return sa.and_(within(self.column(), self.division_code), of_organisation)

    @property
    def is_nation(self) -> bool:
        """Everybody is counted."""
        return self.division_code == NATION and self.organisation_id is None
