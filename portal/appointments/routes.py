"""`/appointments`: asked for by one, confirmed or sent back by another, and the code handed out."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.appointments.asking import form_for, proposal_of
from portal.appointments.forms import AppointmentForm, RefusalForm
from portal.appointments.views import appointment_page, row_of
from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from portal.workflow.passed import tell_what_was_done
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.appointments.inviting import hand_out_code
from registry.appointments.models import Appointment, AppointmentState
from registry.appointments.operations import appointment_of
from registry.appointments.queries import IN_HAND, WHOLE, appointment_by_id, appointments
from registry.appointments.workflow import AppointmentStep
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible, RequirementUnmet, StaleVersion
from registry.policy.queries import working_calendar
from registry.workflow.operations import start
from registry.workflow.queries import open_steps

bp = Blueprint("appointments", __name__, url_prefix="/appointments")

DONE = "done"


@bp.get("")
@allowed(Action.APPOINTMENT_SEE)
def index() -> ResponseReturnValue:
    is_done = request.args.get("show") == DONE
    states = [state for state in AppointmentState if (state not in IN_HAND) == is_done]
    found = appointments(db.session(), current_actor(), states)
    return render_page("appointments/index.html", rows=[row_of(one) for one in found], is_done=is_done)


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.APPOINTMENT_ASK, fresh=True)
def new() -> ResponseReturnValue:
    """`account` in the address names who has an account already, `replaces` the position that he leaves."""
    asked = form_for(request.args.get("account", ""), request.args.get("replaces", ""))
    if asked.form.validate_on_submit():
        try:
            appointment = _asked(asked.form, proposal_of(asked))
        except InvalidInput as fault:
            db.session.rollback()
            asked.form.refused(fault)
        except RequirementUnmet as unmet:
            db.session.rollback()
            asked.form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        else:
            flash(_("任命已提出，等待复核。复核同意之前，此人没有这个岗位的任何权限。"))
            return _shown(appointment)
    return render_page("appointments/form.html", asked=asked, form=asked.form)


@bp.get("/<code:appointment>")
@allowed(Action.APPOINTMENT_SEE, on=Appointment, load=WHOLE)
def show(appointment: Appointment) -> ResponseReturnValue:
    return _page("appointments/show.html", appointment, StepForm(obj=appointment))


@bp.route("/<code:appointment>/edit", methods=["GET", "POST"])
@allowed(Action.APPOINTMENT_ASK, on=Appointment, load=WHOLE, fresh=True)
def edit(appointment: Appointment) -> ResponseReturnValue:
    asked = form_for(standing=appointment)
    form = asked.form
    if form.validate_on_submit() and is_taken(
        appointment, AppointmentStep.ASK, form, facts=lambda: proposal_of(asked)
    ):
        flash(_("任命已重新提出，等待复核。"))
        return _shown(appointment)
    if _is_over(appointment, AppointmentStep.ASK):
        return _shown(appointment)
    page = appointment_page(db.session(), appointment, current_actor(), today())
    status = 409 if form.form_errors else 200
    return render_page("appointments/form.html", asked=asked, form=form, page=page, status=status)


@bp.route("/<code:appointment>/confirm", methods=["GET", "POST"])
@allowed(Action.APPOINTMENT_CONFIRM, on=Appointment, load=WHOLE, fresh=True)
def confirm(appointment: Appointment) -> ResponseReturnValue:
    form = StepForm(obj=appointment)
    if form.validate_on_submit() and is_taken(appointment, AppointmentStep.CONFIRM, form):
        flash(_("已同意任命，%(name)s自到岗日期起担任这个岗位。", name=appointment.name))
        return _shown(appointment)
    return _step_page("appointments/confirm.html", appointment, AppointmentStep.CONFIRM, form)


@bp.route("/<code:appointment>/refuse", methods=["GET", "POST"])
@allowed(Action.APPOINTMENT_CONFIRM, on=Appointment, load=WHOLE)
def refuse(appointment: Appointment) -> ResponseReturnValue:
    form = RefusalForm(obj=appointment)
    if form.validate_on_submit() and is_taken(
        appointment, AppointmentStep.REFUSE, form, reason=form.reason.data
    ):
        flash(_("任命已退回，提出的一方会看到退回原因。"))
        return _shown(appointment)
    return _step_page("appointments/refuse.html", appointment, AppointmentStep.REFUSE, form)


@bp.route("/<code:appointment>/withdraw", methods=["GET", "POST"])
@allowed(Action.APPOINTMENT_ASK, on=Appointment, load=WHOLE)
def withdraw(appointment: Appointment) -> ResponseReturnValue:
    form = StepForm(obj=appointment)
    if form.validate_on_submit() and is_taken(appointment, AppointmentStep.WITHDRAW, form):
        flash(_("任命已撤回。"))
        return _shown(appointment)
    return _step_page("appointments/withdraw.html", appointment, AppointmentStep.WITHDRAW, form)


@bp.route("/<code:appointment>/invite", methods=["GET", "POST"])
@allowed(Action.APPOINTMENT_ASK, on=Appointment, load=WHOLE, fresh=True)
def invite(appointment: Appointment) -> ResponseReturnValue:
    """The answer to the form shows the code, once: nothing but its hash is kept."""
    form = StepForm(obj=appointment)
    if form.validate_on_submit():
        try:
            code = _code_of(appointment, form)
        except RequirementUnmet as unmet:
            form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        except StaleVersion:
            db.session.rollback()
            form.overtaken(appointment.version)
        else:
            return _shown(appointment) if code is None else _code_page(appointment, code)
    return _step_page("appointments/invite.html", appointment, AppointmentStep.INVITE, form)


def _asked(form: AppointmentForm, proposal: Any) -> Appointment:
    """The appointment that this form makes, or made before when it is sent twice."""
    session, actor, at = db.session(), current_actor(), utc_now()
    taken = start(
        session,
        appointment_of(proposal, actor=actor, at=at),
        actor=actor,
        at=at,
        trail=current_trail(),
        calendar=working_calendar(session),
        facts=proposal,
        idempotency_key=form.key.data,
    )
    session.commit()
    appointment = appointment_by_id(session, taken.subject_id)
    if appointment is None:
        raise NotVisible
    return appointment


def _code_of(appointment: Appointment, form: StepForm) -> str | None:
    session = db.session()
    code = hand_out_code(
        session,
        appointment,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
        calendar=working_calendar(session),
        version=form.version.data,
        idempotency_key=form.key.data,
    )
    session.commit()
    return code


def _code_page(appointment: Appointment, code: str) -> ResponseReturnValue:
    public_url = current_app.extensions["settings"].public_url
    link = f"{public_url}/invitation?code={code}" if public_url else ""
    page = appointment_page(db.session(), appointment, current_actor(), today())
    return render_template("appointments/code.html", page=page, code=code, link=link)


def _step_page(
    template: str, appointment: Appointment, step: AppointmentStep, form: StepForm
) -> ResponseReturnValue:
    if not _is_over(appointment, step):
        return _page(template, appointment, form)
    tell_what_was_done(db.session(), appointment, step, AppointmentStep)
    return _shown(appointment)


def _is_over(appointment: Appointment, step: AppointmentStep) -> bool:
    """A link to a step that is not open, or not the reader's to take, leads to the appointment as it stands."""
    return step not in {
        transition.step for transition in open_steps(db.session(), appointment, current_actor())
    }


def _page(template: str, appointment: Appointment, form: StepForm) -> ResponseReturnValue:
    page = appointment_page(db.session(), appointment, current_actor(), today())
    return render_page(template, page=page, form=form, status=409 if form.form_errors else 200)


def _shown(appointment: Appointment) -> ResponseReturnValue:
    return redirect(url_for(".show", appointment=appointment.code), code=303)
