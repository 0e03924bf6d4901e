"""评估等级 and 示范, recorded from their papers."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.inspections.forms_awards import DemonstrationForm, RatingForm, WithdrawForm
from portal.inspections.room import award_row
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible, RequirementUnmet
from registry.inspections.awarding import record_award
from registry.inspections.ratings import Award
from registry.inspections.withdrawing import award_of, withdraw_award
from registry.organisations.models import Organisation

bp = Blueprint("awards", __name__)


@bp.route("/providers/<code:organisation>/ratings/new", methods=["GET", "POST"])
@allowed(Action.RATING_RECORD, on=Organisation, see=Action.ORGANISATION_SEE)
def rate(organisation: Organisation) -> ResponseReturnValue:
    form = RatingForm()
    if form.validate_on_submit() and _is_recorded(organisation, form):
        flash(_("评估等级已登记。"))
        return _shown(organisation)
    title = _("登记评估等级")
    return render_page("inspections/award.html", form=form, organisation=organisation, title=title)


@bp.route("/providers/<code:organisation>/demonstrations/new", methods=["GET", "POST"])
@allowed(Action.RATING_RECORD, on=Organisation, see=Action.ORGANISATION_SEE)
def demonstrate(organisation: Organisation) -> ResponseReturnValue:
    form = DemonstrationForm()
    if form.validate_on_submit() and _is_recorded(organisation, form):
        flash(_("示范已登记。"))
        return _shown(organisation)
    title = _("登记示范")
    return render_page("inspections/award.html", form=form, organisation=organisation, title=title)


@bp.route("/providers/<code:organisation>/awards/<code:code>/withdraw", methods=["GET", "POST"])
@allowed(Action.RATING_RECORD, on=Organisation, see=Action.ORGANISATION_SEE)
def withdraw(organisation: Organisation, code: str) -> ResponseReturnValue:
    award = award_of(db.session(), organisation, code)
    if award is None:
        raise NotVisible
    form, row = WithdrawForm(), award_row(award, today())
    if form.validate_on_submit() and _is_withdrawn(award, form):
        flash(_("登记已作废；原来的内容和原因保留在本页。"))
        return _shown(organisation)
    status = 409 if form.form_errors else 200
    return render_page(
        "inspections/award_withdraw.html", form=form, organisation=organisation, row=row, status=status
    )


def _is_withdrawn(award: Award, form: WithdrawForm) -> bool:
    session = db.session()
    try:
        withdraw_award(
            session,
            award,
            reason=form.reason.data or "",
            actor=current_actor(),
            at=utc_now(),
            trail=current_trail(),
        )
    except RequirementUnmet as unmet:
        session.rollback()
        form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        db.session.refresh(award.organisation)
        return False
    session.commit()
    return True


def _is_recorded(organisation: Organisation, form: RatingForm | DemonstrationForm) -> bool:
    session = db.session()
    try:
        record_award(
            session,
            organisation,
            form.given(),
            actor=current_actor(),
            at=utc_now(),
            trail=current_trail(),
        )
    except InvalidInput as fault:
        session.rollback()
        form.refused(fault)
        db.session.refresh(organisation)
        return False
    session.commit()
    return True


def _shown(organisation: Organisation) -> ResponseReturnValue:
    return redirect(url_for("providers.show", organisation=organisation.code, _anchor="awards"), code=303)
