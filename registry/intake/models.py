"""The runs of the intake: one file, what it would change, and whether it was loaded."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, DivisionCode, Facts, Id, PublicCode, ShortText


class IntakeState(StrEnum):
    """A previewed file is loaded whole or not at all; a refused one was never loaded."""

    PREVIEWED = "previewed"
    COMMITTED = "committed"
    REFUSED = "refused"


SEALED = "sealed"
"""The option of a run whose file fills sealed columns."""


class IntakeRun(Base):
    """One file and what became of it; the bytes are kept by the portal, never here."""

    __tablename__ = "intake_run"
    __table_args__ = (
        sa.CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name="committed_has_a_time"),
        sa.CheckConstraint("state <> 'committed' OR errors = 0", name="committed_has_no_error"),
        sa.Index("ix_intake_run_kind_sha256_state", "kind", "sha256", "state"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[ShortText]
    file_name: Mapped[ShortText]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    options: Mapped[Facts]
    """What was said beside the file, such as the coordinate system; needed to read it again."""
    rows: Mapped[int]
    create: Mapped[int]
    update: Mapped[int]
    same: Mapped[int]
    duplicate: Mapped[int]
    warnings: Mapped[int]
    errors: Mapped[int]
    problems: Mapped[list[Any]] = mapped_column(sa.JSON)
    """The first problems, each as `facts_of` of problems.py gives it."""
    problems_left_out: Mapped[int]
    state: Mapped[IntakeState] = mapped_column(index=True)
    actor_code: Mapped[ShortText] = mapped_column(index=True)
    actor_name: Mapped[ShortText]
    division_code: Mapped[DivisionCode]
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    """Of the actor, as a plain reference; a run is seen where its actor stands."""
    effects: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    """The shares that the load moved, before and after, as the portal keeps them for the result page."""
    at: Mapped[datetime] = mapped_column(index=True)
    committed_at: Mapped[datetime | None]
