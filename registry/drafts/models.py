"""What a draft keeps beside its record: changes of answers, what was handed in each time, remarks on answers."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.base import Base, Id, LongText, ShortText


class Drafted:
    """The columns of a record that is filled in as a draft; its model also has `state` and `version`."""

    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """Question to answer as it was typed: what cannot be read is kept like the rest."""
    base_answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """What stood in the register when the draft was drawn up; empty for the first."""


class Adopted:
    """The columns of a record that may come from a list of before: nobody filled it in here (既有名单转入)."""

    adopted_from: Mapped[str | None] = mapped_column(sa.String(200))
    """The list; None where the record took its way here."""
    adopted_on: Mapped[date | None]
    """The day on which it was brought over."""

    @property
    def is_adopted(self) -> bool:
        """Whatever it does not answer was never asked: it is completed at the next change or renewal."""
        return self.adopted_on is not None


class DraftEdit(Base):
    """One answer that somebody changed, and to what: the history of the fields of a draft."""

    __tablename__ = "draft_edit"
    __table_args__ = (
        sa.Index("ix_draft_edit_subject_type_subject_id_version", "subject_type", "subject_id", "version"),
    )

    id: Mapped[Id]
    subject_type: Mapped[ShortText]
    subject_id: Mapped[int]
    version: Mapped[int]
    """Of the record, once the change was kept."""
    question_key: Mapped[ShortText]
    before: Mapped[Any] = mapped_column(sa.JSON)
    after: Mapped[Any] = mapped_column(sa.JSON)
    page_key: Mapped[ShortText | None]
    """The page on which it was typed; None where it came from no page."""
    page_turn: Mapped[int | None]
    """How much that page had sent."""
    actor_code: Mapped[ShortText]
    actor_name: Mapped[ShortText]
    at: Mapped[datetime]


class DraftRound(Base):
    """What was handed in once: it is never written again."""

    __tablename__ = "draft_round"
    __table_args__ = (sa.UniqueConstraint("subject_type", "subject_id", "number"),)

    id: Mapped[Id]
    subject_type: Mapped[ShortText]
    subject_id: Mapped[int]
    number: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    actor_code: Mapped[ShortText]
    actor_name: Mapped[ShortText]
    at: Mapped[datetime]


class Remark(Base):
    """What a reviewer has to say of one answer of one round (逐项意见)."""

    __tablename__ = "remark"
    __table_args__ = (sa.Index("ix_remark_subject_type_subject_id", "subject_type", "subject_id"),)

    id: Mapped[Id]
    subject_type: Mapped[ShortText]
    subject_id: Mapped[int]
    round_number: Mapped[int]
    question_key: Mapped[ShortText]
    text: Mapped[LongText]
    actor_code: Mapped[ShortText]
    actor_name: Mapped[ShortText]
    at: Mapped[datetime]
