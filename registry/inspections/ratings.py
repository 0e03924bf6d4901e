"""评估等级 and 示范: what somebody awarded an organisation, on what paper, and until when it holds."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.roles import Role
from registry.base import Base, Id, LongText, PublicCode, ShortText
from registry.organisations.models import Organisation
from registry.periods import Period


class RatingGrade(StrEnum):
    """社会组织评估等级 (民政部令第39号), and the words of local assessments of the service."""

    FIVE_A = "5a"
    FOUR_A = "4a"
    THREE_A = "3a"
    TWO_A = "2a"
    ONE_A = "1a"
    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"


class DemonstrationLevel(StrEnum):
    """Who holds it up as an example."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"


class Validity(StrEnum):
    """Where a dated award stands on a day."""

    AHEAD = "ahead"
    HELD = "held"
    EXPIRED = "expired"


def validity_of(period: Period, on: date) -> Validity:
    """The word for the day."""
    if period.start is not None and on < period.start:
        return Validity.AHEAD
    return Validity.HELD if period.holds_on(on) else Validity.EXPIRED


class Rating(Base):
    """One grade for a time."""

    __tablename__ = "rating"
    __table_args__ = (
        sa.CheckConstraint("valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("organisation_id", "issued_by", "valid_from"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    grade: Mapped[RatingGrade]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    """The first day on which it no longer holds."""
    issued_by: Mapped[ShortText]
    document: Mapped[ShortText]
    """The paper that says so: its number or title."""
    recorded_at: Mapped[datetime]
    recorded_as: Mapped[Role | None]
    """The level that put it on record and may withdraw it; None where that was not kept."""
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation] = relationship()

    def validity_on(self, day: date) -> Validity:
        """Held, expired, or still ahead."""
        return validity_of(Period(self.valid_from, self.valid_to), day)


class Demonstration(Base):
    """示范 status for a time."""

    __tablename__ = "demonstration"
    __table_args__ = (
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.UniqueConstraint("organisation_id", "level", "valid_from"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    level: Mapped[DemonstrationLevel]
    title: Mapped[ShortText]
    """As the paper calls it, such as 精神障碍社区康复服务示范点."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The first day on which it no longer holds; None where the paper sets no end."""
    issued_by: Mapped[ShortText]
    document: Mapped[ShortText]
    recorded_at: Mapped[datetime]
    recorded_as: Mapped[Role | None]
    """The level that put it on record and may withdraw it; None where that was not kept."""
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation] = relationship()

    def validity_on(self, day: date) -> Validity:
        """Held, expired, or still ahead."""
        return validity_of(Period(self.valid_from, self.valid_to), day)


Award = Rating | Demonstration


class WithdrawnAward(Base):
    """What was entered wrongly and taken back, as it stood, with who did so and why: no award of any day."""

    __tablename__ = "withdrawn_award"
    __table_args__ = (
        sa.CheckConstraint("(grade IS NULL) <> (level IS NULL)", name="of_a_rating_or_a_demonstration"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    grade: Mapped[RatingGrade | None]
    level: Mapped[DemonstrationLevel | None]
    title: Mapped[ShortText]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    issued_by: Mapped[ShortText]
    document: Mapped[ShortText]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime]
    withdrawn_by: Mapped[ShortText]
    reason: Mapped[LongText]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation] = relationship()
