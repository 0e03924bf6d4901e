"""`/activities`: what took place. Recorded in half a minute on a phone, corrected with a reason, never deleted."""

from uuid import uuid4

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.attachments.checking import Checked
from portal.attachments.uploading import checked_upload, keep, sent_file
from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.listing import Words, ask, fetched, places_of
from portal.security import allowed, current_actor, current_trail, require_proof
from portal.services.forms_activity import (
    OF_KIND,
    OF_SERVICE,
    ActivityForm,
    CorrectionForm,
    SheetForm,
    VoidForm,
    content_of,
    typed_of,
)
from portal.services.lists import NamingList, names_in
from portal.services.sheets import FIELD, sheet_answer, sheets_of
from portal.services.views_activity import months_of, said_before
from portal.services.wording import hours_of
from portal.sessions import current_stay
from portal.workflow.forms import StepForm
from portal.workforce.sealed_forms import RevealForm
from registry.access.masks import Mask, asks_fresh_proof
from registry.access.reveals import REVEALED_FOR, RevealReason, reveal
from registry.access.roles import ORGANISATION_ROLES
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions.codes import NATION
from registry.errors import InvalidInput, KeyReused, NotVisible, RequirementUnmet, StaleVersion
from registry.organisations.models import Site
from registry.services.activities import correct_activity, faults, record_activity, void_activity
from registry.services.listings import ACTIVITIES
from registry.services.models import Activity
from registry.services.queries import OF_ACTIVITY, last_activity, open_sites, services_of, totals_of

bp = Blueprint("activities", __name__, url_prefix="/activities")

WORDS = Words(
    total=_l("共 %(count)s 条活动记录（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 条活动记录（%(place)s，含下级）"),
)

OWN_WORDS = Words(total=_l("共 %(count)s 条活动记录"), capped=_l("超过 %(count)s 条活动记录"))


@bp.get("")
@allowed(Action.ACTIVITY_SEE)
def index() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    is_own = actor.role in ORGANISATION_ROLES
    home = NATION if is_own else None
    question = ask(ACTIVITIES, Action.ACTIVITY_SEE, home=home)
    places = places_of(session, question, actor.division_code)
    view = NamingList(
        question,
        fetched(session, question),
        places,
        OWN_WORDS if is_own else WORDS,
        endpoint="activities.index",
        named=names_in(session, question),
    )
    totals = totals_of(session, question)
    return render_page(
        "activities/index.html",
        view=view,
        totals=totals,
        hours=hours_of(totals.minutes),
        months=months_of(view, today()),
        is_own=is_own,
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.ACTIVITY_RECORD)
def new() -> ResponseReturnValue:
    form = _new_form()
    if form is None:
        return render_page("activities/no_site.html")
    if form.validate_on_submit() and not _blamed(form):
        activity = _recorded(form)
        if activity is not None:
            flash(_("活动已登记。"))
            return _shown(activity)
    return render_page("activities/form.html", form=form, activity=None, status=_status(form))


@bp.get("/<code:activity>")
@allowed(Action.ACTIVITY_SEE, on=Activity, load=OF_ACTIVITY)
def show(activity: Activity) -> ResponseReturnValue:
    return _page(activity, SheetForm(obj=activity))


@bp.route("/<code:activity>/correct", methods=["GET", "POST"])
@allowed(Action.ACTIVITY_RECORD, on=Activity, load=OF_ACTIVITY)
def correct(activity: Activity) -> ResponseReturnValue:
    form = _correction_form(activity)
    if activity.is_voided:
        return _shown(activity)
    if form.validate_on_submit() and not _blamed(form) and _is_corrected(activity, form):
        flash(_("已更正，原来的内容保留在记录里。"))
        return _shown(activity)
    return render_page("activities/form.html", form=form, activity=activity, status=_status(form))


@bp.route("/<code:activity>/void", methods=["GET", "POST"])
@allowed(Action.ACTIVITY_RECORD, on=Activity, load=OF_ACTIVITY)
def void(activity: Activity) -> ResponseReturnValue:
    form = VoidForm(data={"version": activity.version})
    if activity.is_voided:
        return _shown(activity)
    if form.validate_on_submit() and _is_voided(activity, form):
        flash(_("已作废，不再计入合计。"))
        return _shown(activity)
    return render_page("activities/void.html", form=form, activity=activity, status=_status(form))


@bp.post("/<code:activity>/sheets")
@allowed(Action.ACTIVITY_RECORD, on=Activity, load=OF_ACTIVITY)
def add(activity: Activity) -> ResponseReturnValue:
    form, session = SheetForm(), db.session()
    if not form.validate_on_submit():
        return _page(activity, form)
    try:
        file = sent_file(session, form.file.data, activity.division_code)
        _keep(activity, file, form_key=form.key.data or "")
    except InvalidInput as fault:
        form.refused(fault)
        return _page(activity, form)
    except RequirementUnmet as unmet:
        form.form_errors.append(spoken_message(unmet.message) if unmet.message else "")
        return _page(activity, form)
    session.commit()
    flash(_("签到表照片已保存。"))
    return _shown(activity)


@bp.get("/<code:activity>/sheets/<code:attachment>")
@allowed(Action.ACTIVITY_SEE, on=Activity, writes=True)
def sheet(activity: Activity, attachment: str) -> ResponseReturnValue:
    return sheet_answer(db.session(), activity, attachment)


@bp.route("/<code:activity>/show-sheets", methods=["GET", "POST"])
@allowed(Action.IDENTITY_REVEAL, on=Activity, see=Action.ACTIVITY_SEE, load=OF_ACTIVITY)
def show_sheets(activity: Activity) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    if sheets_of(session, activity, actor).mask is not Mask.PART:
        return _shown(activity)
    form = RevealForm()
    if form.validate_on_submit():
        if asks_fresh_proof(FIELD):
            require_proof()
        reveal(
            session,
            actor=actor,
            stay=current_stay(),
            subject=activity,
            field=FIELD,
            reason=RevealReason(form.reason.data),
            explanation=form.explanation.data or "",
            at=utc_now(),
            trail=current_trail(),
            see=Action.ACTIVITY_SEE,
        )
        session.commit()
        return _shown(activity)
    minutes = REVEALED_FOR.seconds // 60
    return render_page("activities/show_sheets.html", form=form, activity=activity, minutes=minutes)


def _new_form() -> ActivityForm | None:
    """Today, and what this person recorded last; None where the organisation has no open site."""
    session, actor, on = db.session(), current_actor(), today()
    organisation_id = actor.organisation_id
    if organisation_id is None:
        return None
    sites = open_sites(session, organisation_id, on)
    if not sites:
        return None
    services = services_of(session, on, organisation_id=organisation_id)
    last = last_activity(session, actor_code=actor.code, organisation_id=organisation_id)
    offered = {f"{OF_SERVICE}{service.code}" for service in services}
    content = content_of(last) if last else f"{OF_SERVICE}{services[0].code}" if services else ""
    if content.startswith(OF_SERVICE) and content not in offered and last is not None:
        content = f"{OF_KIND}{last.kind.value}"  # the service ended since
    asked = f"{OF_SERVICE}{request.args.get('service', '')}"
    known = {site.id: site.code for site in sites}
    return ActivityForm(
        sites=sites,
        services=services,
        data={
            "content": asked if asked in offered else content,
            "site": known.get(last.site_id, sites[0].code) if last else sites[0].code,
            "held_on": on,
            "minutes": last.minutes if last else None,
        },
    )


def _correction_form(activity: Activity) -> CorrectionForm:
    """The site stays; a service that ended since is still named."""
    services = services_of(db.session(), activity.held_on, site_id=activity.site_id)
    if activity.service is not None and activity.service not in services:
        services = [*services, activity.service]
    return CorrectionForm(sites=[activity.site], services=services, data=typed_of(activity))


def _recorded(form: ActivityForm) -> Activity | None:
    """The record that this form makes, or made before when it is sent twice; None where the form says why not."""
    session, site = db.session(), form.chosen_site
    authorize(current_actor(), Action.ACTIVITY_RECORD, site, see=Action.SITE_SEE)
    try:
        activity = _with_its_sheet(form, site)
    except InvalidInput as fault:
        form.refused(fault)
        return None
    except KeyReused:
        form.used_up(uuid4().hex)
        return None
    except RequirementUnmet as unmet:
        form.form_errors.append(spoken_message(unmet.message) if unmet.message else "")
        return None
    session.commit()
    return activity


def _with_its_sheet(form: ActivityForm, site: Site) -> Activity:
    session, key = db.session(), form.key.data or ""
    file = checked_upload(session, form.file.data, site.division_code)
    activity = record_activity(
        session,
        site,
        form.held(),
        service=form.service,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
        form_key=key,
        is_another=form.is_another.data,
    )
    if file is not None:
        _keep(activity, file, form_key=key)
    return activity


def _keep(activity: Activity, file: Checked, *, form_key: str) -> None:
    place = activity.division_code
    keep(db.session(), activity, file, field=FIELD, division_code=place, form_key=form_key)


def _is_corrected(activity: Activity, form: CorrectionForm) -> bool:
    session = db.session()
    if form.chosen_site is not activity.site:
        raise NotVisible
    try:
        correct_activity(
            session,
            activity,
            form.held(),
            service=form.service,
            reason=form.reason.data or "",
            version=form.version.data or 0,
            actor=current_actor(),
            at=utc_now(),
            trail=current_trail(),
        )
    except InvalidInput as fault:
        session.rollback()
        session.refresh(activity)  # the page shows it again
        form.refused(fault)
        return False
    except (RequirementUnmet, StaleVersion) as refusal:
        session.rollback()
        return _say(form, refusal, activity)
    session.commit()
    return True


def _is_voided(activity: Activity, form: VoidForm) -> bool:
    session = db.session()
    try:
        void_activity(
            session,
            activity,
            reason=form.reason.data or "",
            version=form.version.data or 0,
            actor=current_actor(),
            at=utc_now(),
            trail=current_trail(),
        )
    except InvalidInput as fault:
        session.rollback()
        session.refresh(activity)  # the page shows it again
        form.refused(fault)
        return False
    except (RequirementUnmet, StaleVersion) as refusal:
        session.rollback()
        return _say(form, refusal, activity)
    session.commit()
    return True


def _say(
    form: CorrectionForm | VoidForm, refusal: RequirementUnmet | StaleVersion, activity: Activity
) -> bool:
    if isinstance(refusal, StaleVersion):
        form.overtaken(activity.version)
    elif refusal.message:
        form.form_errors.append(spoken_message(refusal.message))
    return False


def _blamed(form: ActivityForm) -> bool:
    found = faults(form.chosen_site, form.held(), service=form.service, today=today())
    return form.blame(found)


def _page(activity: Activity, form: SheetForm) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    return render_page(
        "activities/show.html",
        activity=activity,
        form=form,
        sheets=sheets_of(session, activity, actor),
        before=[said_before(one) for one in reversed(activity.corrections)],
        status=_status(form),
    )


def _status(form: StepForm) -> int:
    return 409 if form.form_errors else 200


def _shown(activity: Activity) -> ResponseReturnValue:
    return redirect(url_for(".show", activity=activity.code), code=303)
