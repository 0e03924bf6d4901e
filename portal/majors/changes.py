"""`/majors/changes`: a proposal is drawn up and handed in by one, published or returned by another."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.extensions import db
from portal.fields import CHINESE, stripped
from portal.htmx import render_page
from portal.majors.forms import ChangeForm, form_for, typed_of
from portal.majors.rehearsals import headline
from portal.majors.views import STATE_KINDS, change_page, offered
from portal.majors.words import WORDS
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from portal.workflow.passed import tell_what_was_done
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible
from registry.majors.models import MajorChange, MajorChangeState
from registry.majors.operations import LONGEST_REASON, change_of, field_of
from registry.majors.queries import IN_HAND, WHOLE, change_by_id, changes
from registry.majors.workflow import MajorChangeStep, name_of
from registry.policy.queries import working_calendar
from registry.workflow.operations import start
from registry.workflow.queries import open_steps
from registry.workforce.models import Catalogue

bp = Blueprint("major_changes", __name__, url_prefix="/majors/changes")

DONE = "done"


class ReturnForm(StepForm):
    """Why a proposal is not published as it is."""

    reason = TextAreaField(
        _l("退回原因"),
        description=_l("写明需要补充或修改什么，起草的一方会看到。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明退回原因。")),
            Length(max=LONGEST_REASON, message=_l("退回原因不超过500个字。")),
        ],
        render_kw={"rows": 3} | CHINESE,
    )


@bp.get("")
@allowed(Action.MAJOR_CHANGE_SEE)
def index() -> ResponseReturnValue:
    is_done = request.args.get("show") == DONE
    states = [state for state in MajorChangeState if (state not in IN_HAND) == is_done]
    found = changes(db.session(), current_actor(), states)
    return render_page(
        "majors/changes.html", changes=found, is_done=is_done, kinds=STATE_KINDS, name_of=name_of
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.MAJOR_CHANGE_MAKE)
def new() -> ResponseReturnValue:
    form = form_for(offered(db.session(), (), today()), data=_begun())
    if form.validate_on_submit():
        try:
            change = _drawn_up(form)
        except InvalidInput as fault:
            db.session.rollback()
            form.refused(fault)
        else:
            flash(_("方案已保存为草稿。请先看预演，再提交复核。"))
            return _shown(change)
    return render_page("majors/form.html", form=form, page=None)


@bp.get("/<code:major_change>")
@allowed(Action.MAJOR_CHANGE_SEE, on=MajorChange, load=WHOLE)
def show(major_change: MajorChange) -> ResponseReturnValue:
    return _page("majors/change.html", major_change, StepForm(obj=major_change))


@bp.route("/<code:major_change>/edit", methods=["GET", "POST"])
@allowed(Action.MAJOR_CHANGE_MAKE, on=MajorChange, load=WHOLE)
def edit(major_change: MajorChange) -> ResponseReturnValue:
    form = form_for(offered(db.session(), major_change.lines, today()), data=typed_of(major_change))
    if form.validate_on_submit() and is_taken(major_change, MajorChangeStep.SAVE, form, facts=form.proposal):
        flash(_("方案已修改。"))
        return _shown(major_change)
    return _step_page("majors/form.html", major_change, MajorChangeStep.SAVE, form)


@bp.route("/<code:major_change>/submit", methods=["GET", "POST"])
@allowed(Action.MAJOR_CHANGE_MAKE, on=MajorChange, load=WHOLE)
def submit(major_change: MajorChange) -> ResponseReturnValue:
    return _step(major_change, MajorChangeStep.SUBMIT, StepForm(obj=major_change))


@bp.route("/<code:major_change>/publish", methods=["GET", "POST"])
@allowed(Action.MAJOR_CHANGE_PUBLISH, on=MajorChange, load=WHOLE, fresh=True)
def publish(major_change: MajorChange) -> ResponseReturnValue:
    return _step(major_change, MajorChangeStep.PUBLISH, StepForm(obj=major_change))


@bp.route("/<code:major_change>/return", methods=["GET", "POST"])
@allowed(Action.MAJOR_CHANGE_PUBLISH, on=MajorChange, load=WHOLE)
def send_back(major_change: MajorChange) -> ResponseReturnValue:
    return _step(major_change, MajorChangeStep.RETURN, ReturnForm(data={"version": major_change.version}))


@bp.route("/<code:major_change>/withdraw", methods=["GET", "POST"])
@allowed(Action.MAJOR_CHANGE_MAKE, on=MajorChange, load=WHOLE)
def withdraw(major_change: MajorChange) -> ResponseReturnValue:
    return _step(major_change, MajorChangeStep.WITHDRAW, StepForm(obj=major_change))


def _begun() -> dict[str, str]:
    """The major in the address, such as undergraduate-030301, is proposed to be switched the other way."""
    catalogue, _dash, code = request.args.get("major", "").partition("-")
    deed = request.args.get("deed", "")
    is_known = catalogue in {one.value for one in Catalogue}
    return {field_of(Catalogue(catalogue), code): deed} if is_known and deed else {}


def _drawn_up(form: ChangeForm) -> MajorChange:
    """The proposal that this form makes, or made before when it is sent twice."""
    session, actor, at = db.session(), current_actor(), utc_now()
    proposal = form.proposal()
    taken = start(
        session,
        change_of(proposal, actor=actor, at=at),
        actor=actor,
        at=at,
        trail=current_trail(),
        calendar=working_calendar(session),
        facts=proposal,
        idempotency_key=form.key.data,
    )
    session.commit()
    change = change_by_id(session, taken.subject_id)
    if change is None:
        raise NotVisible
    return change


def _step(change: MajorChange, step: MajorChangeStep, form: StepForm) -> ResponseReturnValue:
    words = WORDS[step]
    reason = form.reason.data if isinstance(form, ReturnForm) else None
    if form.validate_on_submit() and is_taken(change, step, form, reason=reason):
        flash(_(words.done))
        return _shown(change)
    told = headline(change) if step is MajorChangeStep.PUBLISH else ""
    return _step_page("majors/step.html", change, step, form, words=words, headline=told, text=_)


def _step_page(
    template: str, change: MajorChange, step: MajorChangeStep, form: StepForm, **more: Any
) -> ResponseReturnValue:
    """A link to a step that is not open, or not the reader's to take, leads to the proposal as it stands."""
    is_open = step in {one.step for one in open_steps(db.session(), change, current_actor())}
    if is_open or form.form_errors:
        return _page(template, change, form, **more)
    tell_what_was_done(db.session(), change, step, MajorChangeStep)
    return _shown(change)


def _page(template: str, change: MajorChange, form: StepForm, **more: Any) -> ResponseReturnValue:
    page = change_page(db.session(), change, current_actor(), today())
    status = 409 if form.form_errors else 200
    return render_page(template, page=page, form=form, status=status, **more)


def _shown(change: MajorChange) -> ResponseReturnValue:
    return redirect(url_for("major_changes.show", major_change=change.code), code=303)
