"""Who took over from whom, on which day, by which document, and what passed over."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach
from registry.base import Base, Id, LongText, PublicCode, ShortText
from registry.divisions.codes import within
from registry.organisations.models import Organisation


class SuccessionKind(StrEnum):
    """合并 ends the predecessor; after a 分立 it may live on. A rename is none."""

    MERGE = "merge"
    SPLIT = "split"


STANDS = "undone_at IS NULL"
"""Not undone."""
ENDS = "undone_at IS NULL AND kind = 'merge'"
"""A merger that stands: the predecessor is over."""


class OrganisationSuccession(Base):
    """One predecessor and one successor; a split into three is three of them."""

    __tablename__ = "organisation_succession"
    __table_args__ = (
        sa.CheckConstraint("predecessor_id <> successor_id", name="two_organisations"),
        sa.CheckConstraint("kind = 'split' OR ends_predecessor", name="a_merger_ends_the_predecessor"),
        sa.Index(
            "uq_organisation_succession_pair",
            "predecessor_id",
            "successor_id",
            unique=True,
            sqlite_where=sa.text(STANDS),
            postgresql_where=sa.text(STANDS),
        ),
        sa.Index(
            "uq_organisation_succession_end",
            "predecessor_id",
            unique=True,
            sqlite_where=sa.text(ENDS),
            postgresql_where=sa.text(ENDS),
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[SuccessionKind]
    on: Mapped[date]
    """The first day on which the successor stands in the predecessor's place."""
    document: Mapped[ShortText]
    ends_predecessor: Mapped[bool]
    passed: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    """What passed over and what ended, with what it was before: `passing.py` and `operations.py` read it to undo."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[ShortText]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[ShortText] = mapped_column(default="")
    reason: Mapped[LongText] = mapped_column(default="")
    """Why it was undone."""
    predecessor_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    successor_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)

    predecessor: Mapped[Organisation] = relationship(foreign_keys=[predecessor_id])
    successor: Mapped[Organisation] = relationship(foreign_keys=[successor_id])


declare_reach(
    OrganisationSuccession,
    Reach(
        divisions_of=lambda succession: (succession.predecessor.division_code,),
        in_division=lambda code: OrganisationSuccession.predecessor.has(
            within(Organisation.division_code, code)
        ),
        organisations_of=lambda succession: (succession.predecessor_id, succession.successor_id),
        in_organisation=lambda organisation_id: sa.or_(
            OrganisationSuccession.predecessor_id == organisation_id,
            OrganisationSuccession.successor_id == organisation_id,
        ),
    ),
)
