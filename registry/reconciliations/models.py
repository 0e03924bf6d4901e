"""Foreign systems, which of them a field is taken from, and comparisons with their exports."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach, reach_by_columns
from registry.base import Base, DivisionCode, Facts, Id, LongText, PublicCode, ShortText
from registry.divisions.codes import within


class SubjectKind(StrEnum):
    """What an export lists."""

    PRACTITIONERS = "practitioners"
    SITES = "sites"


class ComparisonState(StrEnum):
    """A file that came in, and one that was compared."""

    UPLOADED = "uploaded"
    COMPARED = "compared"


class Outcome(StrEnum):
    """What a comparison found."""

    DIFFERENT = "different"
    THEY_LACK = "they_lack"
    WE_LACK = "we_lack"
    ONLY_THEIRS = "only_theirs"
    ONLY_OURS = "only_ours"
    LIKELY_SAME = "likely_same"
    AMBIGUOUS = "ambiguous"
    UNREADABLE = "unreadable"


CORRECTABLE = frozenset(
    {Outcome.DIFFERENT, Outcome.THEY_LACK, Outcome.WE_LACK, Outcome.ONLY_THEIRS, Outcome.ONLY_OURS}
)
"""What somebody has to correct; the rest is for somebody to look at."""


class Corrector(StrEnum):
    """Who corrects where."""

    THEM = "them"
    US = "us"
    OPEN = "open"


class Progress(StrEnum):
    """What became of a finding."""

    NEW = "new"
    REPORTED = "reported"
    UNCHANGED = "unchanged"
    CORRECTED = "corrected"


class Evidence(StrEnum):
    """By what a row of theirs is one of ours; the first ones are the stronger."""

    IDENTITY_NUMBER = "identity_number"
    REGISTER_NUMBER = "register_number"
    SITE_CODE = "site_code"
    STANDING_NUMBER = "standing_number"
    CERTIFICATE_NUMBER = "certificate_number"
    CREDIT_CODE = "credit_code"
    NAME_AND_YEAR = "name_and_year"
    NAME = "name"


class SourceSystem(Base):
    """来源系统: a system of somebody else that lists what we list too."""

    __tablename__ = "source_system"
    __table_args__ = (sa.UniqueConstraint("division_code", "name"),)

    id: Mapped[Id]
    code: Mapped[PublicCode]
    name: Mapped[ShortText]
    keeper: Mapped[ShortText]
    """Whose it is, and whom corrections are sent to."""
    holds: Mapped[LongText]
    """What it lists."""
    division_code: Mapped[DivisionCode]
    """Whose entry this is; below it everybody uses it."""
    is_example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class FieldAuthority(Base):
    """权威来源: for a while, the system that a field is taken from; no system is this register itself."""

    __tablename__ = "field_authority"
    __table_args__ = (
        sa.UniqueConstraint("division_code", "kind", "field", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    kind: Mapped[SubjectKind]
    field: Mapped[str] = mapped_column(sa.String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The first day on which it no longer holds."""
    basis: Mapped[ShortText]
    """The paper or the agreement that says so."""
    recorded_by: Mapped[ShortText]
    recorded_at: Mapped[datetime]
    division_code: Mapped[DivisionCode]
    """For this division and all below that say nothing else."""
    system_id: Mapped[int | None] = mapped_column(sa.ForeignKey("source_system.id"), index=True)

    system: Mapped[SourceSystem | None] = relationship()


class Reconciliation(Base):
    """One export of theirs and what came of comparing it; the bytes are kept by the portal, never here."""

    __tablename__ = "reconciliation"
    __table_args__ = (
        sa.CheckConstraint(
            "rows = matched + only_theirs + ambiguous + unreadable OR state = 'uploaded'",
            name="every_row_is_somewhere",
        ),
        sa.CheckConstraint("(state = 'compared') = (compared_at IS NOT NULL)", name="compared_has_a_time"),
        sa.Index("ix_reconciliation_system_id_kind_division_code", "system_id", "kind", "division_code"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    form_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """A form sent twice is one comparison."""
    kind: Mapped[SubjectKind]
    state: Mapped[ComparisonState] = mapped_column(default=ComparisonState.UPLOADED)
    file_name: Mapped[ShortText]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    format: Mapped[str] = mapped_column(sa.String(8))
    columns: Mapped[Facts]
    """How their columns were named, as `ForeignColumns.as_json` gives it."""
    rows: Mapped[int]
    matched: Mapped[int] = mapped_column(default=0)
    only_theirs: Mapped[int] = mapped_column(default=0)
    ambiguous: Mapped[int] = mapped_column(default=0)
    unreadable: Mapped[int] = mapped_column(default=0)
    only_ours: Mapped[int] = mapped_column(default=0)
    fields_compared: Mapped[int] = mapped_column(default=0)
    fields_same: Mapped[int] = mapped_column(default=0)
    actor_code: Mapped[ShortText] = mapped_column(index=True)
    actor_name: Mapped[ShortText]
    division_code: Mapped[DivisionCode]
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    """Of whoever compared, as a plain reference: the comparison is seen where he stands."""
    at: Mapped[datetime] = mapped_column(index=True)
    compared_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    system_id: Mapped[int] = mapped_column(sa.ForeignKey("source_system.id"))

    system: Mapped[SourceSystem] = relationship()

    @property
    def seems_partial(self) -> bool:
        """More of ours are missing than were matched: it is a part of their list, and what it lacks is no fault."""
        return self.only_ours > self.matched

    __mapper_args__ = {"version_id_col": version}


class ReconciliationFinding(Base):
    """One thing that a comparison found, and what became of it."""

    __tablename__ = "reconciliation_finding"
    __table_args__ = (
        sa.CheckConstraint("(progress = 'new') = (reported_at IS NULL)", name="reported_has_a_time"),
        sa.Index("ix_reconciliation_finding_reconciliation_id_outcome", "reconciliation_id", "outcome"),
        sa.Index("ix_reconciliation_finding_reconciliation_id_matter", "reconciliation_id", "matter"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    outcome: Mapped[Outcome]
    corrector: Mapped[Corrector]
    progress: Mapped[Progress] = mapped_column(default=Progress.NEW)
    matter: Mapped[str] = mapped_column(sa.String(100))
    """The same for the same thing in the next comparison."""
    row: Mapped[int | None]
    """The number of their row; None where they have none."""
    field: Mapped[str] = mapped_column(sa.String(40))
    """Empty where it is about the whole row."""
    subject_code: Mapped[str] = mapped_column(sa.String(16))
    """The public code of our record; empty where we have none."""
    name: Mapped[ShortText]
    theirs: Mapped[ShortText]
    ours: Mapped[ShortText]
    """Neither ever holds an identity number or a phone."""
    evidence: Mapped[Evidence | None]
    note: Mapped[list[Any]] = mapped_column(sa.JSON)
    """Why, as msgid and places; empty where the outcome says it all."""
    reported_at: Mapped[datetime | None]
    reported_by: Mapped[ShortText] = mapped_column(default="")
    corrected_at: Mapped[datetime | None]
    """When a later export of theirs no longer showed it."""
    reconciliation_id: Mapped[int] = mapped_column(sa.ForeignKey("reconciliation.id"))

    reconciliation: Mapped[Reconciliation] = relationship()


declare_reach(Reconciliation, reach_by_columns(Reconciliation))
declare_reach(
    SourceSystem,
    Reach(
        divisions_of=lambda system: (system.division_code,),
        in_division=lambda code: within(SourceSystem.division_code, code),
        organisations_of=lambda system: (),
        in_organisation=lambda organisation_id: sa.false(),
    ),
)
