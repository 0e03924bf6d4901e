"""Reads of entries: what a page loads, what an institution has in hand and in force, and the list."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.clock import today
from registry.divisions.codes import Level
from registry.listing import Column, Filter, Listing, division_filter, enum_filter, holding, text_value
from registry.messages import N_
from registry.organisations.models import Organisation, Site, Standing
from registry.organisations.queries import division_name
from registry.provider_entries.models import (
    IN_FORCE,
    IN_HAND,
    EntryKind,
    EntryMark,
    EntryState,
    ProviderEntry,
)
from registry.workforce.models import Post

WHOLE = (
    joinedload(ProviderEntry.organisation),
    joinedload(ProviderEntry.site),
    joinedload(ProviderEntry.standing),
)


def entry_by_id(session: Session, entry_id: int) -> ProviderEntry | None:
    """The entry with this key."""
    return session.scalar(sa.select(ProviderEntry).where(ProviderEntry.id == entry_id).options(*WHOLE))


def entry_by_check_code(session: Session, check_code: str) -> ProviderEntry | None:
    """The entry whose slip carries this code."""
    found = sa.select(ProviderEntry).where(ProviderEntry.check_code == check_code)
    return session.scalar(found.options(*WHOLE))


def entry_in_hand(session: Session, organisation_id: int) -> ProviderEntry | None:
    """The one that an institution is at work on."""
    return _one_in(session, organisation_id, IN_HAND)


def entry_in_force(session: Session, organisation_id: int) -> ProviderEntry | None:
    """The one by which an institution is listed, suspended or leaving."""
    return _one_in(session, organisation_id, IN_FORCE)


def entry_that_stands(session: Session, entry: ProviderEntry) -> ProviderEntry:
    """What became of an entry that others have replaced since: the last of its standing; otherwise the entry itself."""
    if entry.state is not EntryState.REPLACED:
        return entry
    later = sa.select(ProviderEntry).where(
        ProviderEntry.standing_id == entry.standing_id, ProviderEntry.state != EntryState.REPLACED
    )
    return session.scalar(later.options(*WHOLE).order_by(ProviderEntry.id.desc()).limit(1)) or entry


def renewal_under_way(session: Session, organisation_id: int) -> bool:
    """Whether an institution has handed a renewal in that waits for a decision."""
    in_hand = entry_in_hand(session, organisation_id)
    decided_next = (EntryState.SUBMITTED, EntryState.CHECKED)
    return in_hand is not None and in_hand.kind is EntryKind.RENEWAL and in_hand.state in decided_next


def people_in_post(session: Session, entry: ProviderEntry) -> int:
    """Everybody whose post at one of the institution's sites runs on the day of the hand-in, each counted once."""
    on = today(entry.submitted_at) if entry.submitted_at is not None else today()
    of_sites = sa.select(Site.id).where(Site.organisation_id == entry.organisation_id)
    held = (Post.start_on <= on, sa.or_(Post.end_on.is_(None), Post.end_on > on))
    counted = sa.select(sa.func.count(sa.distinct(Post.practitioner_id))).where(
        Post.site_id.in_(of_sites), *held
    )
    return session.scalar(counted) or 0


def _one_in(session: Session, organisation_id: int, states: tuple[EntryState, ...]) -> ProviderEntry | None:
    found = sa.select(ProviderEntry).where(
        ProviderEntry.organisation_id == organisation_id, ProviderEntry.state.in_(states)
    )
    return session.scalar(found.options(*WHOLE))


def _of_organisation(column: sa.orm.InstrumentedAttribute[str]) -> sa.ScalarSelect[str]:
    found = sa.select(column).where(Organisation.id == ProviderEntry.organisation_id)
    return found.correlate(ProviderEntry).scalar_subquery()


def _number() -> sa.ScalarSelect[str]:
    found = sa.select(Standing.number).where(Standing.id == ProviderEntry.standing_id)
    return found.correlate(ProviderEntry).scalar_subquery()


def _marked(mark: EntryMark, on: date) -> sa.ColumnElement[bool]:
    """The marks of `marks_of`, as a condition."""
    marked = {
        EntryMark.SUSPENDED: ProviderEntry.suspended_on.is_not(None),
        EntryMark.LAPSED: ProviderEntry.valid_until < on,
    }
    return sa.and_(ProviderEntry.state.in_(IN_FORCE), marked[mark])


def _named(text: str, _on: date) -> sa.ColumnElement[bool]:
    named = sa.select(Organisation.id).where(holding(Organisation.name, text))
    return ProviderEntry.organisation_id.in_(named)


ENTRIES = Listing(
    key="provider-entries",
    model=ProviderEntry,
    columns=(
        Column("code", N_("编号"), ProviderEntry.code),
        Column("organisation", N_("机构名称"), _of_organisation(Organisation.name)),
        Column("kind", N_("申请类型"), ProviderEntry.kind),
        Column("state", N_("办理状态"), ProviderEntry.state),
        Column(
            "division_code", N_("区划代码"), ProviderEntry.division_code, order=(ProviderEntry.division_code,)
        ),
        Column("district", N_("区县"), division_name(ProviderEntry.division_code, Level.DISTRICT)),
        Column("street", N_("街镇"), division_name(ProviderEntry.division_code, Level.TOWNSHIP)),
        Column("number", N_("入库编号"), _number()),
        Column(
            "submitted_at", N_("提交时间"), ProviderEntry.submitted_at, order=(ProviderEntry.submitted_at,)
        ),
        Column("valid_until", N_("有效期至"), ProviderEntry.valid_until, order=(ProviderEntry.valid_until,)),
        Column("suspended_on", N_("暂停日期"), ProviderEntry.suspended_on),
    ),
    filters=(
        division_filter("division", N_("区划"), ProviderEntry.division_code),
        enum_filter("state", N_("办理状态"), ProviderEntry.state, EntryState),
        Filter("mark", N_("提示"), parse=EntryMark, clause=_marked, choices=tuple(EntryMark)),
        enum_filter("kind", N_("申请类型"), ProviderEntry.kind, EntryKind),
        Filter("q", N_("机构名称"), parse=text_value, clause=_named),
    ),
    default_sort="-submitted_at",
)
"""入库申请: every entry, in hand and behind us."""
