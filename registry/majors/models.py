"""A proposal to change the list of majors: what is to count from which day, why, and on what authority.

The list itself, `Major`, belongs to the workforce, which counts by it.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.models import Account, Role
from registry.access.scopes import Reach, declare_reach
from registry.base import Base, DivisionCode, Id, LongText, No, PublicCode, ShortText
from registry.divisions.codes import within
from registry.policy.models import Grade
from registry.workforce.models import Catalogue, MajorFamily


class MajorChangeState(StrEnum):
    """The transitions are in workflow.py."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class MajorDeed(StrEnum):
    """What is done to one major."""

    SWITCH_ON = "switch_on"
    SWITCH_OFF = "switch_off"
    ADD = "add"
    END = "end"


class MajorChange(Base):
    """调整方案: several majors, one day, one source; whoever had a hand in it does not publish it."""

    __tablename__ = "major_change"
    __table_args__ = (
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_a_time"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[MajorChangeState] = mapped_column(default=MajorChangeState.DRAFT, index=True)
    version: Mapped[int] = mapped_column(default=1)
    division_code: Mapped[DivisionCode]
    """Of whoever proposes; the list itself is one for everybody."""
    valid_from: Mapped[date]
    is_backdated: Mapped[No]
    """Its maker knows that figures of the past become others."""
    reason: Mapped[LongText]
    source: Mapped[ShortText]
    """The document that says so."""
    grade: Mapped[Grade]
    made_by: Mapped[LongText] = mapped_column(default="")
    """Codes of everybody who had a hand in it, with blanks between."""
    drawn_up_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    proposed_as: Mapped[Role]
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    proposed_by: Mapped[Account] = relationship()
    lines: Mapped[list["MajorChangeLine"]] = relationship(
        back_populates="change", order_by="MajorChangeLine.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def makers(self) -> frozenset[str]:
        """The codes of whoever had a hand in it."""
        return frozenset(self.made_by.split())


class MajorChangeLine(Base):
    """What a proposal does to one major; name and family as they stand, or as they are to be."""

    __tablename__ = "major_change_line"
    __table_args__ = (sa.UniqueConstraint("change_id", "catalogue", "code"),)

    id: Mapped[Id]
    deed: Mapped[MajorDeed]
    catalogue: Mapped[Catalogue]
    code: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[ShortText]
    family: Mapped[MajorFamily]
    counts: Mapped[bool]
    """From the day on; of no meaning where the entry ends."""
    note: Mapped[ShortText]
    change_id: Mapped[int] = mapped_column(sa.ForeignKey("major_change.id"), index=True)

    change: Mapped[MajorChange] = relationship(back_populates="lines")


declare_reach(
    MajorChange,
    Reach(
        divisions_of=lambda change: (change.division_code,),
        in_division=lambda code: within(MajorChange.division_code, code),
        organisations_of=lambda change: (),
        in_organisation=lambda organisation_id: sa.false(),
    ),
)
