"""Issued documents: the question that one answers, the numbers that it printed, and the digest of its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, DivisionCode, Id, PublicCode, ShortText
from registry.workforce.counting import Basis, StaffRule


class DocumentKind(StrEnum):
    """What kind of paper it is."""

    BRIEFING = "briefing"
    ONE_PAGE = "one_page"
    PACK = "pack"
    PLAN = "plan"


class DocumentFormat(StrEnum):
    """The format, which is also the ending of the file's name."""

    PDF = "pdf"
    DOCX = "docx"


class Annex(StrEnum):
    """What is listed at the end, beyond the table of the parts."""

    NONE = "none"
    INSTITUTIONS = "institutions"
    PEOPLE = "people"


class DocumentState(StrEnum):
    """A short document is done when it is asked for; a long one is made by a job."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class MakingStep(StrEnum):
    """How far a job has come; each step is long enough to be worth naming."""

    ASKED = "asked"
    READING = "reading"
    LAYOUT = "layout"
    KEEPING = "keeping"


@dataclass(frozen=True)
class Question:
    """What a document was asked to say, and in which shape."""

    kind: DocumentKind
    figure_code: str
    rule: StaffRule
    division_code: str
    place_name: str
    on: date
    basis: Basis
    annex: Annex
    format: DocumentFormat
    locale: str
    """zh or en."""
    organisation_code: str | None = None
    """The public code of the one organisation that it speaks of; None where it is of a place."""


@dataclass(frozen=True)
class PrintedPart:
    """The counts of one place or institution in the document's table."""

    code: str
    name: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Printed:
    """What stands on the paper: counts, the share in words, and the digest of the file."""

    numerator: int
    denominator: int
    percent: str
    """As it was printed, such as “29.96%”; “--” where nobody was counted."""
    parts: Sequence[PrintedPart]
    sha256: str
    size: int
    """Bytes of the file."""


class IssuedDocument(Base):
    """One document under its check code; its bytes are kept by the portal, never here."""

    __tablename__ = "issued_document"
    __table_args__ = (
        sa.CheckConstraint("(state = 'done') = (sha256 IS NOT NULL)", name="done_has_a_digest"),
        sa.CheckConstraint("(state = 'done') = (issued_at IS NOT NULL)", name="done_has_a_time"),
        sa.CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="failed_has_a_reason"),
        sa.CheckConstraint("numerator IS NULL OR numerator <= denominator", name="part_of_the_whole"),
        sa.Index("ix_issued_document_actor_code_asked_at", "actor_code", "asked_at"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    """The check code that is printed on the paper."""
    kind: Mapped[DocumentKind]
    format: Mapped[DocumentFormat]
    annex: Mapped[Annex]
    locale: Mapped[str] = mapped_column(sa.String(8))
    figure_code: Mapped[ShortText]
    rule: Mapped[StaffRule]
    division_code: Mapped[DivisionCode]
    place_name: Mapped[ShortText]
    """As it was printed: the place may be renamed later."""
    organisation_code: Mapped[str | None] = mapped_column(sa.String(16))
    """Of the one organisation that it speaks of, as a plain value; None where it is of a place."""
    on: Mapped[date]
    basis: Mapped[Basis]
    numerator: Mapped[int | None]
    denominator: Mapped[int | None]
    percent: Mapped[str | None] = mapped_column(sa.String(20))
    parts: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    """Code, name, numerator and denominator of each line of the table."""
    sha256: Mapped[str | None] = mapped_column(sa.String(64))
    size: Mapped[int | None]
    pages: Mapped[int | None]
    """How many were expected when a job was asked to make it."""
    state: Mapped[DocumentState] = mapped_column(index=True)
    step: Mapped[MakingStep]
    reason: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """Why it could not be made: a msgid and its places."""
    actor_code: Mapped[ShortText]
    actor_name: Mapped[ShortText]
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]

    @property
    def question(self) -> Question:
        """What it was asked to say; the division is today's, for codes change."""
        return Question(
            kind=self.kind,
            figure_code=self.figure_code,
            rule=self.rule,
            division_code=self.division_code,
            place_name=self.place_name,
            on=self.on,
            basis=self.basis,
            annex=self.annex,
            format=self.format,
            locale=self.locale,
            organisation_code=self.organisation_code,
        )

    @property
    def printed_parts(self) -> tuple[PrintedPart, ...]:
        """The lines of its table."""
        return tuple(PrintedPart(*line) for line in self.parts)

    @property
    def is_in_hand(self) -> bool:
        """A job has still to make it."""
        return self.state in (DocumentState.WAITING, DocumentState.WORKING)

    @property
    def file_name(self) -> str:
        """The name under which its bytes are kept."""
        return f"{self.code}.{self.format.value}"
