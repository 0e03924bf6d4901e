"""What an appointment does: asking checks what was typed, confirming opens the account and gives the position.

The steps are taken through the workflow (workflow.py has the table); these are its effects, and the bars that say whose
step it is not.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Position
from registry.access.operations import NewAccount, create_account
from registry.access.positions import Charge, end_position, give_position
from registry.access.supervision import may_confirm, may_propose
from registry.appointments.checks import refuse_wrong
from registry.appointments.models import Appointment, AppointmentKind, AppointmentState
from registry.clock import today
from registry.errors import RequirementUnmet
from registry.handovers.leaving import count_left_alone
from registry.messages import N_, Message, message
from registry.workflow.queries import count_open_todos
from registry.workflow_table import Facts, Occasion


@dataclass(frozen=True)
class Proposal:
    """Who is to hold what: a new person by user name and name, or one whose account is given."""

    username: str
    name: str
    charge: Charge
    begins_on: date
    explanation: str
    account: Account | None = None
    replaces: Position | None = None

    @property
    def kind(self) -> AppointmentKind:
        """What becomes of the person."""
        if self.account is None:
            return AppointmentKind.NEW_ACCOUNT
        return AppointmentKind.MOVE if self.replaces else AppointmentKind.FURTHER_POSITION


def appointment_of(proposal: Proposal, *, actor: Actor, at: datetime) -> Appointment:
    """A new appointment, not yet in any session: the workflow starts it."""
    appointment = Appointment(kind=proposal.kind, state=AppointmentState.ASKED, asked_as=actor.role)
    appointment.asked_by_id = actor.account_id
    account, replaces = proposal.account, proposal.replaces
    appointment.account_id = account.id if account else None
    appointment.replaces_id = replaces.id if replaces else None
    _fill(appointment, proposal, at=at)
    return appointment


def ask(session: Session, appointment: Appointment, occasion: Occasion) -> Facts:
    """InvalidInput names the field of the first thing that is wrong; the proposal comes with the step."""
    proposal: Proposal = occasion.facts
    _fill(appointment, proposal, at=occasion.at)
    appointment.account, appointment.replaces = proposal.account, proposal.replaces
    appointment.asked_by = session.get_one(Account, occasion.actor.account_id)
    refuse_wrong(session, appointment, occasion.actor, occasion.on)
    return _facts(appointment)


def confirm(session: Session, appointment: Appointment, occasion: Occasion) -> Facts:
    """The position is given, the one that it replaces ends, and a new person has an account without a password."""
    begins_on = appointment.begins_on = max(appointment.begins_on, occasion.on)
    made_by: dict[str, Any] = {
        "asked by": appointment.asked_by.code,
        "asked by name": appointment.asked_by.name,
    }
    if appointment.account is None:
        charge = appointment.charge
        new = NewAccount(
            appointment.username, appointment.name, charge.role, charge.division_code, charge.organisation
        )
        appointment.account = create_account(session, new, at=occasion.at, on=begins_on)
    else:
        refuse_wrong(session, appointment, None, occasion.on)
        give_position(session, appointment.account, appointment.charge, on=begins_on)
    if appointment.replaces is not None:
        made_by |= _end_replaced(session, appointment.replaces, begins_on, occasion)
    session.flush()
    return {**_facts(appointment), **made_by, "account": appointment.account.code}


def invite(_session: Session, appointment: Appointment, occasion: Occasion) -> Facts:
    """The code itself is given out beside this step, because nothing but its hash is kept (`one_time_codes`)."""
    if occasion.on < appointment.begins_on:
        sentence = N_("到岗日期是%(day)s。一次性代码72小时内有效，请在到岗当天发放。")
        raise RequirementUnmet(message(sentence, day=appointment.begins_on.isoformat()))
    return {"account": appointment.account.code if appointment.account else ""}


def is_not_his_to_decide(appointment: Appointment, actor: Actor) -> Message | None:
    """Confirming and refusing: by one who answers for the position, neither its maker nor the person concerned."""
    is_about_him = appointment.account is not None and appointment.account.code in actor.people
    is_his_own = appointment.asked_by.code in actor.people
    if may_confirm(actor, appointment.charge) and not is_about_him and not is_his_own:
        return None
    return message(N_("这项任命由他人复核：提出人和本人不能复核，也不能复核超出自己岗位权限的岗位。"))


def is_of_another_side(appointment: Appointment, actor: Actor) -> Message | None:
    """What comes back belongs to the side that asked: the organisation, or the security administrators."""
    return None if actor.role is appointment.asked_as else message(N_("这一步由提出任命的一方办理。"))


def has_come_in(appointment: Appointment, actor: Actor) -> Message | None:
    """Whoever has chosen a password needs no invitation any more; a code opens all that its person holds."""
    account = appointment.account
    if account is None or account.password_set_at is not None or not account.is_active:
        return message(N_("此人已经设置密码，不再发放首次登录的代码。"))
    left = [one for one in account.positions if one.ended_on is None or one.ended_on > today()]
    charges = [Charge(one.role, one.division_code, one.organisation) for one in left]
    if left and all(may_propose(actor, charge) for charge in charges):
        return None
    return message(N_("此人还有您管不到的岗位，或已没有岗位，请由安全管理员发放代码。"))


def _fill(appointment: Appointment, proposal: Proposal, *, at: datetime) -> None:
    account, charge = proposal.account, proposal.charge
    appointment.kind = proposal.kind
    appointment.username = account.username if account else proposal.username.strip()
    appointment.name = account.name if account else proposal.name.strip()
    appointment.role, appointment.division_code = charge.role, charge.division_code
    appointment.organisation = charge.organisation
    appointment.organisation_id = charge.organisation.id if charge.organisation else None
    appointment.begins_on, appointment.asked_at = proposal.begins_on, at
    appointment.explanation = proposal.explanation.strip()


def _end_replaced(session: Session, position: Position, on: date, occasion: Occasion) -> Facts:
    """Ends it and says what is left undone there; RequirementUnmet where nobody would go on with something."""
    alone = count_left_alone(session, position, occasion.on)
    if alone:
        sentence = N_("原岗位还有%(count)s件未办结的工作没有别人承办，请提出的一方先办理工作交接。")
        raise RequirementUnmet(message(sentence, count=alone))
    left = {"replaces": position.code, "open work": count_open_todos(session, Actor.of(position))}
    if position.ended_on is None or position.ended_on > on:
        end_position(
            session,
            position,
            on=on,
            at=occasion.at,
            trail=occasion.trail,
            by=occasion.actor,
            reason=occasion.reason,
        )
    return left


def _facts(appointment: Appointment) -> Facts:
    return {
        "kind": appointment.kind.value,
        "role": appointment.role.value,
        "division_code": appointment.division_code,
        "begins_on": appointment.begins_on.isoformat(),
        "person": appointment.account.code if appointment.account else "",
    }
