"""The designed cases of docs/demonstration.md as the outlook and the plan tell them; expected values are by hand."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.workforce.counting import Basis, Place
from reports.figures.cheapest import Weights
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.outlook import Forecast, Outlook
from reports.figures.plans import (
    InstitutionPath,
    StepKind,
    Totals,
    path_as_a_whole,
    path_of_institutions,
)
from reports.figures.readings import share
from reports.figures.roster import Roster, roster
from tests.reports.figures.oracle import Oracle
from tests.reports.figures.worlds import ASSIGNED, CITY, HUANGPU, ON

JINGAN, XUHUI, MINHANG = "310106", "310104", "310112"
EQUAL = Weights()


def people_of(session: Session, division: str, on: date = ON, basis: Basis = Basis.TODAY) -> Roster:
    return roster(session, QUALIFIED_SHARE, place=Place(division, basis), on=on, rule=ASSIGNED)


def outlook_of(session: Session, name: str, division: str) -> Outlook:
    people = people_of(session, division)
    key = next(
        spell.employer.id
        for spells in people.spells.values()
        for spell in spells
        if spell.employer.name == name
    )
    return Forecast(session, people, QUALIFIED_SHARE.code).of_institutions()[key]


def path_of(session: Session, name: str, division: str, weights: Weights = EQUAL) -> InstitutionPath:
    path = path_of_institutions(people_of(session, division), weights)
    return next(one for one in path.institutions if one.employer.name == name)


def told(path: InstitutionPath) -> list[tuple[StepKind, int, int, int]]:
    """Each step with what it leads to."""
    return [(step.kind, step.number, step.after.numerator, step.after.denominator) for step in path.steps]


def test_huangpu_nuanyang_is_one_person_short(demo_session: Session) -> None:
    name = "黄浦暖阳社区康复服务中心（示例）"

    path = path_of(demo_session, name, HUANGPU)

    assert told(path) == [(StepKind.CHECK, 1, 6, 17)]
    assert [person.name for person in path.steps[0].people] == ["刘卫东", "范春梅"]


def test_jingan_chunhui_falls_to_three_of_twelve_next_month(demo_session: Session) -> None:
    outlook = outlook_of(demo_session, "静安春晖社区康复服务中心（示例）", JINGAN)

    assert outlook.falls is not None
    assert outlook.falls.on == date(2026, 12, 15)
    assert (outlook.falls.share.numerator, outlook.falls.share.denominator) == (3, 12)
    assert [change.person.name for change in outlook.falls.causes] == ["高秀英"]


def test_minhang_qihang_is_met_once_the_diploma_of_zhou_huimin_is_verified(demo_session: Session) -> None:
    path = path_of(demo_session, "闵行启航辅助就业工场（示例）", MINHANG)

    assert told(path) == [(StepKind.CHECK, 1, 3, 9)]
    assert [person.name for person in path.steps[0].people] == ["周慧敏"]


def test_huangpu_needs_three_checks_or_eleven_steps_for_each_institution(
    demo_session: Session,
) -> None:
    """26 of 95: 29 are needed. Of nine institutions 1/16, 1/13, 5/17, 0/2 and 0/4 fall short, by 4, 3, 1, 1 and 2."""
    people = people_of(demo_session, HUANGPU)

    whole, every = path_as_a_whole(people, EQUAL), path_of_institutions(people, EQUAL)

    assert (whole.share.numerator, whole.share.denominator) == (26, 95)
    assert (whole.totals, whole.unchecked) == (Totals(3, 0, 0), Totals(0, 3, 0))
    assert [(step.after.numerator, step.after.denominator) for step in whole.steps] == [(29, 95)]
    assert (every.totals, every.unchecked) == (Totals(2, 9, 0), Totals(0, 11, 0))
    assert (every.pooled_after.numerator, every.pooled_after.denominator) == (37, 95)
    assert every.is_proven


def test_minhang_reaches_the_target_by_checks_alone(demo_session: Session) -> None:
    """22 of 110: 33 are needed, and more than eleven diplomas are on their way."""
    whole = path_as_a_whole(people_of(demo_session, MINHANG), EQUAL)

    assert (whole.totals, whole.unchecked) == (Totals(11, 0, 0), Totals(0, 11, 0))


def test_who_works_in_two_places_is_one_person_of_both(demo_session: Session) -> None:
    """马睿 counts in 静安 and in 徐汇, 蒋文静 is staff of two institutions of 徐汇 and would count for both."""
    city, xuhui = people_of(demo_session, CITY).staff(), people_of(demo_session, XUHUI)

    shared = {
        xuhui.person(person).name: [employer.name for employer in employers]
        for person, employers in xuhui.staff().items()
        if len(employers) > 1
    }

    assert shared == {"蒋文静": ["徐汇晴空日间照料康复中心（示例）", "徐汇知行社区康复服务中心（示例）"]}
    assert len(city) == 1576
    assert sum(len(employers) for employers in city.values()) == 1578


@pytest.mark.parametrize("division", [HUANGPU, MINHANG, CITY])
def test_every_institution_of_a_path_reaches_the_target_in_its_last_step(
    demo_session: Session, division: str
) -> None:
    path = path_of_institutions(people_of(demo_session, division), EQUAL)
    reading = share(demo_session, QUALIFIED_SHARE, division=division, on=ON, rule=ASSIGNED)

    assert len(path.institutions) == reading.institutions.missed
    for one in path.institutions:
        last = one.steps[-1].after
        assert 10 * last.numerator >= 3 * last.denominator


@given(
    on=st.dates(date(2023, 1, 1), ON),
    district=st.sampled_from(["310101", "310106", "310110", "310115"]),
    basis=st.sampled_from(Basis),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_day_equals_the_reading_of_that_day(
    demo_session: Session, on: date, district: str, basis: Basis
) -> None:
    people = people_of(demo_session, district, on, basis)
    turns = Forecast(demo_session, people, QUALIFIED_SHARE.code).of_place().turns

    for turn in turns[:: max(1, len(turns) // 4)]:
        reading = share(
            demo_session, QUALIFIED_SHARE, division=district, on=turn.on, rule=ASSIGNED, basis=basis
        )
        assert turn.share == reading.share


def test_the_outlook_of_three_years_ago_equals_the_oracle(demo_session: Session) -> None:
    connection = demo_session.connection()
    oracle = Oracle(lambda sql: connection.exec_driver_sql(sql).fetchall())

    people = people_of(demo_session, HUANGPU, date(2023, 1, 1))
    turns = Forecast(demo_session, people, QUALIFIED_SHARE.code).of_place().turns

    assert len(turns) > 20
    for turn in turns:
        found = (turn.share.numerator, turn.share.denominator)
        assert found == oracle.pooled(HUANGPU, turn.on.isoformat())
