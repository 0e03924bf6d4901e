"""Parameters, targets, calendar days and figure snapshots: each with its validity, place and source."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, DivisionCode, Id, LongText, ShortText


class Grade(StrEnum):
    """How far a policy fact is confirmed."""

    OFFICIAL = "official"
    SECOND_HAND = "second_hand"
    DESIGN = "design"


class SnapshotKind(StrEnum):
    """A nightly reading may be made again; that of a year's end, or of a target's date, is frozen."""

    NIGHTLY = "nightly"
    FROZEN = "frozen"


class Parameter(Base):
    """A number or word of policy under a key, in a place, for a time."""

    __tablename__ = "parameter"
    __table_args__ = (
        sa.UniqueConstraint("key", "division_code", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    key: Mapped[ShortText] = mapped_column(index=True)
    division_code: Mapped[DivisionCode]
    """"0" is the whole country; the longest prefix of a place wins."""
    value: Mapped[Any] = mapped_column(sa.JSON)
    unit: Mapped[ShortText]
    title: Mapped[ShortText]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[LongText]
    grade: Mapped[Grade]


class Target(Base):
    """A fraction p/q that a figure must reach, in force until replaced."""

    __tablename__ = "target"
    __table_args__ = (
        sa.UniqueConstraint("figure_code", "division_code", "valid_from"),
        sa.CheckConstraint("numerator > 0 AND denominator >= numerator", name="is_a_share"),
    )

    id: Mapped[Id]
    figure_code: Mapped[ShortText] = mapped_column(index=True)
    division_code: Mapped[DivisionCode]
    numerator: Mapped[int]
    denominator: Mapped[int]
    valid_from: Mapped[date]
    assessed_on: Mapped[date]
    """The day by which the target was to be reached; afterwards it is carried on and marked so."""
    source: Mapped[LongText]
    grade: Mapped[Grade]


class CalendarDay(Base):
    """A day that differs from its weekday: a holiday, or a weekend on which people work."""

    __tablename__ = "calendar_day"

    id: Mapped[Id]
    day: Mapped[date] = mapped_column(unique=True)
    is_workday: Mapped[bool]
    name: Mapped[ShortText]
    source: Mapped[ShortText]


class KeptReading:
    """One reading of a figure by one counting rule on one day, kept as integers with the target of its day."""

    figure_code: Mapped[ShortText]
    counting_rule: Mapped[ShortText]
    on: Mapped[date]
    division_code: Mapped[DivisionCode]
    numerator: Mapped[int]
    denominator: Mapped[int]
    target_numerator: Mapped[int | None]
    target_denominator: Mapped[int | None]
    """Both are None where no target was in force."""
    computed_at: Mapped[datetime]
    computed_by: Mapped[ShortText]


def _is_a_reading() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("numerator >= 0 AND denominator >= numerator", name="is_a_share"),
        sa.CheckConstraint(
            "(target_numerator IS NULL) = (target_denominator IS NULL)", name="target_is_whole"
        ),
    )


class FigureSnapshot(KeptReading, Base):
    """The reading of one division."""

    __tablename__ = "figure_snapshot"
    __table_args__ = (
        sa.UniqueConstraint("figure_code", "counting_rule", "kind", "on", "division_code"),
        *_is_a_reading(),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signature_is_whole"),
        sa.CheckConstraint("signed_at IS NULL OR kind = 'frozen'", name="only_what_is_frozen_is_signed"),
    )

    id: Mapped[Id]
    kind: Mapped[SnapshotKind]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(sa.String(200))
    """Who answers for the frozen number (签认); both are None while nobody does."""


class InstitutionSnapshot(KeptReading, Base):
    """One institution at a year's end or on a day of assessment, over all its sites: frozen, never made again.

    A table of its own: whoever adds up divisions cannot add institutions to them by mistake.
    """

    __tablename__ = "institution_snapshot"
    __table_args__ = (
        sa.UniqueConstraint("figure_code", "counting_rule", "on", "organisation_code"),
        *_is_a_reading(),
    )

    id: Mapped[Id]
    organisation_code: Mapped[str] = mapped_column(sa.String(16), index=True)
    """`division_code` is where it lay: the place whose target it was held to."""
    people: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    """Who was counted, by the division of the site: {"310101002": {"holders": ["k3f…"], "others": ["9xq…"]}}.

    Public codes, no names: these stay in the register, and a key could come to mean somebody else. None where the
    people were not kept.
    """
