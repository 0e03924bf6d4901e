"""The form of an appointment for whoever asks: which questions it puts, and what its answers propose."""

from dataclasses import dataclass

from portal.access.positions import said
from portal.appointments.forms import AppointmentForm
from portal.appointments.views import work_left
from portal.extensions import db
from portal.formatting import word
from portal.frame import place_name
from portal.remembering import remembered
from portal.security import current_actor
from registry.access.models import Account, Position
from registry.access.positions import Charge, position_by_code
from registry.access.queries import account_by_code
from registry.access.rules import authorize, may
from registry.actions import Action
from registry.appointments.choosing import divisions_in_reach, grouped, organisation_typed
from registry.appointments.models import Appointment
from registry.appointments.operations import Proposal
from registry.clock import today
from registry.errors import InvalidInput, NotVisible
from registry.messages import N_, message
from registry.organisations.models import Organisation


@dataclass(frozen=True)
class Asked:
    """A form with what is known before it is filled in."""

    form: AppointmentForm
    account: Account | None
    replaces: Position | None
    account_code: str
    name: str
    username: str
    replaces_said: str
    handover: str
    """Who takes over what waits in the position that ends."""
    charge_said: str
    """The only position that the asker can ask for; empty where the form asks for one."""
    organisation: Organisation | None


def form_for(account_code: str = "", replaces_code: str = "", standing: Appointment | None = None) -> Asked:
    """A new form, or the one of an appointment that was sent back; NotVisible where the person is out of reach."""
    session, actor = db.session(), current_actor()
    account = standing.account if standing else _account(account_code)
    replaces = standing.replaces if standing else _replaced(replaces_code, account)
    own = None if actor.organisation_id is None else session.get_one(Organisation, actor.organisation_id)
    places = (
        remembered(
            ("appointment places", actor.division_code, today()),
            lambda: grouped(divisions_in_reach(session, actor, today())),
        )
        if own is None
        else {}
    )
    values = AppointmentForm.standing(standing) if standing else {"begins_on": today()}
    form = AppointmentForm(places, asks_person=account is None, asks_charge=own is None, data=values)
    return Asked(
        form=form,
        account=account,
        replaces=replaces,
        account_code=account.code if account else "",
        name=account.name if account else "",
        username=account.username if account else "",
        replaces_said=said(replaces) if replaces is not None else "",
        handover=work_left(session, replaces, today()) if replaces is not None else "",
        charge_said=f"{word(actor.role)} · {own.name}" if own is not None else "",
        organisation=own,
    )


def proposal_of(asked: Asked) -> Proposal:
    """What the filled form proposes; InvalidInput where a choice was not made."""
    form, account = asked.form, asked.account
    return Proposal(
        username=account.username if account else form.username.data or "",
        name=account.name if account else form.name.data or "",
        charge=_charge(asked),
        begins_on=form.first_day(),
        explanation=form.explanation.data or "",
        account=account,
        replaces=asked.replaces,
    )


def _charge(asked: Asked) -> Charge:
    actor, form = current_actor(), asked.form
    if asked.organisation is not None:
        return Charge(actor.role, actor.division_code, asked.organisation)
    try:
        role = form.chosen_role()
    except ValueError:
        raise InvalidInput("role", message(N_("请选择拟任岗位。"))) from None
    code = form.division_code.data or ""
    if not place_name(code) or not actor.answers_for(code):
        raise InvalidInput("division_code", message(N_("请选择管辖区划。")))
    return Charge(role, code, organisation_typed(db.session(), actor, form.organisation.data or ""))


def _account(code: str) -> Account | None:
    if not code:
        return None
    account = account_by_code(db.session(), code)
    if account is None:
        raise NotVisible
    authorize(current_actor(), Action.ACCOUNT_SEE, account)
    return account


def _replaced(code: str, account: Account | None) -> Position | None:
    if not code or account is None:
        return None
    position = position_by_code(db.session(), code)
    if position is None or position.account_id != account.id:
        raise NotVisible
    if not may(current_actor(), Action.POSITION_END, position):
        raise NotVisible
    return position
