"""Who is staff of a listed provider, whose diploma counts, who holds a social worker's certificate: each as dated rows.

One declaration per fact serves both the reading of one day and the trend over many.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import NATION, within
from registry.organisations.models import Site, SitePlacement, Standing, StandingKind
from registry.periods import DatedRows
from registry.workforce.models import (
    Certificate,
    CertificateKind,
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

QUALIFYING_EDUCATION = DatedRows(
    source=sa.join(
        Education, Major, sa.and_(Major.catalogue == Education.catalogue, Major.code == Education.major_code)
    ),
    condition=sa.and_(
        Education.form == EducationForm.DIPLOMA,
        Education.verification == Verification.VERIFIED,
        Major.counts.is_(True),
    ),
    starts=(Education.obtained_on, Education.verified_on, Major.valid_from),
    ends=(Major.valid_to,),
)
"""学历 in a major of the list: obtained, verified, and on the list on that day."""

SOCIAL_WORKER_CERTIFICATES = DatedRows(
    source=Certificate.__table__,
    condition=Certificate.kind == CertificateKind.SOCIAL_WORKER,
    starts=(Certificate.issued_on, Certificate.valid_from),
    ends=(Certificate.valid_to,),
)
"""社会工作者职业水平证书: issued, and within its registration where it has one."""


@dataclass(frozen=True)
class Holding:
    """Something that a person holds for a time: rows and the column that names the person."""

    rows: DatedRows
    person: InstrumentedAttribute[int]

    def holders(self, day: date) -> sa.Select[int]:
        """The people who hold it on the day, each perhaps more than once."""
        return sa.select(self.person).select_from(self.rows.source).where(self.rows.on(day))

    def is_held_by(self, person: InstrumentedAttribute[int], day: date) -> ColumnElement[bool]:
        """The same as a condition on one person, for when few people are asked about."""
        one = (
            sa.select(sa.literal(1))
            .select_from(self.rows.source)
            .where(self.person == person, self.rows.on(day))
        )
        return one.correlate(person.class_).exists()


QUALIFYING_DIPLOMA = Holding(QUALIFYING_EDUCATION, Education.practitioner_id)
SOCIAL_WORKER_CERTIFICATE = Holding(SOCIAL_WORKER_CERTIFICATES, Certificate.practitioner_id)


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
