"""Practitioners with what they studied, hold and do; every fact carries its period."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from registry.base import Base, Id, PublicCode, ShortText, index_column, sealed_column
from registry.organisations.models import Site
from registry.periods import Period
from registry.policy.models import Grade


class Profession(StrEnum):
    """The posts of a rehabilitation institution."""

    HEAD = "head"
    PSYCHIATRIST = "psychiatrist"
    NURSE = "nurse"
    REHABILITATION_THERAPIST = "rehabilitation_therapist"
    PSYCHOTHERAPIST = "psychotherapist"
    COUNSELLOR = "counsellor"
    SOCIAL_WORKER = "social_worker"
    PUBLIC_HEALTH_PHYSICIAN = "public_health_physician"
    CARE_WORKER = "care_worker"
    PEER_SUPPORTER = "peer_supporter"
    VOLUNTEER = "volunteer"
    ADMINISTRATION = "administration"


INDIRECT = frozenset({Profession.HEAD, Profession.ADMINISTRATION, Profession.VOLUNTEER})
"""Professions that, until somebody says otherwise, do not work with the people served."""


class Engagement(StrEnum):
    """On what footing somebody works; volunteers and interns are outside the counting rules."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    DISPATCHED = "dispatched"
    VOLUNTEER = "volunteer"
    INTERN = "intern"


class EducationForm(StrEnum):
    """学历证书 and 学位证书 are two facts."""

    DIPLOMA = "diploma"
    DEGREE = "degree"


class EducationLevel(StrEnum):
    """GB/T 4658-2006 by its main groups."""

    DOCTOR = "doctor"
    MASTER = "master"
    BACHELOR = "bachelor"
    JUNIOR_COLLEGE = "junior_college"
    SECONDARY = "secondary"
    OTHER = "other"


class Catalogue(StrEnum):
    """The list that a major's code comes from: the same code means different things in different lists."""

    UNDERGRADUATE = "undergraduate"
    POSTGRADUATE = "postgraduate"
    VOCATIONAL = "vocational"


class Verification(StrEnum):
    """Whether the certificate of an education was seen and checked."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"


class MajorFamily(StrEnum):
    """The three families that the 30% rule names."""

    MENTAL_HEALTH = "mental_health"
    SOCIAL_WORK = "social_work"
    PSYCHOLOGY = "psychology"


class CertificateKind(StrEnum):
    """Occupational certificates, licences and titles."""

    SOCIAL_WORKER = "social_worker"
    PHYSICIAN_LICENCE = "physician_licence"
    NURSE_LICENCE = "nurse_licence"
    PSYCHOTHERAPIST = "psychotherapist"
    REHABILITATION_THERAPIST = "rehabilitation_therapist"
    COUNSELLOR = "counsellor"


POST_FACTS = ("start_on", "end_on", "engagement", "serves_programme")


class Practitioner(Base):
    """A person who holds a post, known by a register number; identity number and phone are sealed."""

    __tablename__ = "practitioner"
    __table_args__ = (sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_is_a_year"),)

    id: Mapped[Id]
    code: Mapped[PublicCode]
    person_no: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[ShortText] = mapped_column(index=True)
    birth_year: Mapped[int]
    source: Mapped[ShortText]
    is_example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    identity_sealed: Mapped[bytes | None] = sealed_column()
    identity_index: Mapped[str | None] = index_column()
    phone_sealed: Mapped[bytes | None] = sealed_column()
    phone_index: Mapped[str | None] = index_column()

    education: Mapped[list["Education"]] = relationship(
        back_populates="practitioner", order_by="Education.id"
    )
    certificates: Mapped[list["Certificate"]] = relationship(
        back_populates="practitioner", order_by="Certificate.id"
    )
    posts: Mapped[list["Post"]] = relationship(back_populates="practitioner", order_by="Post.start_on")
    training: Mapped[list["Training"]] = relationship(
        back_populates="practitioner", order_by="Training.held_on"
    )

    __mapper_args__ = {"version_id_col": version}


class Education(Base):
    """One diploma or one degree; it counts from the day on which it is both obtained and verified."""

    __tablename__ = "education"
    __table_args__ = (
        sa.CheckConstraint(
            "(verification = 'verified') = (verified_on IS NOT NULL)", name="verified_has_a_day"
        ),
        sa.Index(
            "ix_education_practitioner_id_major",
            "practitioner_id",
            "form",
            "catalogue",
            "major_code",
            "verification",
            "verified_on",
            "obtained_on",
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    form: Mapped[EducationForm]
    level: Mapped[EducationLevel]
    catalogue: Mapped[Catalogue]
    major_code: Mapped[str] = mapped_column(sa.String(20))
    major_name: Mapped[ShortText]
    school: Mapped[ShortText]
    diploma_no: Mapped[str | None] = mapped_column(sa.String(60))
    """The number on the paper; None where nobody told it."""
    obtained_on: Mapped[date]
    verification: Mapped[Verification]
    state: Mapped[Verification] = synonym("verification")
    """By the name that the workflow knows."""
    verified_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    practitioner_id: Mapped[int] = mapped_column(sa.ForeignKey("practitioner.id"))

    practitioner: Mapped[Practitioner] = relationship(back_populates="education")

    __mapper_args__ = {"version_id_col": version}


class Certificate(Base):
    """One certificate, with its latest registration where it has one; those that were renewed lie beside it."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("kind", "number"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.CheckConstraint(
            "kind <> 'social_worker' OR valid_from IS NULL OR valid_to IS NOT NULL", name="registration_ends"
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[CertificateKind]
    grade: Mapped[ShortText]
    number: Mapped[str] = mapped_column(sa.String(60))
    issued_on: Mapped[date]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None] = mapped_column(index=True)
    """The first day on which the registration is no longer valid; None where it does not end.

    That of a social worker always ends, by the usual term where nobody told it (registration.py).
    """
    practitioner_id: Mapped[int] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)

    practitioner: Mapped[Practitioner] = relationship(back_populates="certificates")
    earlier: Mapped[list["CertificateRegistration"]] = relationship(
        back_populates="certificate",
        order_by="CertificateRegistration.valid_from",
        cascade="all, delete-orphan",
    )

    @property
    def registrations(self) -> tuple[Period, ...]:
        """All that the register knows of, the latest last."""
        latest = () if self.valid_from is None else (Period(self.valid_from, self.valid_to),)
        return (*(one.period for one in self.earlier), *latest)


class CertificateRegistration(Base):
    """A registration that was renewed: a row is added and none is overwritten, so that past days stay as they were."""

    __tablename__ = "certificate_registration"
    __table_args__ = (
        sa.UniqueConstraint("certificate_id", "valid_from"),
        sa.CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    """The first day on which it was no longer valid: only what ends is renewed."""
    source: Mapped[ShortText]
    """From where the renewal came that put it here."""
    recorded_at: Mapped[datetime]
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"))

    certificate: Mapped[Certificate] = relationship(back_populates="earlier")

    @property
    def period(self) -> Period:
        """When it was valid."""
        return Period(self.valid_from, self.valid_to)


class Post(Base):
    """One person at one site in one profession during one period."""

    __tablename__ = "post"
    __table_args__ = (
        sa.UniqueConstraint("practitioner_id", "site_id", "profession", "start_on"),
        sa.CheckConstraint("end_on IS NULL OR end_on > start_on", name="ends_after_it_begins"),
        # Both cover what counting reads: staff by site, and whoever holds several posts.
        sa.Index("ix_post_site_id_period", "site_id", *POST_FACTS, "practitioner_id"),
        sa.Index("ix_post_practitioner_id_period", "practitioner_id", *POST_FACTS, "site_id"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    profession: Mapped[Profession]
    engagement: Mapped[Engagement]
    serves_programme: Mapped[bool]
    """Assigned to the community rehabilitation service, not to another business of a mixed-purpose body."""
    direct_service: Mapped[bool] = mapped_column(default=True)
    """Works with the people served; the yearly training is asked of these alone."""
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    """The first day on which the post is no longer held."""
    practitioner_id: Mapped[int] = mapped_column(sa.ForeignKey("practitioner.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))

    practitioner: Mapped[Practitioner] = relationship(back_populates="posts")
    site: Mapped[Site] = relationship()


class Training(Base):
    """One course that somebody attended, with its hours."""

    __tablename__ = "training"
    __table_args__ = (
        sa.UniqueConstraint("practitioner_id", "held_on", "subject"),
        sa.CheckConstraint("hours > 0 AND hours <= 500", name="hours_are_of_one_course"),
        sa.Index("ix_training_practitioner_id_held_on", "practitioner_id", "held_on", "hours"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    held_on: Mapped[date]
    """The last day of the course: its hours count from then on, in the year of that day."""
    hours: Mapped[Decimal] = mapped_column(sa.Numeric(5, 1))
    subject: Mapped[ShortText]
    organiser: Mapped[ShortText]
    proof_no: Mapped[str | None] = mapped_column(sa.String(60))
    """The number on the paper that proves it; None where there is none."""
    is_rehabilitation: Mapped[bool]
    """Counts for the yearly hours of direct-service staff."""
    is_continuing: Mapped[bool]
    """Counts for the continuing education of a registered social worker; one course may be both."""
    practitioner_id: Mapped[int] = mapped_column(sa.ForeignKey("practitioner.id"))

    practitioner: Mapped[Practitioner] = relationship(back_populates="training")


class MergeState(StrEnum):
    """A proposal that two records are one person: said by one officer, confirmed by another, or dismissed."""

    PROPOSED = "proposed"
    ASSERTED = "asserted"
    MERGED = "merged"
    DISMISSED = "dismissed"


class PersonMerge(Base):
    """人员合并: whether two register numbers are one person."""

    __tablename__ = "person_merge"
    __table_args__ = (sa.CheckConstraint("kept_id <> other_id", name="two_records"),)

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[MergeState] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    other_no: Mapped[str] = mapped_column(sa.String(40))
    """The register number that becomes a former one."""
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)
    """None once there is only one record."""

    kept: Mapped[Practitioner] = relationship(foreign_keys=[kept_id])
    other: Mapped[Practitioner | None] = relationship(foreign_keys=[other_id])

    __mapper_args__ = {"version_id_col": version}


class FormerNumber(Base):
    """曾用编号: a register number, and the public code beside it, by which somebody was known before a merge."""

    __tablename__ = "former_number"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    person_no: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[ShortText]
    merged_at: Mapped[datetime]
    practitioner_id: Mapped[int] = mapped_column(sa.ForeignKey("practitioner.id"), index=True)

    practitioner: Mapped[Practitioner] = relationship()


class Major(Base):
    """A major of a catalogue and whether it counts; a proposal until the regulator confirms it."""

    __tablename__ = "major"
    __table_args__ = (
        sa.UniqueConstraint("catalogue", "code", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    catalogue: Mapped[Catalogue]
    code: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[ShortText]
    family: Mapped[MajorFamily]
    counts: Mapped[bool]
    note: Mapped[ShortText]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[ShortText]
    grade: Mapped[Grade]
    approved_by: Mapped[str | None] = mapped_column(sa.String(200))
