"""What is wrong with an appointment, said beside the field where it was typed."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Position
from registry.access.operations import refuse_username
from registry.access.queries import roles_of_person
from registry.access.roles import ADMINISTRATORS
from registry.access.rules import may
from registry.access.supervision import may_propose, refuse_impossible
from registry.actions import Action
from registry.appointments.models import Appointment, AppointmentState
from registry.errors import InvalidInput
from registry.messages import N_, message

LEAST_EXPLANATION, LONGEST_EXPLANATION = 2, 200
LONGEST_NAME = 50
FARTHEST = timedelta(days=366)
"""Nobody is appointed more than a year ahead: the day was mistyped."""


def refuse_wrong(session: Session, appointment: Appointment, actor: Actor | None, on: date) -> None:
    """InvalidInput names the field of the first thing that is wrong; `actor` asks, None where it is being confirmed."""
    with session.no_autoflush:
        refuse_impossible(appointment.charge)
        if actor is not None:
            _refuse_reach(appointment, actor)
            _refuse_words(appointment, on)
        _refuse_person(session, appointment)
        _refuse_double(session, appointment, on)


def _refuse_reach(appointment: Appointment, actor: Actor) -> None:
    """Nobody asks for more than lies in his reach, for somebody whom he does not see, or for himself."""
    account, replaces = appointment.account, appointment.replaces
    if not may_propose(actor, appointment.charge):
        raise InvalidInput("division_code", message(N_("这个岗位不在您可以提出任命的范围内，请重新选择。")))
    if account is not None and not may(actor, Action.ACCOUNT_SEE, account):
        raise InvalidInput("username", message(N_("在您的范围内没有这个账号。")))
    if account is not None and account.code in actor.people:
        raise InvalidInput("username", message(N_("不能为本人提出任命，请由他人提出。")))
    if replaces is not None and not may(actor, Action.POSITION_END, replaces):
        raise InvalidInput("replaces", message(N_("原岗位不在您的范围内，请由上级安全管理员办理。")))


def _refuse_words(appointment: Appointment, on: date) -> None:
    if appointment.begins_on < on:
        raise InvalidInput("begins_on", message(N_("到岗日期不能早于今天。")))
    if appointment.begins_on > on + FARTHEST:
        raise InvalidInput("begins_on", message(N_("到岗日期不能晚于一年以后，请核对。")))
    if not LEAST_EXPLANATION <= len(appointment.explanation) <= LONGEST_EXPLANATION:
        sentence = N_("请用%(least)s至%(most)s个字写明依据，如任命文件或到岗通知。")
        raise InvalidInput(
            "explanation", message(sentence, least=LEAST_EXPLANATION, most=LONGEST_EXPLANATION)
        )


def _refuse_person(session: Session, appointment: Appointment) -> None:
    """A new user name that can be used; and no administrator holds a business position beside."""
    account = appointment.account
    if account is None:
        _refuse_newcomer(session, appointment)
    elif not account.is_active:
        raise InvalidInput("username", message(N_("该账号已停用，请先恢复账号。")))
    elif any(position.role in ADMINISTRATORS for position in account.positions):
        sentence = N_("系统、安全、审计管理员不兼任业务岗位，请另选一人。")
        raise InvalidInput("username", message(sentence))
    replaces = appointment.replaces
    if replaces is not None and (account is None or replaces.account_id != account.id):
        raise InvalidInput("replaces", message(N_("原岗位不属于此人，请重新选择。")))


def _refuse_newcomer(session: Session, appointment: Appointment) -> None:
    refuse_username(session, appointment.username)
    if not (0 < len(appointment.name) <= LONGEST_NAME and appointment.name.isprintable()):
        raise InvalidInput("name", message(N_("请填写姓名，不超过%(most)s个字。"), most=LONGEST_NAME))
    if roles_of_person(session, appointment.name) & ADMINISTRATORS:
        sentence = N_("“%(name)s”是管理员，管理员不兼任业务岗位。确系同名的，在姓名后注明以示区别。")
        raise InvalidInput("name", message(sentence, name=appointment.name))
    taken = _others_in_hand(appointment).where(
        Appointment.username == appointment.username, Appointment.account_id.is_(None)
    )
    if session.scalar(taken.limit(1)) is not None:
        sentence = N_("用户名“%(name)s”已在另一项未办结的任命中使用，请换一个。")
        raise InvalidInput("username", message(sentence, name=appointment.username))


def _refuse_double(session: Session, appointment: Appointment, on: date) -> None:
    account = appointment.account
    if account is None:
        return
    is_open = sa.or_(Position.ended_on.is_(None), Position.ended_on > on)
    held = sa.select(Position.id).where(is_open, Position.account_id == account.id)
    if session.scalar(_same_charge(held, appointment, Position)) is not None:
        raise InvalidInput("role", message(N_("此人已担任这个岗位。")))
    asked = _others_in_hand(appointment).where(Appointment.account_id == account.id)
    if session.scalar(_same_charge(asked, appointment, Appointment)) is not None:
        raise InvalidInput("role", message(N_("已有一项相同的任命在办理。")))


def _others_in_hand(appointment: Appointment) -> sa.Select[int]:
    in_hand = Appointment.state.in_((AppointmentState.ASKED, AppointmentState.RETURNED))
    others = sa.select(Appointment.id).where(in_hand)
    return others if appointment.id is None else others.where(Appointment.id != appointment.id)


def _same_charge(found: sa.Select[int], appointment: Appointment, model: type) -> sa.Select[int]:
    columns = model.__table__.c  # type: ignore[attr-defined]  # both are tables with a charge
    return found.where(
        columns.role == appointment.role,
        columns.division_code == appointment.division_code,
        columns.organisation_id.is_not_distinct_from(appointment.organisation_id),
    ).limit(1)
