"""`/inspections`: visits recorded by officers, and what became of what they found."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from portal.extensions import db
from portal.htmx import render_page
from portal.inspections.forms import FindingForm, VisitForm
from portal.inspections.views import STATE_KINDS, facts_of, inspection_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.access.roles import ORGANISATION_ROLES
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions.codes import NATION
from registry.errors import InvalidInput, NotVisible
from registry.inspections.listing import INSPECTION_LIST
from registry.inspections.models import Inspection
from registry.inspections.operations import draft_of
from registry.inspections.queries import WHOLE, inspection_by_id
from registry.inspections.workflow import InspectionStep
from registry.organisations.models import Organisation
from registry.policy.queries import working_calendar
from registry.workflow.operations import start
from registry.workflow.queries import open_steps

bp = Blueprint("inspections", __name__)

WORDS = Words(
    total=_l("共 %(count)s 项检查（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 项检查（%(place)s，含下级）"),
)
OWN_WORDS = Words(total=_l("共 %(count)s 项检查"), capped=_l("超过 %(count)s 项检查"))
OF_ORGANISATION = (selectinload(Organisation.sites),)


@bp.get("/inspections")
@allowed(Action.INSPECTION_SEE)
def index() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    home = NATION if actor.role in ORGANISATION_ROLES else None
    question = ask(INSPECTION_LIST, Action.INSPECTION_SEE, home=home)
    view = ListView(
        question,
        fetched(session, question),
        places_of(session, question, actor.division_code),
        WORDS if home is None else OWN_WORDS,
        endpoint="inspections.index",
        tabs=frozenset({"show"}),
    )
    return render_page("inspections/index.html", view=view, kinds=STATE_KINDS, is_own=home is not None)


@bp.route("/providers/<code:organisation>/inspections/new", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Organisation, see=Action.ORGANISATION_SEE, load=OF_ORGANISATION)
def new(organisation: Organisation) -> ResponseReturnValue:
    form = VisitForm(organisation, data={"visited_on": today()})
    if form.validate_on_submit():
        inspection = _recorded(organisation, form)
        if inspection is not None:
            flash(_("已登记检查。请逐条登记发现的问题，然后告知机构。"))
            return shown(inspection)
    return render_page("inspections/visit.html", form=form, organisation=organisation, inspection=None)


@bp.get("/inspections/<code:inspection>")
@allowed(Action.INSPECTION_SEE, on=Inspection, load=WHOLE)
def show(inspection: Inspection) -> ResponseReturnValue:
    page = inspection_page(db.session(), inspection, current_actor(), today())
    return render_page("inspections/show.html", page=page)


@bp.route("/inspections/<code:inspection>/edit", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def edit(inspection: Inspection) -> ResponseReturnValue:
    form = VisitForm.of(inspection)
    if form.validate_on_submit() and is_taken(inspection, InspectionStep.SAVE, form, facts=form.visit):
        flash(_("已保存检查情况。"))
        return shown(inspection)
    if not is_open(inspection, InspectionStep.SAVE) and not form.form_errors:
        return shown(inspection)
    return render_page(
        "inspections/visit.html",
        form=form,
        organisation=inspection.organisation,
        inspection=inspection,
        now=facts_of(inspection) if form.form_errors else (),
        status=status_of(form),
    )


@bp.route("/inspections/<code:inspection>/findings/new", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def add_finding(inspection: Inspection) -> ResponseReturnValue:
    form = FindingForm(data={"version": inspection.version})
    if form.validate_on_submit() and is_taken(inspection, InspectionStep.ADD_FINDING, form, facts=form.found):
        flash(_("已登记问题。"))
        return shown(inspection)
    if not is_open(inspection, InspectionStep.ADD_FINDING) and not form.form_errors:
        return shown(inspection)
    return _finding_page(inspection, form, None)


@bp.route("/inspections/<code:inspection>/findings/<int:number>", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def change_finding(inspection: Inspection, number: int) -> ResponseReturnValue:
    finding = next((one for one in inspection.findings if one.number == number), None)
    if finding is None or not is_open(inspection, InspectionStep.CHANGE_FINDING):
        return shown(inspection)
    form = FindingForm.of(finding)
    is_removal = "remove" in request.form
    # Taking a problem out needs nothing of what is typed about it but the form's own key and token.
    form_holds = (
        form.is_submitted() and form.validate() if not is_removal else StepForm().validate_on_submit()
    )
    step = InspectionStep.CHANGE_FINDING
    if form_holds and is_taken(
        inspection, step, form, facts=lambda: (number, None if is_removal else form.found())
    ):
        flash(_("已删除问题。") if is_removal else _("已保存问题。"))
        return shown(inspection)
    return _finding_page(inspection, form, number)


def _recorded(organisation: Organisation, form: VisitForm) -> Inspection | None:
    """The record that this form makes, or made before; None with the error beside its field."""
    session, at, visit = db.session(), utc_now(), form.visit()
    try:
        taken = start(
            session,
            draft_of(organisation, visit, at=at),
            actor=current_actor(),
            at=at,
            trail=current_trail(),
            calendar=working_calendar(session),
            facts=visit,
            idempotency_key=form.key.data,
        )
    except InvalidInput as fault:
        session.rollback()
        session.refresh(organisation)  # the page shows whose visit it is
        form.refused(fault)
        return None
    session.commit()
    inspection = inspection_by_id(session, taken.subject_id)
    if inspection is None:
        raise NotVisible
    return inspection


def is_open(inspection: Inspection, step: InspectionStep) -> bool:
    """An old link to a step that is no longer open leads to the inspection as it stands."""
    return step in {one.step for one in open_steps(db.session(), inspection, current_actor())}


def status_of(form: StepForm) -> int:
    """Of a page that is shown again."""
    if form.form_errors:
        return 409
    return 400 if form.errors else 200


def shown(inspection: Inspection) -> ResponseReturnValue:
    """Leads to the inspection."""
    return redirect(url_for("inspections.show", inspection=inspection.code), code=303)


def _finding_page(inspection: Inspection, form: FindingForm, number: int | None) -> ResponseReturnValue:
    page = inspection_page(db.session(), inspection, current_actor(), today())
    return render_page(
        "inspections/finding.html", page=page, form=form, number=number, status=status_of(form)
    )
