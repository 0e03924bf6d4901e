"""An inspection runs from the visit to its closing by another officer; each refusal says what to do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Account, Role
from registry.access.rules import may, readable
from registry.actions import Action
from registry.audit.models import AuditEntry
from registry.errors import (
    InvalidInput,
    NotAllowed,
    NotVisible,
    ReasonMissing,
    RequirementUnmet,
    StepNotOpen,
)
from registry.inspections.models import Inspection, InspectionState, Outcome
from registry.inspections.operations import Report, SecondLook
from registry.inspections.queries import told_by
from registry.inspections.workflow import InspectionStep
from registry.workflow.models import Todo
from tests.factories import NOW, make_organisation, make_site
from tests.inspection_factories import FOUND, RECTIFY_BY, VISITED_ON, make_finding
from tests.registry.inspections.conftest import Field

LATE = NOW + timedelta(days=60)


def test_a_visit_is_recorded_told_put_right_looked_at_again_and_closed(scene: Field) -> None:
    inspection = scene.cleared()

    scene.step(inspection, InspectionStep.CLOSE, "colleague")

    assert inspection.state is InspectionState.CLOSED
    assert inspection.closed_at == NOW
    assert [finding.outcome for finding in inspection.findings] == [Outcome.PASSED]
    actions = scene.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_type == "inspection").order_by(AuditEntry.id)
    )
    assert list(actions) == [
        f"inspection.{step}" for step in ("record", "add_finding", "notify", "report", "clear", "close")
    ]


def test_whoever_looked_last_does_not_close(scene: Field) -> None:
    inspection = scene.cleared()

    with pytest.raises(NotAllowed, match="不能自己结案"):
        scene.step(inspection, InspectionStep.CLOSE, "officer")


def test_closing_waits_for_the_nearest_officer_who_may(scene: Field) -> None:
    inspection = scene.cleared()

    assert [(role, notice) for role, _title, _due, notice in scene.waits_for(inspection)] == [
        (Role.DISTRICT, False)
    ]


def test_closing_waits_for_the_city_where_the_district_has_one_officer(scene: Field) -> None:
    colleague = scene.session.get_one(Account, scene.actors["colleague"].account_id)
    colleague.positions[0].ended_on = date(2026, 1, 1)

    inspection = scene.cleared()

    assert [role for role, *_rest in scene.waits_for(inspection)] == [Role.CITY]


def test_the_provider_is_waited_for_until_the_first_day_of_its_findings(scene: Field) -> None:
    inspection = scene.record()
    for day in (date(2026, 12, 20), RECTIFY_BY):
        scene.step(inspection, InspectionStep.ADD_FINDING, facts=replace(FOUND, rectify_by=day))
    scene.step(inspection, InspectionStep.NOTIFY)

    assert ("整改督导检查发现的问题", RECTIFY_BY) in [
        (title, due) for _role, title, due, _notice in scene.waits_for(inspection)
    ]


def test_the_days_of_the_defence_are_working_days(scene: Field) -> None:
    assert scene.told().defend_by == date(2026, 11, 30)  # five working days after Monday the 23rd


def test_a_defence_waits_for_the_officer_and_is_answered(scene: Field) -> None:
    inspection = scene.told()

    scene.step(inspection, InspectionStep.DEFEND, "provider", facts="已于检查当日送检")
    assert inspection.state is InspectionState.DEFENDED
    scene.step(inspection, InspectionStep.UPHOLD, reason="送检单日期在检查之后")

    assert inspection.state is InspectionState.RECTIFYING
    assert inspection.defence == "已于检查当日送检"


def test_nobody_defends_after_the_last_day(scene: Field) -> None:
    inspection = scene.told()

    with pytest.raises(RequirementUnmet, match="期限到2026-11-30为止"):
        scene.step(inspection, InspectionStep.DEFEND, "provider", at=LATE, facts="来不及")


def test_an_accepted_defence_drops_every_finding_and_is_closed_by_another(scene: Field) -> None:
    inspection = scene.told()
    scene.step(inspection, InspectionStep.DEFEND, "provider", facts="不是本机构的灭火器")
    scene.step(inspection, InspectionStep.ACCEPT_DEFENCE, reason="经核实属物业")

    with pytest.raises(NotAllowed):
        scene.step(inspection, InspectionStep.CLOSE, "officer")
    scene.step(inspection, InspectionStep.CLOSE, "city")

    assert inspection.standing == ()
    assert inspection.findings[0].outcome is Outcome.DROPPED


def test_upholding_may_drop_some_findings_but_not_all(scene: Field) -> None:
    inspection = scene.record()
    for _ in range(2):
        scene.step(inspection, InspectionStep.ADD_FINDING, facts=FOUND)
    scene.step(inspection, InspectionStep.NOTIFY)
    scene.step(inspection, InspectionStep.DEFEND, "provider", facts="第一条不属实")

    with pytest.raises(RequirementUnmet, match="采纳申辩"):
        scene.step(inspection, InspectionStep.UPHOLD, reason="核实", facts=[1, 2])
    scene.step(inspection, InspectionStep.UPHOLD, reason="核实", facts=[1])

    assert [finding.number for finding in inspection.open_findings] == [2]


def test_what_was_not_put_right_gets_a_new_day_and_goes_back(scene: Field) -> None:
    inspection = scene.reported()
    new_day = date(2026, 12, 31)

    scene.step(inspection, InspectionStep.SEND_BACK, facts=SecondLook((), "仍有1具过期", new_day))

    finding = inspection.findings[0]
    assert (finding.outcome, finding.rectify_by, finding.rectified_on) == (Outcome.FAILED, new_day, None)
    assert scene.waits_for(inspection)[0][2] == new_day


@pytest.mark.parametrize("day", [None, NOW.date(), NOW.date() + timedelta(days=400)])
def test_sending_back_asks_for_a_day_that_is_possible(scene: Field, day: date | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        scene.step(scene.reported(), InspectionStep.SEND_BACK, facts=SecondLook((), "未整改", day))

    assert refused.value.field == "rectify_by"


def test_sending_back_what_all_passed_is_refused(scene: Field) -> None:
    with pytest.raises(RequirementUnmet, match="复查合格"):
        scene.step(scene.reported(), InspectionStep.SEND_BACK, facts=SecondLook((1,), "好", RECTIFY_BY))


def test_a_visit_without_findings_is_closed_by_somebody_who_did_not_record_it(scene: Field) -> None:
    inspection = scene.record()

    with pytest.raises(NotAllowed):
        scene.step(inspection, InspectionStep.CONCLUDE, "officer")
    scene.step(inspection, InspectionStep.CONCLUDE, "colleague")

    assert inspection.state is InspectionState.CLOSED
    assert [title for _role, title, *_rest in scene.waits_for(inspection)] == [
        "督导检查未发现问题，请知悉",
        "督导检查未发现问题，请知悉",
    ]


def test_nobody_is_told_of_nothing_and_nothing_is_closed_over_findings(scene: Field) -> None:
    empty, full = scene.record(), scene.record()
    scene.step(full, InspectionStep.ADD_FINDING, facts=FOUND)

    with pytest.raises(RequirementUnmet, match="还没有登记问题"):
        scene.step(empty, InspectionStep.NOTIFY)
    with pytest.raises(RequirementUnmet, match="已登记问题"):
        scene.step(full, InspectionStep.CONCLUDE, "colleague")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"visited_on": date(2026, 11, 24)}, "visited_on"),
        ({"visited_on": date(2019, 1, 1)}, "visited_on"),
        ({"inspectors": ("王示例",)}, "inspectors"),
        ({"inspectors": ("王示例", "王示例")}, "inspectors"),
    ],
)
def test_what_cannot_be_of_a_visit_is_refused(scene: Field, facts: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        scene.record(**facts)

    assert refused.value.field == field


def test_a_visit_is_to_a_site_of_the_organisation(scene: Field) -> None:
    strange = make_site(scene.session, make_organisation(scene.session))

    with pytest.raises(InvalidInput) as refused:
        scene.record(site=strange)

    assert refused.value.field == "site"


@pytest.mark.parametrize("day", [VISITED_ON, VISITED_ON + timedelta(days=91)])
def test_a_finding_is_put_right_after_the_visit_and_within_the_longest_term(scene: Field, day: date) -> None:
    inspection = scene.record()

    with pytest.raises(InvalidInput) as refused:
        scene.step(inspection, InspectionStep.ADD_FINDING, facts=replace(FOUND, rectify_by=day))

    assert refused.value.field == "rectify_by"


def test_a_draft_finding_is_changed_and_taken_out(scene: Field) -> None:
    inspection = scene.record()
    scene.step(inspection, InspectionStep.ADD_FINDING, facts=FOUND)
    scene.step(inspection, InspectionStep.CHANGE_FINDING, facts=(1, replace(FOUND, problem="灭火器过期3具")))
    assert inspection.findings[0].problem == "灭火器过期3具"

    scene.step(inspection, InspectionStep.CHANGE_FINDING, facts=(1, None))

    assert inspection.findings == []
    with pytest.raises(RequirementUnmet, match="已被删除"):
        scene.step(inspection, InspectionStep.CHANGE_FINDING, facts=(1, FOUND))


@pytest.mark.parametrize("days", [{}, {1: VISITED_ON - timedelta(days=1)}, {1: date(2026, 11, 24)}])
def test_a_report_names_a_day_for_each_finding(scene: Field, days: dict[int, date]) -> None:
    with pytest.raises(InvalidInput) as refused:
        scene.step(scene.told(), InspectionStep.REPORT, "provider", facts=Report(days, "已整改"))

    assert refused.value.field == "rectified_1"


def test_withdrawing_a_draft_asks_for_a_reason_and_is_over_once_told(scene: Field) -> None:
    with pytest.raises(ReasonMissing):
        scene.step(scene.record(), InspectionStep.WITHDRAW)
    with pytest.raises(StepNotOpen):
        scene.step(scene.told(), InspectionStep.WITHDRAW, reason="记错了机构")


def test_the_lines_of_two_visits_to_one_place_tell_day_and_problems(scene: Field) -> None:
    told, draft = scene.told(), scene.record(visited_on=date(2026, 11, 17))
    first = scene.session.scalar(sa.select(Todo.subject_name).where(Todo.subject_id == told.id))
    assert told.line == first == f"{told.place}（2026-11-16检查，第1条问题）"
    assert draft.line == f"{told.place}（2026-11-17检查）"
    told.findings.extend(make_finding(number=number) for number in range(2, 8))
    assert told.line == f"{told.place}（2026-11-16检查，第1、2、3、4、5等7条问题）"


def test_the_provider_knows_of_a_visit_when_it_is_told_and_officers_from_the_record_on(scene: Field) -> None:
    draft, told = scene.record(), scene.told()
    sees = {
        who: set(
            scene.session.scalars(
                sa.select(Inspection.id).where(readable(Inspection, actor, Action.INSPECTION_SEE))
            )
        )
        for who, actor in scene.actors.items()
    }

    assert sees["provider"] == {told.id}
    assert sees["officer"] == sees["city"] == {draft.id, told.id}
    assert sees["neighbour"] == set()


@pytest.mark.parametrize("who", ["officer", "city", "neighbour", "street", "provider"])
def test_the_row_rule_is_the_sql_rule(scene: Field, who: str) -> None:
    both, actor = (scene.record(), scene.told()), scene.actors[who]
    for action in (Action.INSPECTION_SEE, Action.INSPECTION_RECORD, Action.INSPECTION_ANSWER):
        by_sql = set(
            scene.session.scalars(sa.select(Inspection.id).where(readable(Inspection, actor, action)))
        )
        assert by_sql == {one.id for one in both if may(actor, action, one)}


def test_a_neighbouring_district_is_told_that_there_is_no_such_inspection(scene: Field) -> None:
    with pytest.raises(NotVisible):
        scene.step(scene.told(), InspectionStep.DEFEND, "neighbour", facts="x")
    with pytest.raises(NotAllowed):
        scene.step(scene.told(), InspectionStep.DEFEND, "street", facts="x")


def test_a_finding_is_open_from_the_visit_until_it_is_settled(scene: Field) -> None:
    inspection = scene.cleared()
    finding = inspection.findings[0]

    assert finding.is_open_on(NOW.date() - timedelta(days=1))
    assert not finding.is_open_on(NOW.date())
    assert not finding.is_open_on(VISITED_ON - timedelta(days=1))


def test_a_finding_is_overdue_from_the_day_after(scene: Field) -> None:
    finding = scene.told().findings[0]

    assert not finding.is_overdue_on(RECTIFY_BY)
    assert finding.is_overdue_on(RECTIFY_BY + timedelta(days=1))


def test_what_is_said_of_a_past_day_leaves_out_later_visits(scene: Field, session: Session) -> None:
    told = scene.told()

    assert told_by(session, [scene.organisation.id], VISITED_ON) == [told]
    assert told_by(session, [scene.organisation.id], VISITED_ON - timedelta(days=1)) == []
