"""工作交接: what somebody leaves open, who may take it over, and that nothing is left to nobody."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Position, Role
from registry.appointments.inviting import take_away
from registry.audit.models import AuditEntry
from registry.clock import WorkingCalendar
from registry.errors import InvalidInput, NotAllowed, NotVisible, RequirementUnmet
from registry.handovers.handing_over import hand_over
from registry.handovers.models import Handover, HandoverKind, HandoverState, Passing
from registry.handovers.open_work import OpenWork, open_work
from registry.handovers.operations import Plan
from registry.handovers.queries import handed_over_to
from registry.handovers.workflow import HandoverStep
from registry.organisations.models import AddressChangeState
from registry.tasks.workflow import TaskStep
from registry.workflow.models import WorkflowStep
from registry.workflow.operations import take_step
from registry.workflow.queries import history, open_todos
from registry.workflow_table import Desk
from tests.factories import (
    DAY,
    HUANGPU,
    NOW,
    make_account,
    make_address_change,
    make_position,
    make_site,
)
from tests.tasks_factories import TRAIL, Bureaux, make_bureaux

Step = HandoverStep
TOMORROW = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Office:
    """The district's officer has a task of the finance department and one that he sent; a colleague can be made."""

    bureaux: Bureaux
    session: Session
    leaver: Account
    secadmin: Account

    @property
    def position(self) -> Position:
        return self.leaver.positions[0]

    @property
    def work(self) -> OpenWork:
        return open_work(self.session, self.position, DAY)

    def colleague(self, **facts: object) -> Position:
        position: Position = make_account(self.session, Role.DISTRICT).positions[0]
        for name, value in facts.items():
            setattr(position, name, value)
        self.session.flush()
        return position

    def hand_over(
        self, successor: Position | None, *, by: Actor | None = None, position: Position | None = None
    ) -> Handover:
        plan = Plan(position or self.position, successor, HandoverKind.LEAVING, "调离，见调令")
        return hand_over(
            self.session, plan, actor=by or Actor.of(self.secadmin.positions[0]), at=NOW, trail=TRAIL
        )

    def take(self, handover: Handover, step: HandoverStep, actor: Actor, **more: object) -> None:
        world = {"at": NOW, "trail": TRAIL, "calendar": WorkingCalendar({})}
        take_step(self.session, handover, step, actor=actor, **world, **more)  # type: ignore[arg-type]

    def end(self, *, is_left_above: bool = False, position: Position | None = None) -> None:
        take_away(
            self.session,
            position or self.position,
            actor=Actor.of(self.secadmin.positions[0]),
            at=NOW,
            trail=TRAIL,
            reason="调离",
            is_left_above=is_left_above,
        )


@pytest.fixture
def office(session: Session) -> Office:
    bureaux = make_bureaux(session)
    bureaux.ask("finance", receiver=bureaux_desk(bureaux))
    bureaux.ask("district")
    return Office(bureaux, session, bureaux.people["district"], make_account(session, Role.SECADMIN))


def bureaux_desk(bureaux: Bureaux) -> Desk:
    return Desk(Role.DISTRICT, bureaux.people["district"].positions[0].division_code)


def test_open_work_is_what_waits_at_the_desk_and_what_its_holder_began(office: Office):
    assert [(item.title, item.passing) for item in office.work.items] == [
        ("本岗待办", Passing.DESK),
        ("发出的部门任务", Passing.DESK),
    ]
    assert len(office.work.alone) == 2


def test_what_a_colleague_has_in_his_inbox_as_well_is_left_to_nobody_alone(office: Office):
    colleague = office.colleague()

    assert office.work.alone == ()
    assert [one.code for one in office.work.beside] == [colleague.code]
    office.end()


def test_work_that_would_be_left_to_nobody_keeps_a_position_from_ending(office: Office):
    with pytest.raises(InvalidInput, match="还有2件未办结的工作，没有别人承办") as refusal:
        office.end()

    assert refusal.value.field == "left_to"
    assert office.position.ended_on is None


def test_a_successor_has_the_list_until_each_line_is_seen(office: Office):
    successor = office.colleague()
    handover = office.hand_over(successor)
    actor = Actor.of(successor)

    assert handover.state is HandoverState.PASSED_ON
    assert [one.code for one in handed_over_to(office.session, actor)] == [handover.code]
    assert [todo.title for todo in open_todos(office.session, actor)].count("确认交接清单") == 1
    first, second = handover.lines
    office.take(handover, Step.ACKNOWLEDGE_LINE, actor, facts=first.code)
    assert (first.acknowledged_at, second.acknowledged_at) == (NOW, None)
    office.take(handover, Step.ACKNOWLEDGE, actor)

    assert handed_over_to(office.session, actor) == []
    assert second.acknowledged_at == NOW


def test_a_draft_gets_its_successor_as_owner_and_what_was_submitted_does_not(
    office: Office, session: Session
):
    people, own = office.bureaux.people, office.bureaux.people["provider"].positions[0]
    site = make_site(session, own.organisation)
    other = make_site(session, own.organisation)
    draft = make_address_change(
        session, site, state=AddressChangeState.DRAFT, asked_by_id=people["provider"].id
    )
    sent = make_address_change(
        session,
        other,
        state=AddressChangeState.SUBMITTED,
        submitted_at=NOW,
        asked_by_id=people["provider"].id,
    )
    successor = make_account(session, Role.PROVIDER, organisation=own.organisation).positions[0]

    handover = office.hand_over(successor, position=own, by=Actor.of(own))

    assert (draft.asked_by_id, sent.asked_by_id) == (successor.account_id, people["provider"].id)
    assert [(line.subject_code, line.passing) for line in handover.lines] == [(draft.code, Passing.OWNER)]


def test_history_and_trail_name_both(office: Office, session: Session):
    successor = office.colleague()
    handover = office.hand_over(successor)

    steps = history(session, handover)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "handover.hand_on")).one()
    assert [step.step for step in steps] == ["draw_up", "hand_on"]
    assert (entry.facts["from name"], entry.facts["to name"]) == (office.leaver.name, successor.account.name)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("himself", "不能移交给本人"),
        ("left yesterday", "的岗位已于2026-11-22终止"),
        ("leaves today", "的岗位已于2026-11-23终止"),
        ("other role", "担任的不是这个岗位"),
        ("other place", "担任的不是这个岗位"),
        ("closed account", "的账号已停用"),
    ],
)
def test_somebody_who_cannot_go_on_is_no_successor(office: Office, session: Session, wrong: str, said: str):
    other_place = make_account(session, Role.DISTRICT, division_code="310115").positions[0]
    named = {
        "himself": office.position,
        "left yesterday": office.colleague(ended_on=DAY - timedelta(days=1)),
        "leaves today": office.colleague(ended_on=DAY),
        "other role": office.bureaux.people["police"].positions[0],
        "other place": other_place,
        "closed account": office.colleague(),
    }[wrong]
    if wrong == "closed account":
        named.account.is_active = False

    with pytest.raises(InvalidInput, match=said) as refusal:
        office.hand_over(named)
    assert refusal.value.field == "successor"


def test_an_appointed_successor_receives_on_his_first_day_and_not_before(office: Office):
    coming = office.colleague(began_on=DAY + timedelta(days=1))
    handover = office.hand_over(coming)
    assert handover.state is HandoverState.DRAWN_UP
    secadmin = Actor.of(office.secadmin.positions[0])

    with pytest.raises(InvalidInput, match="从2026-11-24起到岗"):
        office.take(handover, Step.HAND_ON, secadmin)
    take_step(
        office.session,
        handover,
        Step.HAND_ON,
        actor=secadmin,
        at=TOMORROW,
        trail=TRAIL,
        calendar=WorkingCalendar({}),
    )
    assert handover.state is HandoverState.PASSED_ON


def test_what_is_left_above_waits_for_the_superior_who_names_somebody(office: Office):
    office.end(is_left_above=True)
    city = office.bureaux.actor("city")
    handover = office.session.scalars(sa.select(Handover)).one()

    assert office.position.ended_on == DAY
    assert [todo.title for todo in open_todos(office.session, city)] == ["安排接办人、移交工作"]
    successor = office.colleague()
    office.take(handover, Step.HAND_ON, city, facts=successor)
    assert [line.title for line in handover.lines] == ["本岗待办", "发出的部门任务"]


def test_where_nobody_stands_above_the_security_administrator_names_somebody(
    office: Office, session: Session
):
    provider = office.bureaux.people["provider"].positions[0]
    make_address_change(
        session,
        make_site(session, provider.organisation),
        state=AddressChangeState.DRAFT,
        asked_by_id=provider.account_id,
    )
    office.end(is_left_above=True, position=provider)

    waiting = open_todos(session, Actor.of(office.secadmin.positions[0]))
    assert [todo.title for todo in waiting] == ["安排接办人、移交工作"]


def test_what_a_leaver_drew_up_himself_goes_above_when_his_position_ends(office: Office):
    coming = office.colleague(began_on=DAY + timedelta(days=1))
    handover = office.hand_over(coming, by=Actor.of(office.position))
    with pytest.raises(InvalidInput):
        office.end()
    office.end(is_left_above=True)

    assert handover.is_left_above
    assert [todo.title for todo in open_todos(office.session, office.bureaux.actor("city"))] == [
        "安排接办人、移交工作"
    ]


def test_a_person_hands_over_for_himself_and_for_nobody_else(office: Office):
    colleague = office.colleague()
    with pytest.raises(NotAllowed):
        office.hand_over(colleague, by=office.bureaux.actor("police"))

    assert office.hand_over(colleague, by=Actor.of(office.position)).state is HandoverState.PASSED_ON


def test_a_position_has_one_handover_at_a_time(office: Office):
    office.hand_over(office.colleague(began_on=DAY + timedelta(days=1)))

    with pytest.raises(RequirementUnmet, match="已有一项工作交接在办理"):
        office.hand_over(None)


def test_only_the_successor_ticks_off_and_only_his_own_lines(office: Office):
    successor, third = office.colleague(), office.colleague()
    handover = office.hand_over(successor)

    with pytest.raises(NotAllowed, match="由接办人本人确认"):
        office.take(handover, Step.ACKNOWLEDGE, Actor.of(third))
    with pytest.raises(NotVisible):
        office.take(handover, Step.ACKNOWLEDGE_LINE, Actor.of(successor), facts="zzzz")


def test_what_a_third_person_has_in_his_inbox_is_not_on_the_list(office: Office):
    successor = office.colleague()
    office.colleague()

    assert office.hand_over(successor).lines == []


def test_a_successor_in_another_position_of_his_sees_no_list(office: Office, session: Session):
    successor = office.colleague()
    street = make_position(session, successor.account, Role.STREET, division_code="310101002")
    office.hand_over(successor)

    assert handed_over_to(session, Actor.of(street)) == []


def test_a_task_that_was_answered_meanwhile_is_no_open_work(office: Office, session: Session):
    task = office.bureaux.ask("district", title="另一件")
    office.bureaux.take(task, TaskStep.WITHDRAW, "district", reason="不需要了")

    assert "另一件" not in {item.name for item in office.work.items}
    assert session.scalar(sa.select(sa.func.count()).select_from(WorkflowStep)) == 4
    assert office.position.division_code == HUANGPU


def test_a_list_passes_on_with_the_work_of_a_successor_who_leaves_before_he_has_seen_it(office: Office):
    successor = office.colleague()
    handover = office.hand_over(successor)
    office.end()
    third = office.colleague()
    office.hand_over(third, position=successor)
    office.end(position=successor)

    assert handover.successor is third
    assert handed_over_to(office.session, Actor.of(third))[0] is handover
    named = [todo.subject_name for todo in open_todos(office.session, Actor.of(third))]
    assert f"{office.leaver.name} → {third.account.name}" in named
    office.take(handover, Step.ACKNOWLEDGE, Actor.of(third))
    assert handover.state is HandoverState.ACKNOWLEDGED


@pytest.mark.parametrize("who", ["colleague", "city", "security administrator"])
def test_whoever_looks_after_the_desk_of_a_successor_who_left_puts_his_list_away(office: Office, who: str):
    successor = office.colleague()
    handover = office.hand_over(successor)
    successor.ended_on = DAY
    office.session.flush()
    actor = {
        "colleague": Actor.of(office.colleague()),
        "city": office.bureaux.actor("city"),
        "security administrator": Actor.of(office.secadmin.positions[0]),
    }[who]

    office.take(handover, Step.ACKNOWLEDGE, actor)
    assert handover.state is HandoverState.ACKNOWLEDGED


def test_a_list_comes_back_to_its_first_holder_who_puts_it_away(office: Office):
    successor = office.colleague()
    handover = office.hand_over(successor)
    office.hand_over(office.position, position=successor)
    successor.ended_on = DAY
    office.session.flush()

    office.take(handover, Step.ACKNOWLEDGE, Actor.of(office.position))
    assert handover.state is HandoverState.ACKNOWLEDGED


def test_nobody_puts_away_the_list_of_a_successor_who_is_still_there(office: Office):
    successor = office.colleague()
    handover, city = office.hand_over(successor), office.bureaux.actor("city")
    with pytest.raises(NotAllowed, match="由接办人本人确认"):
        office.take(handover, Step.ACKNOWLEDGE, city)

    successor.ended_on = DAY + timedelta(days=1)  # he goes tomorrow
    with pytest.raises(RequirementUnmet, match="接办人仍在岗"):
        office.take(handover, Step.ACKNOWLEDGE, city)
    with pytest.raises(RequirementUnmet, match="接办人仍在岗"):
        office.take(handover, Step.ACKNOWLEDGE_LINE, city, facts=handover.lines[0].code)


@pytest.mark.parametrize("who", ["police", "provider"])
def test_others_do_not_put_away_the_list_of_somebody_who_left(office: Office, who: str):
    successor = office.colleague()
    handover = office.hand_over(successor)
    successor.ended_on = DAY
    office.session.flush()

    with pytest.raises((NotAllowed, NotVisible)):
        office.take(handover, Step.ACKNOWLEDGE, office.bureaux.actor(who))
