"""`/providers/<code>/succession` and `/successions/<code>`: seen first, recorded then, undone while it can be."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.successions.forms import SuccessionForm, UndoForm
from portal.successions.views import sentences_of
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, RequirementUnmet
from registry.messages import message
from registry.organisations.models import Organisation, Site
from registry.successions.models import OrganisationSuccession
from registry.successions.operations import By, record_succession, undo_succession, why_it_stands
from registry.successions.planning import Outlook, outlook_of
from registry.successions.queries import BOTH

bp = Blueprint("successions", __name__)

WITH_SITES = (
    selectinload(Organisation.standings),
    selectinload(Organisation.sites).selectinload(Site.placements),
)


@bp.route("/providers/<code:organisation>/succession", methods=["GET", "POST"])
@allowed(Action.SUCCESSION_RECORD, on=Organisation, see=Action.ORGANISATION_SEE, load=WITH_SITES)
def record(organisation: Organisation) -> ResponseReturnValue:
    form, outlook = SuccessionForm.for_organisation(organisation, today()), None
    if form.validate_on_submit():
        outlook = _looked_at(organisation, form)
        if outlook is not None and "confirm" in request.form and _was_seen(outlook, form):
            record_succession(db.session(), organisation, form.wanted(), _by())
            db.session.commit()
            flash(_("已登记承继。原单位的编号和代码仍能查到，并指向承继单位。"))
            return _shown(organisation)
        if outlook is not None:
            form.seen.process_data(outlook.digest)
            form.seen.raw_data = None
    return render_page(
        "successions/record.html",
        organisation=organisation,
        form=form,
        outlook=outlook,
        sentences=sentences_of(organisation, outlook) if outlook else (),
    )


@bp.route("/successions/<code:organisation_succession>/undo", methods=["GET", "POST"])
@allowed(Action.SUCCESSION_RECORD, on=OrganisationSuccession, see=Action.SUCCESSION_RECORD, load=BOTH)
def undo(organisation_succession: OrganisationSuccession) -> ResponseReturnValue:
    succession, form = organisation_succession, UndoForm()
    if form.validate_on_submit():
        try:
            undo_succession(db.session(), succession, form.reason.data or "", _by())
        except RequirementUnmet as unmet:
            db.session.rollback()
            form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        else:
            db.session.commit()
            flash(_("已撤销承继，两个单位恢复到登记之前。"))
            return _shown(succession.predecessor)
    why = why_it_stands(db.session(), succession)
    return render_page(
        "successions/undo.html",
        succession=succession,
        form=form,
        why=spoken_message(message(why)) if why else "",
        status=409 if form.form_errors else 200,
    )


def _looked_at(organisation: Organisation, form: SuccessionForm) -> Outlook | None:
    """What would happen; None where something stands against it, which is said beside its field."""
    try:
        return outlook_of(db.session(), organisation, form.wanted(), current_actor(), today())
    except InvalidInput as fault:
        form.refused(fault)
        return None


def _was_seen(outlook: Outlook, form: SuccessionForm) -> bool:
    """Only what was shown is recorded; what changed meanwhile is shown again."""
    if form.seen.data == outlook.digest:
        return True
    form.form_errors.append(_("您看过之后情况有变化，下面是现在的结果，请核对后再确认。"))
    return False


def _by() -> By:
    return By(current_actor(), utc_now(), today(), current_trail())


def _shown(organisation: Organisation) -> ResponseReturnValue:
    return redirect(url_for("providers.show", organisation=organisation.code), code=303)
