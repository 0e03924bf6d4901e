"""Changes of a site's address: drawn up and submitted by the provider, confirmed or returned by the district."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.organisations.address_views import conflicting, page_of, reason_of_return
from portal.organisations.forms_address import AddressForm, ReasonForm
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from portal.workflow.withdrawing import is_own_draft
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import NotVisible, RequirementUnmet, StaleVersion
from registry.organisations.address_change_queries import (
    address_change_by_id,
    open_change_of,
    street_groups,
)
from registry.organisations.address_changes import draft_of, faults
from registry.organisations.models import AddressChange, Site
from registry.organisations.workflow import ADDRESS_CHANGES, AddressChangeStep
from registry.policy.queries import working_calendar
from registry.workflow.operations import start, take_step

bp = Blueprint("address_changes", __name__)

SITE = (joinedload(Site.organisation), selectinload(Site.placements))
CHANGE = (joinedload(AddressChange.site).options(*SITE),)


@bp.route("/sites/<code:site>/address-changes/new", methods=["GET", "POST"])
@allowed(Action.ADDRESS_CHANGE_ASK, on=Site, see=Action.SITE_SEE, load=SITE)
def new(site: Site) -> ResponseReturnValue:
    form = AddressForm.for_site(site, street_groups(db.session(), site, today()))
    if form.validate_on_submit() and not _blamed(form, site):
        change = _drawn_up(site, form)
        flash(_("已保存草稿。请核对新旧内容，无误后提交。"))
        return _shown(change)
    in_hand = open_change_of(db.session(), site) if not form.is_submitted() else None
    if in_hand is not None:
        flash(_("本场所已有一件未办结的地址变更，见本页。"))
        return _shown(in_hand)
    return render_page("address_changes/form.html", form=form, site=site)


@bp.get("/address-changes/<code:address_change>")
@allowed(Action.ADDRESS_CHANGE_SEE, on=AddressChange, load=CHANGE)
def show(address_change: AddressChange) -> ResponseReturnValue:
    return _page("address_changes/show.html", address_change, StepForm(obj=address_change))


@bp.route("/address-changes/<code:address_change>/edit", methods=["GET", "POST"])
@allowed(Action.ADDRESS_CHANGE_ASK, on=AddressChange, load=CHANGE)
def edit(address_change: AddressChange) -> ResponseReturnValue:
    site = address_change.site
    form = AddressForm.for_change(address_change, street_groups(db.session(), site, today()))
    if form.validate_on_submit() and not _blamed(form, site):
        try:
            _take(address_change, AddressChangeStep.SAVE, form, facts=form.proposal())
        except StaleVersion:
            return _conflict(address_change, form)
        flash(_("已保存修改。请核对新旧内容，无误后提交。"))
        return _shown(address_change)
    return _edit_page(address_change, form)


@bp.post("/address-changes/<code:address_change>/submit")
@allowed(Action.ADDRESS_CHANGE_ASK, on=AddressChange, load=CHANGE)
def submit(address_change: AddressChange) -> ResponseReturnValue:
    form = StepForm()
    if _is_taken(address_change, AddressChangeStep.SUBMIT, form):
        flash(_("地址变更已提交，等待区县确认。"))
        return _shown(address_change)
    return _page("address_changes/show.html", address_change, form)


@bp.route("/address-changes/<code:address_change>/withdraw", methods=["GET", "POST"])
@allowed(Action.ADDRESS_CHANGE_ASK, on=AddressChange, load=CHANGE)
def withdraw(address_change: AddressChange) -> ResponseReturnValue:
    form = StepForm(obj=address_change)
    if _is_taken(address_change, AddressChangeStep.WITHDRAW, form):
        was_draft = is_own_draft(address_change)
        flash(_("草稿已放弃，登记的地址不变。") if was_draft else _("地址变更已撤回，登记的地址不变。"))
        return _shown(address_change)
    return _step_page("address_changes/withdraw.html", address_change, AddressChangeStep.WITHDRAW, form)


@bp.route("/address-changes/<code:address_change>/confirm", methods=["GET", "POST"])
@allowed(Action.ADDRESS_CHANGE_CONFIRM, on=AddressChange, load=CHANGE)
def confirm(address_change: AddressChange) -> ResponseReturnValue:
    form = StepForm(obj=address_change)
    if _is_taken(address_change, AddressChangeStep.CONFIRM, form):
        flash(_("新地址已确认并登记。"))
        return _shown(address_change)
    return _step_page("address_changes/confirm.html", address_change, AddressChangeStep.CONFIRM, form)


@bp.route("/address-changes/<code:address_change>/return", methods=["GET", "POST"])
@allowed(Action.ADDRESS_CHANGE_CONFIRM, on=AddressChange, load=CHANGE)
def return_change(address_change: AddressChange) -> ResponseReturnValue:
    form = ReasonForm(obj=address_change)
    if _is_taken(address_change, AddressChangeStep.RETURN, form, reason=form.reason.data):
        flash(_("地址变更已退回，机构会看到退回原因。"))
        return _shown(address_change)
    return _step_page("address_changes/return.html", address_change, AddressChangeStep.RETURN, form)


def _drawn_up(site: Site, form: AddressForm) -> AddressChange:
    """The draft that this form makes, or made before when it is sent twice."""
    actor, at, proposal = current_actor(), utc_now(), form.proposal()
    taken = start(
        db.session(),
        draft_of(site, proposal, asked_by_id=actor.account_id, at=at),
        actor=actor,
        at=at,
        trail=current_trail(),
        calendar=working_calendar(db.session()),
        facts=proposal,
        idempotency_key=form.key.data,
    )
    db.session.commit()
    change = address_change_by_id(db.session(), taken.subject_id)
    if change is None:
        raise NotVisible
    return change


def _is_taken(change: AddressChange, step: AddressChangeStep, form: StepForm, **more: Any) -> bool:
    """Whether the form was sent and its step taken.

    What it still lacks, or what others changed meanwhile, is said on the page, which shows the change as it stands.
    """
    if not form.validate_on_submit():
        return False
    try:
        _take(change, step, form, **more)
    except RequirementUnmet as unmet:
        form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        return False
    except StaleVersion:
        form.overtaken(change.version)
        return False
    return True


def _take(change: AddressChange, step: AddressChangeStep, form: AddressForm | StepForm, **more: Any) -> None:
    """Take the step that the form asks for, and keep it."""
    take_step(
        db.session(),
        change,
        step,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
        calendar=working_calendar(db.session()),
        version=form.version.data,
        idempotency_key=form.key.data,
        **more,
    )
    db.session.commit()


def _blamed(form: AddressForm, site: Site) -> bool:
    return form.blame(faults(db.session(), site, form.proposal(), today=today()))


def _conflict(change: AddressChange, form: AddressForm) -> ResponseReturnValue:
    """Both versions side by side; what was typed stays in the form, and sending it again replaces the newer one."""
    pairs = conflicting(db.session(), change, form.proposal())
    form.take_version(change.version)
    return _edit_page(change, form, pairs=pairs, status=409)


def _edit_page(change: AddressChange, form: AddressForm, **more: Any) -> ResponseReturnValue:
    if _is_over(change, AddressChangeStep.SAVE):
        return _shown(change)
    reason = reason_of_return(db.session(), change)
    return render_page(
        "address_changes/form.html", form=form, site=change.site, change=change, reason=reason, **more
    )


def _step_page(
    template: str, change: AddressChange, step: AddressChangeStep, form: StepForm
) -> ResponseReturnValue:
    return _shown(change) if _is_over(change, step) else _page(template, change, form)


def _is_over(change: AddressChange, step: AddressChangeStep) -> bool:
    """An old link to a step that is no longer open leads to the change as it stands."""
    return step not in {transition.step for transition in ADDRESS_CHANGES.leaving(change.state)}


def _page(template: str, change: AddressChange, form: StepForm) -> ResponseReturnValue:
    page = page_of(db.session(), change, current_actor(), today())
    return render_page(template, page=page, form=form, status=409 if form.form_errors else 200)


def _shown(change: AddressChange) -> ResponseReturnValue:
    return redirect(url_for(".show", address_change=change.code), code=303)
