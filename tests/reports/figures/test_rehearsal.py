"""预演: what is rehearsed is what is read once it is published, in made-up worlds too."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.divisions.codes import Level
from registry.errors import RequirementUnmet
from registry.majors.models import MajorChange, MajorDeed
from registry.majors.operations import Line
from registry.majors.workflow import MajorChangeStep
from registry.policy.models import FigureSnapshot, SnapshotKind
from registry.policy.operations import freeze_divisions
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import Reading, share
from reports.figures.rehearsal import Rehearsal, Shift, rehearse
from reports.figures.shares import Verdict
from reports.figures.snapshots import readings_on
from tests.factories import (
    NOW,
    make_education,
    make_major,
    make_post,
    make_practitioner,
    make_provider,
    make_staff,
)
from tests.majors_factories import Bureau, addition, make_bureau, switch
from tests.reports.figures.oracle import Oracle
from tests.reports.figures.test_properties import KEPT, build, rules, worlds
from tests.reports.figures.worlds import (
    ASSIGNED,
    CITY,
    HUANGPU,
    ON,
    STREET,
    XUHUI,
    XUHUI_STREET,
    lay_out_city,
)

SOCIOLOGY = "030301"


@pytest.fixture
def bureau(session: Session) -> Bureau:
    lay_out_city(session)
    make_major(session, code=SOCIOLOGY, name="社会学", counts=False)
    return make_bureau(session)


def rehearsed(session: Session, change: MajorChange, division: str = CITY, on: date = ON) -> Rehearsal:
    return rehearse(session, change, division=division, on=on, rule=ASSIGNED)


def pair(shift: Shift) -> tuple[tuple[int, int], tuple[int, int]]:
    before, after = shift.before, shift.after
    return (before.numerator, before.denominator), (after.numerator, after.denominator)


def sociologists(session: Session, site, count: int) -> list[str]:
    people = [make_practitioner(session) for _ in range(count)]
    for person in people:
        make_post(session, person, site)
        make_education(session, person, major_code=SOCIOLOGY, major_name="社会学")
    return [person.person_no for person in people]


def test_a_rehearsal_names_whose_verdict_turns_whose_share_changes_and_who_is_behind_it(
    session: Session, bureau: Bureau
):
    turning = make_provider(session, division_code=STREET, name="甲中心")
    make_staff(session, turning, qualified=2, other=7)
    (newcomer,) = sociologists(session, turning, 1)
    rising = make_provider(session, division_code=XUHUI_STREET, name="乙中心")
    make_staff(session, rising, qualified=0, other=9)
    sociologists(session, rising, 1)
    still = make_provider(session, division_code=XUHUI_STREET, name="丙中心")
    make_staff(session, still, qualified=1, other=1)

    result = rehearsed(session, bureau.draw_up(valid_from=ON))

    assert [(one.name, pair(one)) for one in result.institutions] == [
        ("甲中心", ((2, 10), (3, 10))),
        ("乙中心", ((0, 10), (1, 10))),
    ]
    assert [one.name for one in result.turning] == ["甲中心"]
    assert result.turning[0].after.verdict is Verdict.MET
    assert pair(result.total) == ((3, 22), (5, 22))
    assert {one.code: pair(one) for one in result.divisions} == {
        HUANGPU: ((2, 10), (3, 10)),
        XUHUI: ((1, 12), (2, 12)),
    }
    (person,) = result.people[turning.organisation.code]
    assert (person.who.person_no, person.who.gains) == (newcomer, True)
    assert [one.major_code for one in person.studied] == [SOCIOLOGY]


def test_switching_off_takes_people_away_and_a_second_diploma_keeps_them(session: Session, bureau: Bureau):
    site = make_provider(session, division_code=STREET)
    lost, kept = make_staff(session, site, qualified=2, other=0)
    make_major(session, code="071101", name="心理学")
    make_education(session, kept, major_code="071101", major_name="心理学")

    result = rehearsed(session, bureau.draw_up(switch("030302", MajorDeed.SWITCH_OFF), valid_from=ON))

    assert [pair(one) for one in result.institutions] == [((2, 2), (1, 2))]
    (people,) = result.people.values()
    assert [(one.who.person_no, one.who.gains) for one in people] == [(lost.person_no, False)]


def test_before_its_day_a_change_does_nothing(session: Session, bureau: Bureau):
    sociologists(session, make_provider(session, division_code=STREET), 1)
    change = bureau.draw_up(valid_from=date(2027, 1, 1))

    assert rehearsed(session, change, on=date(2026, 12, 31)).institutions == ()
    assert len(rehearsed(session, change, on=date(2027, 1, 1)).institutions) == 1


def test_a_rehearsal_speaks_of_its_division_alone(session: Session, bureau: Bureau):
    sociologists(session, make_provider(session, division_code=STREET), 1)
    sociologists(session, make_provider(session, division_code=XUHUI_STREET), 1)

    result = rehearsed(session, bureau.draw_up(valid_from=ON), division=HUANGPU)

    assert len(result.institutions) == 1
    assert pair(result.total) == ((0, 1), (1, 1))


def test_what_can_not_be_published_any_more_can_not_be_rehearsed(session: Session, bureau: Bureau):
    change = bureau.draw_up(valid_from=ON)
    bureau.publish(valid_from=ON)

    with pytest.raises(RequirementUnmet):
        rehearsed(session, change)


def test_a_signed_verdict_stays_what_it_was_when_the_past_is_changed(session: Session, bureau: Bureau):
    sociologists(session, make_provider(session, division_code=STREET), 1)
    frozen_on = date(2025, 12, 31)
    readings = readings_on(session, QUALIFIED_SHARE, ASSIGNED, frozen_on, division=CITY)
    freeze_divisions(session, readings, at=NOW, by="测试")

    bureau.publish(valid_from=date(2025, 1, 1), is_backdated=True)

    kept = session.query(FigureSnapshot).filter_by(division_code=CITY, kind=SnapshotKind.FROZEN).one()
    assert (kept.numerator, kept.denominator) == (0, 1)
    live = share(session, QUALIFIED_SHARE, division=CITY, on=frozen_on, rule=ASSIGNED)
    assert (live.share.numerator, live.share.denominator) == (1, 1)


DEEDS = {
    "030302": (MajorDeed.SWITCH_OFF, MajorDeed.END),
    "101005": (MajorDeed.SWITCH_OFF, MajorDeed.END),
    "100201K": (MajorDeed.SWITCH_ON, MajorDeed.END),
}


FEW = settings(KEPT, max_examples=12)
WATCHED = (CITY, HUANGPU, STREET)


@pytest.fixture
def colleagues(session: Session) -> Bureau:
    """The list of majors that the made-up worlds study by, and who changes it."""
    lay_out_city(session)
    make_major(session, code="101005", name="康复治疗学", valid_from=date(2023, 1, 1))
    make_major(session, code="100201K", counts=False)
    return make_bureau(session)


def random_lines(dice: Random) -> tuple[Line, ...]:
    lines = [switch(code, dice.choice(deeds)) for code, deeds in DEEDS.items() if dice.random() < 0.6]
    if not lines or dice.random() < 0.4:
        lines.append(addition("050101", counts=dice.random() < 0.8))
    return tuple(lines)


def parts_of(reading: Reading) -> dict[str, tuple[int, int, Verdict]]:
    return {
        one.code: (one.share.numerator, one.share.denominator, one.share.verdict) for one in reading.parts
    }


def foretold(session: Session, result: Rehearsal, division: str, on: date, rule) -> None:
    """Asserts that what is read now is what the rehearsal foretold."""
    institutions = parts_of(
        share(session, QUALIFIED_SHARE, division=division, on=on, rule=rule, by=Level.SITE)
    )
    for shift in result.institutions:
        after = (shift.after.numerator, shift.after.denominator, shift.after.verdict)
        assert institutions[shift.code] == after
    whole = share(session, QUALIFIED_SHARE, division=division, on=on, rule=rule)
    assert (whole.share.numerator, whole.share.denominator) == pair(result.total)[1]
    for shift in result.divisions:
        assert parts_of(whole)[shift.code][:2] == pair(shift)[1]


@FEW
@given(worlds, st.integers(0, 400), rules)
def test_what_was_rehearsed_is_read_once_it_is_published(
    session: Session, colleagues: Bureau, seed: int, ahead: int, rule
) -> None:
    """In made-up worlds, against the readings of the product and against the oracle, which knows nothing of either."""
    with session.begin_nested() as savepoint:
        dice, on = Random(seed), date(2024, 2, 1) + timedelta(days=ahead)
        build(session, dice)
        change = colleagues.draw_up(*random_lines(dice), valid_from=date(2024, 3, 1), is_backdated=True)
        before = {place: everything(session, place, on, rule) for place in WATCHED}
        results = {place: rehearse(session, change, division=place, on=on, rule=rule) for place in WATCHED}

        colleagues.take(change, MajorChangeStep.SUBMIT, colleagues.maker)
        colleagues.take(change, MajorChangeStep.PUBLISH, colleagues.colleague)

        oracle = Oracle(lambda sql: session.connection().exec_driver_sql(sql).fetchall())
        for place, result in results.items():
            foretold(session, result, place, on, rule)
            after = everything(session, place, on, rule)
            changed = {code for code, facts in after.items() if facts != before[place][code]}
            assert {one.code for one in result.institutions} == changed
            assert pair(result.total)[1] == oracle.pooled(place, on.isoformat(), rule=str(rule.code))
            for one in result.institutions:
                assert gain(result, one.code) == one.after.numerator - one.before.numerator
        savepoint.rollback()


def everything(session: Session, place: str, on: date, rule) -> dict[str, tuple[int, int, Verdict]]:
    return parts_of(share(session, QUALIFIED_SHARE, division=place, on=on, rule=rule, by=Level.SITE))


def gain(result: Rehearsal, code: str) -> int:
    """The people behind a change, those who come less those who go."""
    return sum(1 if one.who.gains else -1 for one in result.people.get(code, ()))
