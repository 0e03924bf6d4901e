"""Monthly readings, and the frozen one beside the live one."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from registry.policy.operations import freeze_divisions
from registry.workforce.counting import Place
from reports.figures.definitions import CERTIFIED_SHARE, QUALIFIED_SHARE
from reports.figures.shares import Verdict
from reports.figures.snapshots import readings_on
from reports.figures.trend import reading_days, trend
from reports.figures.year_end import assessment
from tests.factories import NOW, make_post, make_practitioner, make_provider, make_staff, make_target
from tests.reports.figures.worlds import ASSIGNED, CITY, HUANGPU, ON, lay_out_city

YEAR_END = date(2025, 12, 31)


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


def test_readings_are_made_at_the_end_of_each_month_and_on_the_day_itself() -> None:
    days = reading_days(date(2026, 11, 23))

    assert (days[0], days[1], days[-2], days[-1]) == (
        date(2023, 1, 31),
        date(2023, 2, 28),
        date(2026, 10, 31),
        date(2026, 11, 23),
    )
    assert len(days) == 47
    assert YEAR_END in days


def test_a_day_that_ends_a_month_is_read_once() -> None:
    assert reading_days(date(2023, 2, 28)) == [date(2023, 1, 31), date(2023, 2, 28)]
    assert reading_days(date(2022, 5, 5)) == [date(2022, 5, 5)]


def test_a_person_who_comes_and_goes_shows_in_the_months_between(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=1)
    make_post(session, make_practitioner(session), site, start_on=date(2023, 2, 28), end_on=date(2023, 4, 30))

    points = trend(session, QUALIFIED_SHARE, place=Place(CITY), on=date(2023, 5, 10), rule=ASSIGNED)

    assert [(point.on.month, point.share.numerator, point.share.denominator) for point in points] == [
        (1, 1, 2),
        (2, 1, 3),
        (3, 1, 3),
        (4, 1, 2),
        (5, 1, 2),
    ]


def test_a_trend_takes_three_statements(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=2, other=2)
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *said: statements.append(said[2]))

    trend(session, QUALIFIED_SHARE, place=Place(CITY), on=ON, rule=ASSIGNED)

    assert len(statements) == 3


def test_a_month_is_judged_by_the_target_of_its_time(session: Session) -> None:
    make_target(
        session, valid_from=date(2026, 1, 1), numerator=1, denominator=2, assessed_on=date(2030, 12, 31)
    )
    make_staff(session, make_provider(session), qualified=2, other=3)

    points = trend(session, QUALIFIED_SHARE, place=Place(CITY), on=ON, rule=ASSIGNED)

    verdicts = {point.on: point.share.verdict for point in points}
    assert (verdicts[YEAR_END], verdicts[ON]) == (Verdict.MET, Verdict.NOT_MET)


def test_the_frozen_verdict_stays_when_the_rows_behind_it_change(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=2, other=8)
    freeze_divisions(session, readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END), at=NOW, by="test")
    make_staff(session, site, qualified=9, other=0)

    frozen = assessment(session, QUALIFIED_SHARE, division=CITY, on=ON, rule=ASSIGNED)

    assert frozen is not None
    assert (frozen.on, frozen.frozen_at, frozen.share.numerator, frozen.share.denominator) == (
        YEAR_END,
        NOW,
        2,
        10,
    )
    assert frozen.share.verdict is Verdict.NOT_MET


def test_without_a_snapshot_the_year_end_is_worked_out_and_says_so(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=3, other=7)

    worked_out = assessment(session, QUALIFIED_SHARE, division=HUANGPU, on=ON, rule=ASSIGNED)

    assert worked_out is not None
    assert (worked_out.frozen_at, worked_out.share.numerator, worked_out.share.denominator) == (None, 3, 10)


def test_a_verdict_is_judged_by_the_target_that_was_frozen_with_it(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=3, other=7)
    freeze_divisions(session, readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END), at=NOW, by="test")
    make_target(
        session,
        division_code=HUANGPU,
        numerator=1,
        denominator=2,
        valid_from=date(2025, 1, 1),
        assessed_on=YEAR_END,
    )

    frozen = assessment(session, QUALIFIED_SHARE, division=HUANGPU, on=ON, rule=ASSIGNED)

    assert frozen is not None
    assert frozen.share.verdict is Verdict.MET


def test_before_the_day_of_assessment_and_without_a_target_there_is_none(session: Session) -> None:
    early = date(2025, 6, 30)

    assert assessment(session, QUALIFIED_SHARE, division=CITY, on=early, rule=ASSIGNED) is None
    assert assessment(session, CERTIFIED_SHARE, division=CITY, on=ON, rule=ASSIGNED) is None


def test_snapshots_hold_every_division_with_a_provider(session: Session) -> None:
    make_staff(session, make_provider(session), qualified=3, other=7)

    kept = readings_on(session, QUALIFIED_SHARE, ASSIGNED, YEAR_END, division=CITY)

    assert [one.division_code for one in kept] == ["31", "3101", "310101", "310101002"]
    assert {
        (one.numerator, one.denominator, one.target_numerator, one.target_denominator) for one in kept
    } == {(3, 10, 3, 10)}
