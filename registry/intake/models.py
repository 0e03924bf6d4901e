"""The runs of the intake: one file, what it would change, whether it was loaded, and what it takes to undo that."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, DivisionCode, Facts, Id, PublicCode, ShortText


class IntakeState(StrEnum):
    """A previewed file is loaded whole; of one with errors (refused) at most the rows without them.

    A long file waits for a worker that checks it, once more for one that loads it, and for one that undoes the load.
    """

    WAITING = "waiting"
    CHECKING = "checking"
    PREVIEWED = "previewed"
    LOADING = "loading"
    COMMITTED = "committed"
    REFUSED = "refused"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    CANCELLED = "cancelled"


TO_CHECK = (IntakeState.WAITING, IntakeState.CHECKING)
"""A worker has still to say what is in the file."""


SEALED = "sealed"
"""The option of a run whose file fills sealed columns."""

ASKS_COLUMNS = "asks_columns"
"""The option of a run whose heads nobody has mapped yet."""

CONTENT = "content"
"""The option of a run with the digest of the cells that were read, see tables.py."""

IN_PART = "in_part"
"""The option of a run of which a worker is to load the rows without errors."""

DIFFERS = "differs"
"""The option of a run whose file was taken out of the register and has something to compare."""

KNOWN, SKIPPED = "known", "skipped"
"""The options of a run that say whether rows that the register has are updated, and how many are left out for that."""

COLUMNS, WORDS, CHOICES = "columns", "words", "choices"
"""The options of a run that say which heads fill which columns, what their words mean, and what was chosen."""


class IntakeRun(Base):
    """One file and what became of it; the bytes are kept by the portal, never here."""

    __tablename__ = "intake_run"
    __table_args__ = (
        sa.CheckConstraint(
            "(state IN ('committed', 'undoing', 'undone')) = (committed_at IS NOT NULL)",
            name="committed_has_a_time",
        ),
        sa.CheckConstraint(
            "state NOT IN ('committed', 'undoing', 'undone') OR errors = 0 OR left_out > 0",
            name="committed_leaves_errors_out",
        ),
        sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_a_time"),
        sa.CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="failed_has_a_reason"),
        sa.CheckConstraint(
            "state NOT IN ('waiting', 'checking', 'loading', 'undoing') OR asked_at IS NOT NULL",
            name="what_a_worker_does_was_asked_for",
        ),
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
    """Problems that keep a row out; one row may have several."""
    error_rows: Mapped[int] = mapped_column(default=0)
    """Rows with an error: with the four outcomes above they make up the rows that were judged."""
    left_out: Mapped[int] = mapped_column(default=0)
    """Rows with errors beside which the others were loaded; 0 where the whole file was."""
    left_out_rows: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    """Their numbers in the file, as pairs of a first and a last one."""
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
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[ShortText] = mapped_column(default="")
    undone: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """How many records the undoing took away and put back, and which it left as they are, and why.

    Where a worker could not undo the load, the reason: a msgid and its places.
    """

    asked_at: Mapped[datetime | None]
    """When a worker was asked last, to check, to load or to undo; None of a file that was never long enough."""
    begun_at: Mapped[datetime | None]
    """When a worker took up what it was asked for, perhaps for the second time."""
    asked_by_code: Mapped[str | None] = mapped_column(sa.String(16))
    """Whoever asked: the worker acts as he would, as long as he may."""
    asked_in_code: Mapped[str | None] = mapped_column(sa.String(16))
    """The position in which he asked, his own or one in which he stands in."""
    reason: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """Why it failed: a msgid and its places."""

    @property
    def is_over(self) -> bool:
        """Loaded, and perhaps undone again."""
        return self.committed_at is not None

    @property
    def unjudged(self) -> int:
        """Rows that were not looked at, because the columns do not fit."""
        return (
            self.rows
            - self.create
            - self.update
            - self.same
            - self.duplicate
            - self.error_rows
            - self.skipped
        )

    @property
    def skipped(self) -> int:
        """Rows that would be updates and are left out, because somebody chose so."""
        return int(self.options.get(SKIPPED, 0))

    @property
    def is_in_hand(self) -> bool:
        """A worker has it, or will."""
        return self.state in (*TO_CHECK, IntakeState.LOADING, IntakeState.UNDOING)

    @property
    def is_queued(self) -> bool:
        """No worker has taken up yet what was asked for last."""
        return self.is_in_hand and self.begun_at is None


class ColumnMapping(Base):
    """Which of a foreign table's heads fill which of our columns, as somebody there said once.

    `kind` is a plain word: a kind of workbook, or whatever else reads foreign tables.
    """

    __tablename__ = "column_mapping"
    __table_args__ = (sa.Index("ix_column_mapping_kind_fingerprint", "kind", "fingerprint"),)

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[ShortText]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    """Of all the heads, whatever their order: a table with another head is another table."""
    columns: Mapped[Facts]
    """The key of our column to their head; heads that are not named are not read."""
    words: Mapped[Facts]
    """The key of our column to their words and the words of ours that they stand for."""
    version: Mapped[int] = mapped_column(default=1)
    division_code: Mapped[DivisionCode]
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    """Of whoever said it, as a plain reference; without one it is the division's."""
    actor_code: Mapped[ShortText]
    actor_name: Mapped[ShortText]
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}


class JournalKind(StrEnum):
    """What a load did to some records of one table."""

    CREATED = "created"
    CHANGED = "changed"
    REMOVED = "removed"


class JournalPage(Base):
    """Some records of one table that a load wrote, packed (journal.py); kept while the load may be undone."""

    __tablename__ = "intake_journal_page"

    id: Mapped[Id]
    record_table: Mapped[ShortText]
    kind: Mapped[JournalKind]
    records: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("intake_run.id"), index=True)
