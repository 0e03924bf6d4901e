"""One enquiry: sealed as it was written, answered by the district, looked up by its number and check code."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach
from registry.base import Base, DivisionCode, Id, PublicCode, ShortText, sealed_column
from registry.divisions.codes import within
from registry.organisations.models import Site


class EnquiryKind(StrEnum):
    """What somebody wants."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class EnquiryState(StrEnum):
    """The transitions are in workflow.py."""

    RECEIVED = "received"
    PASSED_ON = "passed_on"
    ANSWERED = "answered"


class Enquiry(Base):
    """Text, contact and answer are C3: people write names into them. Nobody's account is behind it."""

    __tablename__ = "enquiry"
    __table_args__ = (
        sa.CheckConstraint(
            "state <> 'answered' OR answered_at IS NOT NULL", name="what_is_answered_has_a_day"
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    """The receipt number."""
    state: Mapped[EnquiryState] = mapped_column(default=EnquiryState.RECEIVED, index=True)
    kind: Mapped[EnquiryKind]
    division_code: Mapped[DivisionCode]
    """The responsible division of the place, or the district that was chosen: its district answers."""
    check_hash: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the check code: who reads the table cannot look up an answer with it."""
    text_sealed: Mapped[bytes | None] = sealed_column()
    contact_sealed: Mapped[bytes | None] = sealed_column()
    answer_sealed: Mapped[bytes | None] = sealed_column()
    passed_to: Mapped[ShortText] = mapped_column(default="")
    """Who goes on with it; empty where nobody else does."""
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"), index=True)
    """The place that it is about, where one was named."""

    site: Mapped[Site | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


declare_reach(
    Enquiry,
    Reach(
        divisions_of=lambda enquiry: (enquiry.division_code,),
        in_division=lambda code: within(Enquiry.division_code, code),
        organisations_of=lambda enquiry: (),  # whom a complaint is about does not read it
        in_organisation=lambda organisation_id: sa.false(),
    ),
)
