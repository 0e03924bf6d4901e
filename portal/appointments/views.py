"""An appointment and an account as their pages show them, made before they are drawn."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.access.positions import said
from portal.formatting import data, day, with_data, word
from portal.frame import place_name
from portal.workflow.steps import PLACE_LEVELS, Button, Past, Waiting, buttons_of, past_of, waiting_for
from registry.access.actors import Actor
from registry.access.delegations import given_by, standing_in_for
from registry.access.listings import AccountState, Tenure, state_of
from registry.access.models import Account, Delegation, Position
from registry.access.positions import colleagues
from registry.access.roles import ADMINISTRATORS
from registry.access.rules import may
from registry.actions import Action
from registry.appointments.models import Appointment, AppointmentState
from registry.appointments.queries import appointments_of
from registry.appointments.workflow import AppointmentStep
from registry.divisions.codes import LENGTH_OF_LEVEL
from registry.workflow.models import Todo
from registry.workflow.queries import count_open_todos, history

STATE_KINDS = {
    AppointmentState.ASKED: "active",
    AppointmentState.RETURNED: "returned",
    AppointmentState.CONFIRMED: "done",
    AppointmentState.INVITED: "done",
    AppointmentState.WITHDRAWN: "ended",
}
TENURE_KINDS = {Tenure.HELD: "done", Tenure.COMING: "waiting", Tenure.ENDED: "ended"}
ACCOUNT_KINDS = {AccountState.OPEN: "done", AccountState.INVITED: "waiting", AccountState.CLOSED: "ended"}

STEP_PAGES = {
    AppointmentStep.ASK: "appointments.edit",
    AppointmentStep.CONFIRM: "appointments.confirm",
    AppointmentStep.REFUSE: "appointments.refuse",
    AppointmentStep.INVITE: "appointments.invite",
    AppointmentStep.WITHDRAW: "appointments.withdraw",
}
MAIN_STEPS = frozenset({AppointmentStep.ASK, AppointmentStep.CONFIRM, AppointmentStep.INVITE})


@dataclass(frozen=True)
class AppointmentPage:
    """Everything that the page of one appointment shows."""

    appointment: Appointment
    kind: str
    facts: tuple[tuple[str, str], ...]
    handover: str
    """What becomes of the work in the position that ends; empty where none does."""
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]
    reason: str
    """Why it was sent back, while it is."""
    account_code: str
    """Empty where there is no account yet, or the reader does not see it."""


@dataclass(frozen=True)
class HeldRow:
    """One position of an account."""

    code: str
    said: str
    began_on: date
    ended_on: date | None
    tenure: Tenure
    kind: str
    may_end: bool


@dataclass(frozen=True)
class StandInRow:
    """One delegation, from either side."""

    direction: str
    said: str
    name: str
    delegation: Delegation


@dataclass(frozen=True)
class AppointmentRow:
    """One appointment in a list."""

    code: str
    appointment: Appointment
    said: str
    kind: str


@dataclass(frozen=True)
class AccountPage:
    """Everything that the page of one account shows."""

    account: Account
    state: AccountState
    kind: str
    held: tuple[HeldRow, ...]
    appointments: tuple[AppointmentRow, ...]
    stand_ins: tuple[StandInRow, ...]
    may_appoint: bool


def appointment_page(
    session: Session, appointment: Appointment, actor: Actor, today: date
) -> AppointmentPage:
    """One appointment for one reader."""
    account = appointment.account
    is_seen = account is not None and may(actor, Action.ACCOUNT_SEE, account)
    return AppointmentPage(
        appointment=appointment,
        kind=STATE_KINDS[appointment.state],
        facts=_facts(appointment),
        handover=_handover(session, appointment, today),
        buttons=buttons_of(session, appointment, actor, STEP_PAGES, main=MAIN_STEPS),
        past=past_of(session, appointment, AppointmentStep),
        waiting=waiting_for(session, appointment, today, lambda todo: _place_of(todo, appointment)),
        reason=reason_of_return(session, appointment),
        account_code=account.code if account is not None and is_seen else "",
    )


def account_page(session: Session, account: Account, actor: Actor, today: date) -> AccountPage:
    """One account for one reader: its positions that lie in his reach, and delegations of such positions."""
    state = state_of(account)
    seen = [one for one in account.positions if may(actor, Action.ACCOUNT_SEE, one)]
    return AccountPage(
        account=account,
        state=state,
        kind=ACCOUNT_KINDS[state],
        held=tuple(_held(position, actor, today) for position in seen),
        appointments=tuple(row_of(one) for one in appointments_of(session, account, actor)),
        stand_ins=tuple(_stand_ins(session, account, actor, today)),
        may_appoint=may(actor, Action.APPOINTMENT_ASK) and account.code not in actor.people,
    )


def row_of(appointment: Appointment) -> AppointmentRow:
    """One appointment as a list shows it."""
    return AppointmentRow(
        appointment.code, appointment, charge_said(appointment), STATE_KINDS[appointment.state]
    )


def charge_said(appointment: Appointment) -> str:
    """街道民政 · 上海市黄浦区外滩街道."""
    organisation = appointment.organisation
    place = organisation.name if organisation else place_name(appointment.division_code)
    return f"{word(appointment.role)} · {place}"


def reason_of_return(session: Session, appointment: Appointment) -> str:
    """Why it was sent back, while it is."""
    if appointment.state is not AppointmentState.RETURNED:
        return ""
    reasons = [step.reason for step in history(session, appointment) if step.step == AppointmentStep.REFUSE]
    return reasons[-1] if reasons else ""


def tenure_of(position: Position, today: date) -> Tenure:
    """How the position stands on a day."""
    if position.ended_on is not None and position.ended_on <= today:
        return Tenure.ENDED
    return Tenure.HELD if position.began_on <= today else Tenure.COMING


def work_left(session: Session, position: Position, today: date) -> str:
    """Who takes over what waits where the position stands."""
    count = count_open_todos(session, Actor.of(position))
    others = colleagues(session, position, on=today)
    if not count:
        return str(_("原岗位没有待办事项。"))
    if not others:
        return str(
            _("原岗位还有待办%(count)s件，而本单位和上一级都没有同岗人员：请先安排接办人。", count=count)
        )
    sentence = _("原岗位还有待办%(count)s件，之后由同岗人员（如%(name)s）接办。")
    return with_data(sentence, count=count, name=others[0].name)


def _facts(appointment: Appointment) -> tuple[tuple[str, str], ...]:
    found = [
        (_("事项"), word(appointment.kind)),
        (_("姓名"), data(appointment.name)),
        (_("用户名"), data(appointment.username)),
        (_("拟任岗位"), data(charge_said(appointment))),
        (_("管辖区划"), data(place_name(appointment.division_code) or "")),
        (_("到岗日期"), day(appointment.begins_on)),
        (_("依据"), data(appointment.explanation)),
        (_("提出人"), data(appointment.asked_by.name)),
    ]
    if appointment.replaces is not None:
        found.insert(3, (_("原岗位"), data(said(appointment.replaces))))
    return tuple(found)


def _handover(session: Session, appointment: Appointment, today: date) -> str:
    replaces = appointment.replaces
    is_open = appointment.state in (AppointmentState.ASKED, AppointmentState.RETURNED)
    return work_left(session, replaces, today) if replaces is not None and is_open else ""


def _place_of(todo: Todo, appointment: Appointment) -> str:
    if todo.organisation_id is not None and appointment.organisation is not None:
        return appointment.organisation.name
    level = PLACE_LEVELS.get(todo.role)
    return (place_name(todo.division_code[: LENGTH_OF_LEVEL[level]]) or "") if level else ""


def _held(position: Position, actor: Actor, today: date) -> HeldRow:
    tenure = tenure_of(position, today)
    is_open = tenure is not Tenure.ENDED and position.role not in ADMINISTRATORS
    is_other = position.account_id != actor.account_id
    return HeldRow(
        code=position.code,
        said=said(position),
        began_on=position.began_on,
        ended_on=position.ended_on,
        tenure=tenure,
        kind=TENURE_KINDS[tenure],
        may_end=is_open and is_other and may(actor, Action.POSITION_END, position),
    )


def _stand_ins(session: Session, account: Account, actor: Actor, today: date) -> list[StandInRow]:
    given = [
        StandInRow(_("授权给"), said(one.position), one.delegate.name, one)
        for one in given_by(session, account)
    ]
    taken = [
        StandInRow(_("代办"), said(one.position), one.position.account.name, one)
        for one in standing_in_for(session, account.id, on=today)
    ]
    return [row for row in taken + given if may(actor, Action.ACCOUNT_SEE, row.delegation.position)]
