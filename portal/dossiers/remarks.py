"""与登记不符: raised by the organisation on its dossier, answered by the district on a page of its own."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.dossiers.forms import AnswerForm, RemarkForm
from portal.dossiers.lists import bp
from portal.dossiers.views import dossier_page, remark_page
from portal.extensions import db
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.clock import today, utc_now
from registry.dossiers.models import Dossier, DossierRemark
from registry.dossiers.operations import Objection, remark_of
from registry.dossiers.queries import OF_REMARK, WHOLE, remark_by_id
from registry.dossiers.remark_workflow import RemarkStep
from registry.errors import InvalidInput, NotVisible
from registry.policy.queries import working_calendar
from registry.workflow.operations import start
from registry.workflow.queries import open_steps


@bp.route("/<code:dossier>/remarks/new", methods=["GET", "POST"])
@allowed(Action.DOSSIER_REMARK, on=Dossier, load=WHOLE)
def raise_remark(dossier: Dossier) -> ResponseReturnValue:
    form = RemarkForm()
    if form.validate_on_submit():
        try:
            remark = _raised(dossier, form)
        except InvalidInput as fault:
            form.refused(fault)
        else:
            flash(_("已提出，区县民政部门会在办理时限内答复。"))
            return _shown(remark)
    page = dossier_page(db.session(), dossier, current_actor(), today())
    return render_page("dossiers/remark_form.html", page=page, form=form)


@bp.get("/remarks/<code:dossier_remark>")
@allowed(Action.DOSSIER_SEE, on=DossierRemark, load=OF_REMARK)
def show_remark(dossier_remark: DossierRemark) -> ResponseReturnValue:
    return _page("dossiers/remark.html", dossier_remark, StepForm(obj=dossier_remark))


@bp.route("/remarks/<code:dossier_remark>/answer", methods=["GET", "POST"])
@allowed(Action.DOSSIER_REMARK_ANSWER, on=DossierRemark, load=OF_REMARK)
def answer(dossier_remark: DossierRemark) -> ResponseReturnValue:
    form = AnswerForm(data={"version": dossier_remark.version})

    def facts() -> str:
        return form.answer.data or ""

    if form.validate_on_submit() and is_taken(dossier_remark, RemarkStep.ANSWER, form, facts=facts):
        flash(_("已答复，单位会看到。"))
        return _shown(dossier_remark)
    return _step_page("dossiers/answer.html", dossier_remark, RemarkStep.ANSWER, form)


@bp.route("/remarks/<code:dossier_remark>/withdraw", methods=["GET", "POST"])
@allowed(Action.DOSSIER_REMARK, on=DossierRemark, load=OF_REMARK)
def withdraw(dossier_remark: DossierRemark) -> ResponseReturnValue:
    form = StepForm(obj=dossier_remark)
    if form.validate_on_submit() and is_taken(dossier_remark, RemarkStep.WITHDRAW, form):
        flash(_("已撤回。"))
        return _shown(dossier_remark)
    return _step_page("dossiers/withdraw.html", dossier_remark, RemarkStep.WITHDRAW, form)


def _raised(dossier: Dossier, form: RemarkForm) -> DossierRemark:
    """The remark that this form makes, or made before when it is sent twice."""
    session, at = db.session(), utc_now()
    taken = start(
        session,
        remark_of(dossier, Objection(form.fields.chosen(), form.text.data or ""), at),
        actor=current_actor(),
        at=at,
        trail=current_trail(),
        calendar=working_calendar(session),
        idempotency_key=form.key.data,
    )
    session.commit()
    remark = remark_by_id(session, taken.subject_id)
    if remark is None:
        raise NotVisible
    return remark


def _step_page(template: str, remark: DossierRemark, step: RemarkStep, form: StepForm) -> ResponseReturnValue:
    is_open = step in {one.step for one in open_steps(db.session(), remark, current_actor())}
    return _page(template, remark, form) if is_open or form.form_errors else _shown(remark)


def _page(template: str, remark: DossierRemark, form: StepForm) -> ResponseReturnValue:
    page = remark_page(db.session(), remark, current_actor(), today())
    return render_page(template, page=page, form=form, status=409 if form.form_errors else 200)


def _shown(remark: DossierRemark) -> ResponseReturnValue:
    return redirect(url_for(".show_remark", dossier_remark=remark.code), code=303)
