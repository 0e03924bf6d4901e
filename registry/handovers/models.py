"""One handover: whose position, who takes over, and the list that he ticks off."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.models import Account, Position, Role
from registry.access.scopes import declare_reach, reach_by_columns
from registry.base import Base, DivisionCode, Id, PublicCode, ShortText
from registry.organisations.models import Organisation
from registry.workflow_table import Desk


class HandoverState(StrEnum):
    """The transitions are in workflow.py."""

    DRAWN_UP = "drawn_up"
    PASSED_ON = "passed_on"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"


class HandoverKind(StrEnum):
    """Why somebody hands over."""

    LEAVING = "leaving"
    SECONDED = "seconded"
    ABSENT = "absent"


class Passing(StrEnum):
    """What becomes of one piece of work."""

    DESK = "desk"
    """It waits at the desk: whoever holds the position goes on with it."""
    OWNER = "owner"
    """It is the person's own, and becomes the successor's."""
    ENDS = "ends"
    """It is bound to the person and ends with him: the successor begins anew where it is needed."""


class Handover(Base):
    """工作交接: the open work of one position, passed on to somebody who holds the same charge."""

    __tablename__ = "handover"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('drawn_up', 'withdrawn') OR successor_id IS NOT NULL", name="passed_on_has_a_successor"
        ),
        sa.CheckConstraint("successor_id IS NULL OR successor_id <> position_id", name="is_to_somebody_else"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[HandoverState] = mapped_column(default=HandoverState.DRAWN_UP, index=True)
    kind: Mapped[HandoverKind]
    note: Mapped[ShortText]
    division_code: Mapped[DivisionCode]
    """Of the position."""
    drawn_up_at: Mapped[datetime]
    drawn_up_as: Mapped[Role]
    waits_for_role: Mapped[Role]
    waits_for_code: Mapped[DivisionCode]
    """The desk that passes it on: the drawer's own, or the one above where nobody is left."""
    is_left_above: Mapped[bool] = mapped_column(default=False)
    """The position ended and nobody was there to take over: whoever stands above names somebody."""
    passed_on_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"), index=True)
    drawn_up_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()
    position: Mapped[Position] = relationship(foreign_keys=position_id)
    successor: Mapped[Position | None] = relationship(foreign_keys=successor_id)
    drawn_up_by: Mapped[Account] = relationship()
    lines: Mapped[list["HandoverLine"]] = relationship(back_populates="handover", order_by="HandoverLine.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def desk_that_passes_on(self) -> Desk:
        """Where it waits before it is passed on; an organisation passes its own on itself."""
        own = self.organisation_id if self.waits_for_role is self.position.role else None
        return Desk(self.waits_for_role, self.waits_for_code, own)

    @property
    def desk_of_successor(self) -> Desk:
        """Where the list waits after that."""
        held = self.successor or self.position
        return Desk(held.role, held.division_code, held.organisation_id)

    @property
    def names(self) -> str:
        """张三 → 李四."""
        to = self.successor.account.name if self.successor is not None else "？"
        return f"{self.position.account.name} → {to}"


class HandoverLine(Base):
    """One piece of work on the list, as it was when it was passed on."""

    __tablename__ = "handover_line"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    subject_type: Mapped[ShortText]
    subject_code: Mapped[ShortText]
    subject_name: Mapped[ShortText]
    title: Mapped[ShortText]
    """The msgid of what it is."""
    passing: Mapped[Passing]
    acknowledged_at: Mapped[datetime | None]
    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handover.id"), index=True)

    handover: Mapped[Handover] = relationship(back_populates="lines")


declare_reach(Handover, reach_by_columns(Handover))
