"""续期: told a quarter before, asked for a month before; when the term is over, nobody leaves, but everybody knows."""

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.clock import SHANGHAI
from registry.directory.places import places_in
from registry.organisations.models import Site
from registry.provider_entries.models import EntryKind, EntryMark, EntryState, ProviderEntry
from registry.provider_entries.renewals import remind_of_renewals
from registry.provider_entries.workflow import EntryStep
from registry.workflow.models import Todo
from registry.workflow.reminders import remind
from tests.entry_factories import Desk, lay_out_terms
from tests.factories import make_organisation, make_parameter, make_site

LAST_DAY = date(2029, 11, 22)
NEAR, ASK, LAPSED = "入库有效期将满，请准备续期", "办理机构入库续期", "机构入库有效期已过"


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    make_parameter(session, "provider_entry.renewal_days", [90, 30])
    return make_site(session, make_organisation(session))


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site)


@pytest.fixture
def entry(session: Session, desk: Desk, site: Site) -> ProviderEntry:
    entry = desk.listed(site)
    assert entry.valid_until == LAST_DAY
    session.execute(sa.update(Todo).values(closed_at=entry.submitted_at))
    return entry


def night(session: Session, left: int) -> int:
    """The night before the day on which so many days are left."""
    on = LAST_DAY - timedelta(days=left)
    return remind_of_renewals(session, on=on, at=datetime.combine(on, time(0, 20), SHANGHAI))


def waiting(session: Session) -> list[tuple[str, str, bool, date | None]]:
    found = sa.select(Todo).where(Todo.closed_at.is_(None)).order_by(Todo.id)
    return [(todo.role.value, todo.title, todo.is_notice, todo.due_on) for todo in session.scalars(found)]


def test_an_institution_is_told_and_then_asked_before_its_term_ends(
    session: Session, entry: ProviderEntry
) -> None:
    assert night(session, 91) == 0
    assert night(session, 90) == 1
    assert waiting(session) == [("provider", NEAR, True, None)]
    assert [night(session, left) for left in (90, 89, 31)] == [0, 0, 0]
    assert night(session, 30) == 1
    assert waiting(session)[1:] == [("provider", ASK, False, LAST_DAY)]
    assert [night(session, left) for left in (30, 29, 0)] == [0, 0, 0]


def test_what_asks_for_a_renewal_is_called_to_mind_like_every_deadline(
    session: Session, entry: ProviderEntry
) -> None:
    make_parameter(session, "reminder.workdays", [7, 3, 1, 0])
    night(session, 30)
    on = LAST_DAY - timedelta(days=1)
    assert remind(session, on=on, at=datetime.combine(on, time(0, 20), SHANGHAI)).reminders == 1


def test_a_term_that_is_over_is_told_once_to_all_who_answer_for_it(
    session: Session, desk: Desk, entry: ProviderEntry, site: Site
) -> None:
    night(session, 30)
    assert night(session, 0) == 0
    assert entry.marks_on(LAST_DAY) == ()
    assert night(session, -1) == 3
    assert waiting(session) == [
        ("provider", ASK, False, LAST_DAY),
        ("provider", LAPSED, True, None),
        ("district", LAPSED, True, None),
        ("city", LAPSED, True, None),
    ]
    assert [night(session, left) for left in (-1, -2, -40)] == [0, 0, 0]


def test_a_term_that_is_over_ends_no_listing_but_is_said(
    session: Session, entry: ProviderEntry, site: Site
) -> None:
    day_after = LAST_DAY + timedelta(days=1)
    night(session, -1)
    assert (entry.state, entry.marks_on(day_after)) == (EntryState.LISTED, (EntryMark.LAPSED,))
    assert [place.valid_until for place in places_in(session, "31", LAST_DAY)] == [None]
    assert [place.valid_until for place in places_in(session, "31", day_after)] == [LAST_DAY]


def test_where_nobody_holds_the_citys_position_the_province_is_told(
    session: Session, entry: ProviderEntry
) -> None:
    entry.confirming_code = "3199"
    night(session, -1)
    told = [role for role, title, *_ in waiting(session) if title == LAPSED]
    assert told == ["provider", "district", "province"]


def test_a_renewal_that_is_handed_in_answers_and_one_that_is_withdrawn_is_asked_for_again(
    session: Session, desk: Desk, entry: ProviderEntry, site: Site
) -> None:
    make_parameter(session, "reminder.workdays", [7, 3, 1, 0])
    night(session, 90)
    night(session, 30)
    renewal = desk.handed_in(site, EntryKind.RENEWAL)
    assert [title for _role, title, *_ in waiting(session)] == ["初核机构入库"]
    assert night(session, 29) == 0
    desk.take(renewal, EntryStep.WITHDRAW, desk.own)
    assert night(session, 28) == 1
    assert waiting(session) == [("provider", ASK, False, LAST_DAY)]


def test_a_confirmed_renewal_ends_the_asking_and_the_mark(
    session: Session, desk: Desk, entry: ProviderEntry, site: Site
) -> None:
    late = datetime.combine(LAST_DAY + timedelta(days=5), time(9), SHANGHAI)
    night(session, -1)
    renewal = desk.handed_in(site, EntryKind.RENEWAL)
    desk.take(renewal, EntryStep.CHECK, desk.district, at=late)
    desk.take(renewal, EntryStep.CONFIRM, desk.city, at=late)
    assert [mark for one in (entry, renewal) for mark in one.marks_on(late.date())] == []
    assert night(session, -6) == 0


def test_nobody_is_asked_to_renew_what_is_suspended_or_may_end(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    desk.take(entry, EntryStep.SUSPEND, desk.district, reason="消防整改")
    assert night(session, 30) == 0
    desk.take(entry, EntryStep.RESUME, desk.district, reason="整改完成")
    desk.take(entry, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期")
    assert night(session, 30) == 0
    desk.take(entry, EntryStep.KEEP, desk.city, reason="已找到新场地")
    assert night(session, 29) == 1


def test_without_the_parameter_nobody_is_asked_but_a_lapse_is_told(session: Session) -> None:
    lay_out_terms(session)
    site = make_site(session, make_organisation(session))
    desk = Desk(session, site)
    desk.listed(site)
    assert (night(session, 30), night(session, -1)) == (0, 3)
    assert Role.CITY in {todo.role for todo in session.scalars(sa.select(Todo).where(Todo.title == LAPSED))}
