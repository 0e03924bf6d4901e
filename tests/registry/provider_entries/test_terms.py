"""The days of an entry: the defence ends on one day wherever it is asked, and a check that is taken back gains none."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import SHANGHAI
from registry.errors import RequirementUnmet
from registry.organisations.models import Site
from registry.policy.models import CalendarDay
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.operations import defence_until
from registry.provider_entries.queries import people_in_post
from registry.provider_entries.questions import papers_are_valid
from registry.provider_entries.workflow import EntryStep
from registry.station_filings.workflow import FilingStep
from registry.workflow.clocks import CUT_OFF
from registry.workflow.models import Todo
from tests.entry_factories import Desk, lay_out_terms, make_entry, make_filing, make_station
from tests.factories import make_organisation, make_parameter, make_post, make_practitioner, make_site

FRIDAY_EVENING = datetime(2026, 11, 27, 18, 0, tzinfo=SHANGHAI)


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_site(session, make_organisation(session))


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site)


@pytest.fixture
def told(session: Session, desk: Desk, site: Site) -> ProviderEntry:
    """Given notice on a Friday evening, after the cut-off, with five working days for its case."""
    make_parameter(session, CUT_OFF, "17:00")
    return desk.take(desk.listed(site), EntryStep.NOTIFY, desk.district, reason="拟退出", at=FRIDAY_EVENING)


def in_inbox(session: Session, title: str) -> date | None:
    found = sa.select(Todo.due_on).where(Todo.title == title, Todo.closed_at.is_(None))
    return session.scalars(found).one()


def test_the_record_the_inbox_and_the_trail_name_one_last_day_of_the_defence(
    session: Session, told: ProviderEntry
) -> None:
    monday_after = date(2026, 12, 7)
    assert defence_until(session, told) == monday_after
    assert in_inbox(session, "就拟退出告知陈述申辩") == monday_after
    kept = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert kept is not None
    assert kept.facts["defence_until"] == "2026-12-07"


@pytest.mark.parametrize("day", [date(2026, 12, 5), date(2026, 12, 7)])
def test_nobody_is_removed_before_the_last_day_is_over(desk: Desk, told: ProviderEntry, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
    with pytest.raises(RequirementUnmet, match="陈述申辩期到2026-12-07为止"):
        desk.take(told, EntryStep.REMOVE, desk.city, reason="退出", at=at)
    desk.take(told, EntryStep.REMOVE, desk.city, reason="退出", at=datetime(2026, 12, 8, 9, tzinfo=SHANGHAI))
    assert told.state is EntryState.LEFT


def test_a_holiday_that_is_published_meanwhile_counts(
    session: Session, desk: Desk, told: ProviderEntry
) -> None:
    day = date(2026, 12, 7)
    session.add(CalendarDay(day=day, is_workday=False, name="示例假日", source="示例通知"))
    session.flush()
    assert defence_until(session, told) == date(2026, 12, 8)
    with pytest.raises(RequirementUnmet, match="2026-12-08"):
        desk.take(
            told, EntryStep.REMOVE, desk.city, reason="退出", at=datetime(2026, 12, 8, 9, tzinfo=SHANGHAI)
        )


@pytest.mark.parametrize("kind", ["entry", "filing"])
def test_a_first_check_that_is_taken_back_goes_on_with_its_old_term(session: Session, kind: str) -> None:
    lay_out_terms(session)
    is_entry = kind == "entry"
    site = make_site(session, make_organisation(session)) if is_entry else make_station(session)
    desk = Desk(session, site, Role.PROVIDER if is_entry else Role.STATION)
    steps: Any = EntryStep if is_entry else FilingStep
    record = (make_entry if is_entry else make_filing)(session, site)
    checker = desk.district if is_entry else desk.street
    check = steps.CHECK if is_entry else steps.REPORT
    title = "初核机构入库" if is_entry else "上报建站备案"
    handed_in = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
    desk.take(record, steps.SUBMIT, desk.own, at=handed_in)
    assert in_inbox(session, title) == date(2026, 11, 30)

    for days in (3, 14, 21):  # in time, late, and later still
        desk.take(record, check, checker, at=handed_in + timedelta(days=days))
        desk.take(record, steps.TAKE_BACK, checker, at=handed_in + timedelta(days=days))
        assert in_inbox(session, title) == date(2026, 11, 30)

    desk.take(record, steps.RETURN, checker, reason="补正", at=handed_in + timedelta(days=21))
    desk.take(record, steps.SUBMIT, desk.own, at=handed_in + timedelta(days=28))
    assert in_inbox(session, title) == date(2026, 12, 21)  # no day was left


def test_the_day_of_the_hand_in_is_shanghais(session: Session, site: Site) -> None:
    at = datetime(2026, 11, 24, 7, 30, tzinfo=SHANGHAI)  # the 23rd in UTC
    make_post(session, make_practitioner(session), site, start_on=date(2026, 11, 24))
    entry = make_entry(session, site, state=EntryState.SUBMITTED, submitted_at=at)
    assert people_in_post(session, entry) == 1
    expired = papers_are_valid(session, entry, {"licence_until": date(2026, 11, 23)})
    assert [finding.key for finding in expired] == ["licence_until"]
