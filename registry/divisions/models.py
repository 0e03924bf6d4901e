"""Divisions with their validity, yearly population facts, and the changes between them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base import Base, DivisionCode, Facts, Id, LongText, PublicCode, ShortText
from registry.divisions.codes import Level

SHIPPED = "shipped"
"""Marks, in the details of a change line, what came with the product."""


class DivisionKind(StrEnum):
    """What a code stands for; `pseudo` stays in the arithmetic and is skipped on pages and in drill-down."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    FUNCTION_ZONE = "function_zone"
    PSEUDO = "pseudo"


class ChangeKind(StrEnum):
    """The four ways in which divisions change."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    MOVE = "move"


class Division(Base):
    """One administrative division during one period; a code may come back with another name."""

    __tablename__ = "division"
    __table_args__ = (
        sa.UniqueConstraint("code", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
        sa.CheckConstraint("length(code) IN (2, 4, 6, 9, 12)", name="code_is_canonical"),
    )

    id: Mapped[Id]
    code: Mapped[DivisionCode]
    name: Mapped[ShortText]
    level: Mapped[Level]
    kind: Mapped[DivisionKind]
    parent_code: Mapped[str | None] = mapped_column(sa.String(12), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The first day on which the division no longer exists."""
    source: Mapped[ShortText]

    @property
    def is_shown(self) -> bool:
        """Pseudo-units and function zones stay in the arithmetic and off the pages."""
        return self.kind not in (DivisionKind.PSEUDO, DivisionKind.FUNCTION_ZONE)


class Population(Base):
    """Residents of a division by one count."""

    __tablename__ = "population"
    __table_args__ = (sa.UniqueConstraint("division_code", "year"),)

    id: Mapped[Id]
    division_code: Mapped[DivisionCode]
    year: Mapped[int]
    residents: Mapped[int]
    source: Mapped[ShortText]
    is_example: Mapped[bool] = mapped_column(default=False)


class DivisionChange(Base):
    """One file of changes, applied in one transaction and undone as one."""

    __tablename__ = "division_change"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    effective_on: Mapped[date]
    source: Mapped[ShortText]
    note: Mapped[LongText] = mapped_column(default="")
    applied_at: Mapped[datetime]
    applied_by: Mapped[ShortText]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(sa.String(200))

    lines: Mapped[list["DivisionChangeLine"]] = relationship(
        back_populates="change", order_by="DivisionChangeLine.id"
    )

    @property
    def is_shipped(self) -> bool:
        """Came with the product: history that cannot be taken back."""
        return any(SHIPPED in line.details for line in self.lines)


class DivisionChangeLine(Base):
    """One old code and what became of it; `moved` remembers each row for the undo."""

    __tablename__ = "division_change_line"

    id: Mapped[Id]
    kind: Mapped[ChangeKind]
    from_code: Mapped[DivisionCode]
    to_code: Mapped[DivisionCode]
    to_name: Mapped[ShortText]
    moved: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    details: Mapped[Facts] = mapped_column(default=dict)
    change_id: Mapped[int] = mapped_column(sa.ForeignKey("division_change.id"), index=True)

    change: Mapped[DivisionChange] = relationship(back_populates="lines")
