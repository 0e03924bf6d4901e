"""One filing: what a station tells of itself, how far it has come, and what became of it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach
from registry.base import Base, DivisionCode, Id, PublicCode
from registry.divisions.codes import within
from registry.drafts.models import Adopted, Drafted
from registry.organisations.models import Organisation, Site, Standing


class FilingKind(StrEnum):
    """Why it is filled in."""

    FILING = "filing"
    CHANGE = "change"


class FilingState(StrEnum):
    """The transitions are in workflow.py."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REPORTED = "reported"
    FILED = "filed"
    CLOSED = "closed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


IN_HAND = (FilingState.DRAFT, FilingState.SUBMITTED, FilingState.RETURNED, FilingState.REPORTED)
_IN_HAND = "state IN ('draft', 'submitted', 'returned', 'reported')"
_IN_FORCE = "state = 'filed'"


def _one_of_a_site(name: str, states: str) -> sa.Index:
    return sa.Index(
        f"uq_station_filing_{name}_site_id",
        "site_id",
        unique=True,
        sqlite_where=sa.text(states),
        postgresql_where=sa.text(states),
    )


class StationFiling(Adopted, Drafted, Base):
    """A station is reported by its street and checked by the district; an operator may run several stations."""

    __tablename__ = "station_filing"
    __table_args__ = (
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint(
            "state NOT IN ('filed', 'closed', 'replaced') OR standing_id IS NOT NULL",
            name="what_was_filed_has_its_standing",
        ),
        _one_of_a_site("in_hand", _IN_HAND),
        _one_of_a_site("in_force", _IN_FORCE),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[FilingKind]
    state: Mapped[FilingState] = mapped_column(default=FilingState.DRAFT, index=True)
    division_code: Mapped[DivisionCode]
    """The street that answers for the station."""
    submitted_at: Mapped[datetime | None]
    filed_on: Mapped[date | None]
    is_by_street: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Begun by the street, because nobody at the station has an account."""
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    standing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standing.id"), index=True)

    organisation: Mapped[Organisation] = relationship()
    site: Mapped[Site] = relationship()
    standing: Mapped[Standing | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_before_officers(self) -> bool:
        """Officers see what was handed in, brought over or begun by the street; a draft is the station's own."""
        return self.submitted_at is not None or self.is_adopted or self.is_by_street


declare_reach(
    StationFiling,
    Reach(
        divisions_of=lambda filing: (filing.division_code,) if filing.is_before_officers else (),
        in_division=lambda code: sa.and_(
            sa.or_(
                StationFiling.submitted_at.is_not(None),
                StationFiling.adopted_on.is_not(None),
                StationFiling.is_by_street,
            ),
            within(StationFiling.division_code, code),
        ),
        organisations_of=lambda filing: (filing.organisation_id,),
        in_organisation=lambda organisation_id: StationFiling.organisation_id == organisation_id,
    ),
)
