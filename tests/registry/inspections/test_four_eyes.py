"""Nobody closes an inspection who had a hand in what it found; nobody is told after the day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import SHANGHAI
from registry.errors import InvalidInput, NotAllowed, RequirementUnmet
from registry.inspections.defending import DEFENCE, lapse_defences, last_of_defence
from registry.inspections.models import Inspection, InspectionState
from registry.inspections.operations import Report, SecondLook
from registry.inspections.workflow import InspectionStep
from registry.workflow.clocks import CUT_OFF
from registry.workflow.queries import open_steps
from registry.workflow.reminders import remind
from tests.factories import HUANGPU, NOW, make_account, make_parameter
from tests.inspection_factories import FOUND, RECTIFY_BY, VISIT, VISITED_ON
from tests.registry.inspections.conftest import Field

S = InspectionStep
LAST_OF_DEFENCE = date(2026, 11, 30)
"""Five working days after Monday the 23rd."""


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def third_of_the_district(scene: Field) -> Actor:
    """Somebody who saw nothing of it."""
    scene.actors["third"] = Actor.of(
        make_account(scene.session, Role.DISTRICT, division_code=HUANGPU).positions[0]
    )
    return scene.actors["third"]


@pytest.mark.parametrize("who", ["officer", "colleague"])
def test_whoever_recorded_or_took_out_a_finding_does_not_conclude_that_nothing_was_found(
    scene: Field, who: str
) -> None:
    inspection = scene.record("officer")
    scene.step(inspection, S.ADD_FINDING, "officer", facts=FOUND)
    scene.step(inspection, S.CHANGE_FINDING, "colleague", facts=(1, None))

    with pytest.raises(NotAllowed, match="不能自己结案"):
        scene.step(inspection, S.CONCLUDE, who)
    assert S.CONCLUDE not in {one.step for one in open_steps(scene.session, inspection, scene.actors[who])}
    scene.step(inspection, S.CONCLUDE, "city")
    assert inspection.state is InspectionState.CLOSED


@pytest.mark.parametrize("step", [S.SAVE, S.ADD_FINDING, S.CHANGE_FINDING])
def test_whoever_changed_the_record_does_not_close_it(scene: Field, step: InspectionStep) -> None:
    inspection = scene.record("officer")
    scene.step(inspection, S.ADD_FINDING, "officer", facts=FOUND)
    facts = {
        S.SAVE: VISIT,
        S.ADD_FINDING: FOUND,
        S.CHANGE_FINDING: (1, replace(FOUND, problem="灭火器过期3具")),
    }[step]
    scene.step(inspection, step, "colleague", facts=facts)
    scene.step(inspection, S.NOTIFY, "officer")
    days = {finding.number: VISITED_ON for finding in inspection.findings}
    scene.step(inspection, S.REPORT, "provider", facts=Report(days, "已更换"))
    scene.step(inspection, S.CLEAR, "officer", facts=SecondLook(tuple(days), "已换新"))

    with pytest.raises(NotAllowed, match="不能自己结案"):
        scene.step(inspection, S.CLOSE, "colleague")


def _two_findings(scene: Field) -> Inspection:
    inspection = scene.record("officer")
    for _ in range(2):
        scene.step(inspection, S.ADD_FINDING, "officer", facts=FOUND)
    scene.step(inspection, S.NOTIFY, "officer")
    return inspection


def test_whoever_dropped_a_finding_on_defence_does_not_close_over_it(scene: Field) -> None:
    third_of_the_district(scene)
    inspection = _two_findings(scene)
    scene.step(inspection, S.DEFEND, "provider", facts="不实")
    scene.step(inspection, S.UPHOLD, "third", reason="部分采纳", facts=[1])
    scene.step(inspection, S.REPORT, "provider", facts=Report({2: VISITED_ON}, "已更换"))
    scene.step(inspection, S.CLEAR, "colleague", facts=SecondLook((2,), "好"))

    for who in ("officer", "colleague", "third"):
        with pytest.raises(NotAllowed, match="不能自己结案"):
            scene.step(inspection, S.CLOSE, who)
    scene.step(inspection, S.CLOSE, "city")


def test_whoever_passed_a_finding_on_an_earlier_look_does_not_close(scene: Field) -> None:
    third_of_the_district(scene)
    inspection = _two_findings(scene)
    days = {1: VISITED_ON, 2: VISITED_ON}
    scene.step(inspection, S.REPORT, "provider", facts=Report(days, "已更换"))
    scene.step(inspection, S.SEND_BACK, "third", facts=SecondLook((1,), "一半", RECTIFY_BY))
    scene.step(inspection, S.REPORT, "provider", facts=Report({2: VISITED_ON}, "已更换"))
    scene.step(inspection, S.CLEAR, "colleague", facts=SecondLook((2,), "好"))

    with pytest.raises(NotAllowed, match="不能自己结案"):
        scene.step(inspection, S.CLOSE, "third")


def test_closing_waits_for_the_city_where_all_of_the_district_had_a_hand_in_it(scene: Field) -> None:
    inspection = scene.reported()
    scene.step(inspection, S.CLEAR, "colleague", facts=SecondLook((1,), "已换新"))

    assert [role for role, *_rest in scene.waits_for(inspection)] == [Role.CITY]


@pytest.mark.parametrize("day", [RECTIFY_BY, RECTIFY_BY + timedelta(days=10)])
def test_nobody_is_told_on_or_after_the_day_by_which_he_must_have_put_it_right(
    scene: Field, day: date
) -> None:
    inspection = scene.record()
    scene.step(inspection, S.ADD_FINDING, facts=FOUND)

    with pytest.raises(RequirementUnmet, match="第1条问题的整改期限不晚于今天"):
        scene.step(inspection, S.NOTIFY, at=at(day))
    later = replace(FOUND, rectify_by=day + timedelta(days=1))
    scene.step(inspection, S.CHANGE_FINDING, facts=(1, later), at=at(day))
    scene.step(inspection, S.NOTIFY, at=at(day))
    assert ("整改督导检查发现的问题", later.rectify_by) in {
        (title, due) for _role, title, due, _notice in scene.waits_for(inspection)
    }


def test_a_visit_told_after_its_longest_term_gets_the_term_from_that_day(scene: Field) -> None:
    inspection = scene.record()
    late = VISITED_ON + timedelta(days=90)
    possible = replace(FOUND, rectify_by=late + timedelta(days=90))

    with pytest.raises(InvalidInput, match="最长90天"):
        scene.step(inspection, S.ADD_FINDING, facts=possible, at=at(late - timedelta(days=1)))
    scene.step(inspection, S.ADD_FINDING, facts=possible, at=at(late))
    assert inspection.rectify_by == possible.rectify_by


def test_the_days_of_the_defence_wait_under_a_term_of_their_own_and_are_called_to_mind(
    scene: Field, session: Session
) -> None:
    make_parameter(session, "reminder.workdays", [1])
    inspection = scene.told()

    assert {
        (title, due) for _role, title, due, is_notice in scene.waits_for(inspection) if not is_notice
    } == {
        ("整改督导检查发现的问题", RECTIFY_BY),
        (DEFENCE, LAST_OF_DEFENCE),
    }
    remind(session, on=date(2026, 11, 27), at=at(date(2026, 11, 27)))
    assert {title for _role, title, _due, is_notice in scene.waits_for(inspection) if is_notice} == {DEFENCE}


def test_the_clock_says_the_last_day_of_the_defence_to_the_hour(scene: Field, session: Session) -> None:
    make_parameter(session, CUT_OFF, "17:00")
    inspection = scene.record()
    scene.step(inspection, S.ADD_FINDING, facts=FOUND)
    scene.step(inspection, S.NOTIFY, at=at(date(2026, 11, 27), 18))  # Friday evening: received on Monday
    last = date(2026, 12, 7)

    due = last_of_defence(session, inspection)
    assert due is not None
    assert (due.on, inspection.defend_by) == (last, last)
    with pytest.raises(RequirementUnmet, match="期限到2026-12-07 17:00为止"):
        scene.step(inspection, S.DEFEND, "provider", facts="来不及", at=at(last, 18))
    scene.step(inspection, S.DEFEND, "provider", facts="及时", at=at(last, 16))


def test_a_defence_that_nobody_used_waits_no_longer_and_is_told_to_nobody_above(
    scene: Field, session: Session
) -> None:
    inspection = scene.told()

    assert lapse_defences(session, on=LAST_OF_DEFENCE - timedelta(days=1), at=NOW) == 0
    waiting = len(scene.waits_for(inspection))
    lapsed = lapse_defences(session, on=LAST_OF_DEFENCE, at=NOW)
    assert lapsed > 0
    assert len(scene.waits_for(inspection)) == waiting - lapsed
    assert {title for _role, title, *_rest in scene.waits_for(inspection)} == {"整改督导检查发现的问题"}


def test_a_past_day_reads_as_it_was_before_the_second_look_set_a_new_day(scene: Field) -> None:
    inspection = scene.reported()
    finding, looked_on = inspection.findings[0], RECTIFY_BY + timedelta(days=6)
    look = SecondLook((), "仍有1具过期", date(2026, 12, 31))
    scene.step(inspection, S.SEND_BACK, facts=look, at=at(looked_on))
    day_before = looked_on - timedelta(days=1)

    assert finding.is_overdue_on(day_before)
    assert not finding.is_overdue_on(looked_on)
    before, after = finding.attempt_on(day_before), finding.attempt_on(looked_on)
    assert (before.rectify_by, before.rectified_on) == (RECTIFY_BY, VISITED_ON)
    assert (after.rectify_by, after.rectified_on) == (date(2026, 12, 31), None)


def test_every_second_look_that_failed_leaves_its_day(scene: Field, session: Session) -> None:
    inspection = scene.told()
    days = [date(2026, 12, 20), date(2026, 12, 30), date(2027, 1, 10)]
    for new_day in days:
        looked = at(new_day - timedelta(days=5))
        done = Report({1: VISITED_ON}, "已更换")
        scene.step(inspection, S.REPORT, "provider", facts=done, at=looked)
        scene.step(inspection, S.SEND_BACK, facts=SecondLook((), "未改", new_day), at=looked)
    session.expire_all()

    finding = inspection.findings[0]
    asked = [date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 25), date(2027, 1, 5)]
    assert [finding.attempt_on(day).rectify_by for day in asked] == [RECTIFY_BY, *days]
