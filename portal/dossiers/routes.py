"""The page of a dossier with its check, and the page of the two gates of public fundraising."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.dossiers.forms import CorrectionForm, DifferenceForm, Side
from portal.dossiers.lists import bp
from portal.dossiers.views import dossier_page
from portal.extensions import db
from portal.htmx import render_page
from portal.security import allowed, current_actor
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.clock import today
from registry.dossiers.facts import picture_on
from registry.dossiers.fundraising import gates_on, terms_in_force
from registry.dossiers.models import Dossier
from registry.dossiers.operations import Correcting
from registry.dossiers.queries import WHOLE
from registry.dossiers.workflow import DossierStep
from registry.workflow.queries import open_steps


@bp.get("/<code:dossier>")
@allowed(Action.DOSSIER_SEE, on=Dossier, load=WHOLE)
def show(dossier: Dossier) -> ResponseReturnValue:
    return _page("dossiers/show.html", dossier, StepForm(obj=dossier))


@bp.get("/<code:dossier>/fundraising")
@allowed(Action.DOSSIER_SEE, on=Dossier, load=WHOLE)
def fundraising(dossier: Dossier) -> ResponseReturnValue:
    on = today()
    terms = terms_in_force(db.session(), dossier.division_code, on)
    gates = gates_on(picture_on(dossier.facts, on), terms, on)
    return render_page("dossiers/fundraising.html", dossier=dossier, gates=gates)


@bp.route("/<code:dossier>/check", methods=["GET", "POST"])
@allowed(Action.DOSSIER_CHECK, on=Dossier, load=WHOLE)
def check(dossier: Dossier) -> ResponseReturnValue:
    form = StepForm(obj=dossier)
    if form.validate_on_submit() and is_taken(dossier, DossierStep.CHECK, form):
        flash(_("已记为核对一致。"))
        return _shown(dossier)
    return _step_page("dossiers/check.html", dossier, DossierStep.CHECK, form)


@bp.route("/<code:dossier>/differs", methods=["GET", "POST"])
@allowed(Action.DOSSIER_CHECK, on=Dossier, load=WHOLE)
def find_different(dossier: Dossier) -> ResponseReturnValue:
    form = DifferenceForm(data={"version": dossier.version})
    step: dict[str, Any] = {"reason": form.reason.data, "facts": form.fields.chosen}
    if form.validate_on_submit() and is_taken(dossier, DossierStep.FIND_DIFFERENT, form, **step):
        flash(_("已登记不一致，单位会看到。更正之后请再核对。"))
        return _shown(dossier)
    return _step_page("dossiers/differs.html", dossier, DossierStep.FIND_DIFFERENT, form)


@bp.route("/<code:dossier>/correct", methods=["GET", "POST"])
@allowed(Action.DOSSIER_CHECK, on=Dossier, load=WHOLE)
def correct(dossier: Dossier) -> ResponseReturnValue:
    form = CorrectionForm(data={"version": dossier.version})

    def facts() -> Correcting:
        return Correcting(follows_list=form.side.data == Side.REGISTER)

    if form.validate_on_submit() and is_taken(
        dossier, DossierStep.CORRECT, form, reason=form.reason.data, facts=facts
    ):
        flash(_("已登记更正，由另一名人员再核对。"))
        return _shown(dossier)
    return _step_page("dossiers/correct.html", dossier, DossierStep.CORRECT, form)


def _step_page(template: str, dossier: Dossier, step: DossierStep, form: StepForm) -> ResponseReturnValue:
    """A link to a step that is not open leads to the dossier as it stands."""
    is_open = step in {one.step for one in open_steps(db.session(), dossier, current_actor())}
    return _page(template, dossier, form) if is_open or form.form_errors else _shown(dossier)


def _page(template: str, dossier: Dossier, form: StepForm) -> ResponseReturnValue:
    page = dossier_page(db.session(), dossier, current_actor(), today())
    return render_page(template, page=page, form=form, status=409 if form.form_errors else 200)


def _shown(dossier: Dossier) -> ResponseReturnValue:
    return redirect(url_for(".show", dossier=dossier.code), code=303)
