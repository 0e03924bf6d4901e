"""续期 every night: an institution is told and asked before its term ends; who answers for it is told when it is over.

No official text that we have says that an institution leaves the library with its term, so none does by itself.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.models import Position, Role
from registry.access.positions import held
from registry.actions import Action
from registry.clock import today
from registry.messages import N_
from registry.policy.queries import parameter_if_set
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.queries import renewal_under_way
from registry.workflow.clocks import Due, closing
from registry.workflow.models import Todo
from registry.workflow.todos import addressees, set_due, todo_for
from registry.workflow_table import Desk, workflow_of

RENEWAL_DAYS = "provider_entry.renewal_days"
"""Policy parameter: days before the end of the term; on the last of them a renewal is asked for, before that told."""

NEAR = N_("入库有效期将满，请准备续期")
ASK = N_("办理机构入库续期")
LAPSED = N_("机构入库有效期已过")
FARTHEST = timedelta(days=366)


def remind_of_renewals(session: Session, *, on: date, at: datetime) -> int:
    """How many to-dos and notices a night made; done twice, it makes none twice. The caller commits."""

    @cache
    def days_in(place: str) -> tuple[int, ...]:
        return tuple(sorted(int(days) for days in parameter_if_set(session, RENEWAL_DAYS, place, on) or ()))

    return sum(
        _remind(session, entry, days_in(entry.division_code), on, at) for entry in _ending(session, on)
    )


def stop_asking(session: Session, entry: ProviderEntry, at: datetime) -> None:
    """The renewal of an entry is handed in: what asked for it, and what reminded of that, is answered."""
    asked = (*_about(entry), Todo.title.in_((ASK, NEAR)), Todo.closed_at.is_(None))
    session.execute(sa.update(Todo).where(*asked).values(closed_at=at))


def _ending(session: Session, on: date) -> list[ProviderEntry]:
    """Listed, and over within a year or over already; whoever may have to leave is not asked to renew."""
    found = sa.select(ProviderEntry).where(
        ProviderEntry.state == EntryState.LISTED, ProviderEntry.valid_until <= on + FARTHEST
    )
    return list(
        session.scalars(found.options(joinedload(ProviderEntry.organisation)).order_by(ProviderEntry.id))
    )


def _remind(session: Session, entry: ProviderEntry, days: tuple[int, ...], on: date, at: datetime) -> int:
    if entry.valid_until is None:
        return 0
    left = (entry.valid_until - on).days
    made = _tell_of_lapse(session, entry, on, at) if left < 0 else 0
    if not days or entry.suspended_on is not None or renewal_under_way(session, entry.organisation_id):
        return made
    reached = next((number for number in days if left <= number), None)
    if reached is None:
        return made
    return made + (_ask(session, entry, at) if reached == days[0] else _tell(session, entry, reached, at))


def _ask(session: Session, entry: ProviderEntry, at: datetime) -> int:
    """Due on the last day of the term, and overdue from then on."""
    if entry.valid_until is None or _has(session, entry, ASK, Todo.closed_at.is_(None)):
        return 0
    due = Due(entry.valid_until, closing(session, entry.division_code, entry.valid_until), is_estimated=False)
    return _leave(session, entry, addressees(Action.PROVIDER_ENTRY_ASK, entry), ASK, at, due)


def _tell(session: Session, entry: ProviderEntry, days: int, at: datetime) -> int:
    """Once for each of the days."""
    told = [opened for opened in session.scalars(_opened(entry, NEAR)) if _is_since(opened, entry, days)]
    return 0 if told else _leave(session, entry, addressees(Action.PROVIDER_ENTRY_ASK, entry), NEAR, at)


def _tell_of_lapse(session: Session, entry: ProviderEntry, on: date, at: datetime) -> int:
    """Once: the institution, its district, and the level that confirmed it."""
    if _has(session, entry, LAPSED):
        return 0
    desks = (
        *addressees(Action.PROVIDER_ENTRY_ASK, entry),
        *addressees(Action.PROVIDER_ENTRY_CHECK, entry),
        _confirming_desk(session, entry, on),
    )
    return _leave(session, entry, desks, LAPSED, at)


def _confirming_desk(session: Session, entry: ProviderEntry, on: date) -> Desk:
    """The city's, or the province's where nobody holds the city's."""
    place = entry.confirming_code
    of_city = (Position.role == Role.CITY, Position.division_code == place, held(on))
    is_held = session.scalar(sa.select(Position.id).where(*of_city).limit(1)) is not None
    return Desk(Role.CITY if is_held else Role.PROVINCE, place)


def _leave(
    session: Session,
    entry: ProviderEntry,
    desks: Iterable[Desk],
    title: str,
    at: datetime,
    due: Due | None = None,
) -> int:
    """To be answered where it is due on a day, to be read otherwise."""
    subject = workflow_of(entry).subject_of(entry)
    todos = [todo_for(subject, desk, title, asked_by="", at=at) for desk in desks]
    for todo in todos:
        todo.is_notice = due is None
        set_due(todo, due)
    session.add_all(todos)
    session.flush()
    return len(todos)


def _has(session: Session, entry: ProviderEntry, title: str, *more: sa.ColumnElement[bool]) -> bool:
    return session.scalar(_opened(entry, title).where(*more).limit(1)) is not None


def _opened(entry: ProviderEntry, title: str) -> sa.Select[datetime]:
    """When it was said of an entry, read since or not; what merely reminds of it counts for nothing."""
    return sa.select(Todo.opened_at).where(*_about(entry), Todo.title == title, Todo.reminds_id.is_(None))


def _is_since(opened: datetime, entry: ProviderEntry, days: int) -> bool:
    return entry.valid_until is not None and today(opened) >= entry.valid_until - timedelta(days=days)


def _about(entry: ProviderEntry) -> tuple[sa.ColumnElement[bool], ...]:
    return Todo.subject_type == ProviderEntry.__tablename__, Todo.subject_id == entry.id
