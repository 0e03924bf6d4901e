"""One entry: what a provider tells of itself, how far it has been checked, and what became of it."""

import secrets
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach
from registry.base import CODE_ALPHABET, Base, DivisionCode, Id, PublicCode
from registry.divisions.codes import within
from registry.drafts.models import Adopted, Drafted
from registry.organisations.models import Organisation, Site, Standing

CHECK_CODE_LENGTH = 12
"""Twelve of 31 letters: nobody finds a slip by guessing."""


class EntryMark(StrEnum):
    """What stands beside the state of an entry in force: neither leads out of the library by itself."""

    SUSPENDED = "suspended"
    LAPSED = "lapsed"


class EntryKind(StrEnum):
    """Why it is filled in."""

    ENTRY = "entry"
    CHANGE = "change"
    RENEWAL = "renewal"


class EntryState(StrEnum):
    """The transitions are in workflow.py."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    LISTED = "listed"
    LEAVING = "leaving"
    DECIDING = "deciding"
    LEFT = "left"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


IN_HAND = (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED, EntryState.CHECKED)
IN_FORCE = (EntryState.LISTED, EntryState.LEAVING, EntryState.DECIDING)
_IN_HAND = "state IN ('draft', 'submitted', 'returned', 'checked')"
_IN_FORCE = "state IN ('listed', 'leaving', 'deciding')"


def _one_of_an_organisation(name: str, states: str) -> sa.Index:
    return sa.Index(
        f"uq_provider_entry_{name}_organisation_id",
        "organisation_id",
        unique=True,
        sqlite_where=sa.text(states),
        postgresql_where=sa.text(states),
    )


def new_check_code() -> str:
    """What stands on a slip: whoever has it may look the entry up."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CHECK_CODE_LENGTH))


class ProviderEntry(Adopted, Drafted, Base):
    """An institution asks to be listed where its service site lies: the district checks, the city confirms."""

    __tablename__ = "provider_entry"
    __table_args__ = (
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint(
            "state NOT IN ('listed', 'leaving', 'deciding', 'left', 'replaced') OR standing_id IS NOT NULL",
            name="what_was_confirmed_has_its_standing",
        ),
        _one_of_an_organisation("in_hand", _IN_HAND),
        _one_of_an_organisation("in_force", _IN_FORCE),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[EntryKind]
    state: Mapped[EntryState] = mapped_column(default=EntryState.DRAFT, index=True)
    division_code: Mapped[DivisionCode]
    """The division that answers for the service site: its district checks."""
    confirming_code: Mapped[DivisionCode]
    """The division that confirms, as policy has it where the site lies."""
    submitted_at: Mapped[datetime | None]
    confirmed_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    """The last day before a renewal is due; None where policy sets no term."""
    suspended_on: Mapped[date | None]
    """Since when the listing is suspended, whatever else becomes of the entry; only resuming it ends that."""
    check_code: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_check_code)
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
        """Officers see what was handed in or brought over; a draft is the institution's own."""
        return self.submitted_at is not None or self.is_adopted

    def marks_on(self, day: date) -> tuple[EntryMark, ...]:
        """What is to be told beside its state on a day."""
        return marks_of(self.state, self.suspended_on, self.valid_until, day)


def marks_of(
    state: EntryState, suspended_on: date | None, valid_until: date | None, day: date
) -> tuple[EntryMark, ...]:
    """The marks of one entry, or of its line in a list; none of one that is not in force."""
    if state not in IN_FORCE:
        return ()
    suspended = (EntryMark.SUSPENDED,) if suspended_on is not None else ()
    lapsed = (EntryMark.LAPSED,) if valid_until is not None and valid_until < day else ()
    return (*suspended, *lapsed)


declare_reach(
    ProviderEntry,
    Reach(
        divisions_of=lambda entry: (entry.division_code,) if entry.is_before_officers else (),
        in_division=lambda code: sa.and_(
            sa.or_(ProviderEntry.submitted_at.is_not(None), ProviderEntry.adopted_on.is_not(None)),
            within(ProviderEntry.division_code, code),
        ),
        organisations_of=lambda entry: (entry.organisation_id,),
        in_organisation=lambda organisation_id: ProviderEntry.organisation_id == organisation_id,
    ),
)
