"""Handing out the first one-time code of somebody who was appointed, and taking a position away.

Taking away needs no second person: nobody gains by it. Its entry names who decided.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import CodePurpose, Position
from registry.access.one_time_codes import issue_code
from registry.access.positions import end_position
from registry.access.roles import ADMINISTRATORS
from registry.access.rules import authorize
from registry.actions import Action
from registry.appointments.checks import LEAST_EXPLANATION, LONGEST_EXPLANATION
from registry.appointments.models import Appointment
from registry.appointments.workflow import AppointmentStep
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar, today
from registry.errors import InvalidInput, NotAllowed, StepNotOpen
from registry.handovers.leaving import leave_above, refuse_to_leave_alone
from registry.messages import N_, message
from registry.workflow.operations import take_step


def hand_out_code(
    session: Session,
    appointment: Appointment,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    calendar: WorkingCalendar,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> str | None:
    """The code, told this once; None where the same form was sent before, because nothing but the hash was kept."""
    taken = take_step(
        session,
        appointment,
        AppointmentStep.INVITE,
        actor=actor,
        at=at,
        trail=trail,
        calendar=calendar,
        version=version,
        idempotency_key=idempotency_key,
    )
    if taken.at != at or appointment.account is None:
        return None
    return issue_code(session, appointment.account, CodePurpose.PASSWORD, at=at, trail=trail, by=actor.code)


def take_away(
    session: Session,
    position: Position,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
    reason: str,
    is_left_above: bool = False,
) -> None:
    """The position is over at once, and whoever is signed in with it is out.

    What nobody would go on with is handed over before, or left to whoever stands above to name somebody.
    """
    authorize(actor, Action.POSITION_END, position, see=Action.ACCOUNT_SEE)
    if position.role in ADMINISTRATORS:
        raise NotAllowed(message(N_("系统、安全、审计管理员的岗位由安装人员在服务器上用命令终止。")))
    if position.account.code in actor.people:
        raise NotAllowed(message(N_("不能终止本人的岗位，请由他人办理。")))
    if position.ended_on is not None and position.ended_on <= today(at):
        raise StepNotOpen(message(N_("这个岗位已经终止。")))
    if not LEAST_EXPLANATION <= len(reason.strip()) <= LONGEST_EXPLANATION:
        sentence = N_("请用%(least)s至%(most)s个字写明原因，如调离通知。")
        raise InvalidInput("reason", message(sentence, least=LEAST_EXPLANATION, most=LONGEST_EXPLANATION))
    if is_left_above:
        leave_above(session, position, actor=actor, at=at, trail=trail, note=reason.strip())
    else:
        refuse_to_leave_alone(session, position, on=today(at))
    end_position(session, position, on=today(at), at=at, trail=trail, by=actor, reason=reason.strip())
