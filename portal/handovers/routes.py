"""`/handovers`: open work passed on to somebody who holds the same position, and the successor's list."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.positions import this_stay
from portal.extensions import db
from portal.formatting import spoken_message
from portal.handovers.forms import HandoverForm, LineForm, SuccessorForm
from portal.handovers.views import STATE_KINDS, handover_page, preview_of
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.access.models import Position
from registry.access.positions import position_by_code
from registry.access.roles import ADMINISTRATORS
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotAllowed, NotVisible, RequirementUnmet
from registry.handovers.deciding import may_hand_over
from registry.handovers.handing_over import hand_over
from registry.handovers.models import Handover, HandoverState
from registry.handovers.open_work import candidates
from registry.handovers.operations import Plan
from registry.handovers.queries import IN_HAND, WHOLE, handovers
from registry.handovers.workflow import HandoverStep
from registry.workflow.queries import open_steps

bp = Blueprint("handovers", __name__, url_prefix="/handovers")

DONE = "done"


@bp.get("")
@allowed(Action.HANDOVER_SEE)
def index() -> ResponseReturnValue:
    is_done = request.args.get("show") == DONE
    states = [state for state in HandoverState if (state not in IN_HAND) == is_done]
    rows = handovers(db.session(), current_actor(), states)
    return render_page("handovers/index.html", rows=rows, kinds=STATE_KINDS, is_done=is_done)


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.HANDOVER_HAND_ON, fresh=True)
def new() -> ResponseReturnValue:
    """`position` in the address names whose work it is; without it, one's own."""
    session, actor, position = db.session(), current_actor(), _position_asked()
    if position is None and request.method == "POST":
        raise NotAllowed
    if position is None:
        return redirect(url_for("accounts.index"), code=303)
    form = HandoverForm(candidates(session, position, today()), _("暂无接办人，交上级安排"))
    if form.validate_on_submit():
        try:
            handover = _begun(form, position)
        except InvalidInput as fault:
            session.rollback()
            form.refused(fault)
        except RequirementUnmet as unmet:
            session.rollback()
            form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        else:
            flash(_said_of(handover))
            return _shown(handover)
    preview = preview_of(session, position, actor, today())
    own = position.account.code == actor.code
    return render_page("handovers/new.html", form=form, preview=preview, is_own=own)


@bp.get("/<code:handover>")
@allowed(Action.HANDOVER_SEE, on=Handover, load=WHOLE)
def show(handover: Handover) -> ResponseReturnValue:
    return _page("handovers/show.html", handover, StepForm(data={"version": handover.version}))


@bp.route("/<code:handover>/hand-on", methods=["GET", "POST"])
@allowed(Action.HANDOVER_HAND_ON, on=Handover, load=WHOLE, fresh=True)
def hand_on(handover: Handover) -> ResponseReturnValue:
    named = handover.successor.code if handover.successor is not None else ""
    form = SuccessorForm(
        candidates(db.session(), handover.position, today()),
        _("请选择接办人"),
        data={"version": handover.version, "successor": named},
    )
    if form.validate_on_submit() and is_taken(
        handover, HandoverStep.HAND_ON, form, facts=lambda: form.chosen
    ):
        flash(_said_of(handover))
        return _shown(handover)
    is_open = HandoverStep.HAND_ON in {
        one.step for one in open_steps(db.session(), handover, current_actor())
    }
    return _page("handovers/hand_on.html", handover, form) if is_open else _shown(handover)


@bp.post("/<code:handover>/withdraw")
@allowed(Action.HANDOVER_HAND_ON, on=Handover, load=WHOLE)
def withdraw(handover: Handover) -> ResponseReturnValue:
    form = StepForm(data={"version": handover.version})
    if form.validate_on_submit() and is_taken(handover, HandoverStep.WITHDRAW, form):
        flash(_("工作交接已撤回。"))
        return _shown(handover)
    return _page("handovers/show.html", handover, form)


@bp.post("/<code:handover>/acknowledge")
@allowed(Action.HANDOVER_ACKNOWLEDGE, on=Handover, load=WHOLE)
def acknowledge(handover: Handover) -> ResponseReturnValue:
    form = StepForm(data={"version": handover.version})
    if form.validate_on_submit() and is_taken(handover, HandoverStep.ACKNOWLEDGE, form):
        flash(_("交接清单已收起，可在“工作交接”中查看。"))
        return _shown(handover)
    return _page("handovers/show.html", handover, form)


@bp.post("/<code:handover>/lines")
@allowed(Action.HANDOVER_ACKNOWLEDGE, on=Handover, load=WHOLE)
def acknowledge_line(handover: Handover) -> ResponseReturnValue:
    """The last line puts the list away."""
    form = LineForm(data={"version": handover.version})
    if form.validate_on_submit() and is_taken(
        handover, HandoverStep.ACKNOWLEDGE_LINE, form, facts=lambda: form.line.data
    ):
        _put_away_if_all_is_seen(handover)
        return redirect("/" if form.back.data == "home" else _url(handover), code=303)
    return _page("handovers/show.html", handover, form)


def _put_away_if_all_is_seen(handover: Handover) -> None:
    if any(line.acknowledged_at is None for line in handover.lines):
        return
    form = StepForm(formdata=None, data={"version": handover.version})
    if is_taken(handover, HandoverStep.ACKNOWLEDGE, form):
        flash(_("交接清单已全部确认。"))


def _position_asked() -> Position | None:
    """None for an administrator who names no position; NotVisible where it is not his to hand over."""
    code, actor = request.args.get("position", ""), current_actor()
    if not code:
        return this_stay().position if actor.role not in ADMINISTRATORS else None
    position = position_by_code(db.session(), code)
    if position is None or position.role in ADMINISTRATORS or not may_hand_over(actor, position):
        raise NotVisible
    return position


def _begun(form: HandoverForm, position: Position) -> Handover:
    """The handover that this form makes, or made before when it is sent twice."""
    session = db.session()
    handover = hand_over(
        session,
        Plan(position, form.chosen, form.chosen_kind, form.note.data or ""),
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
        idempotency_key=form.key.data,
    )
    session.commit()
    return handover


def _said_of(handover: Handover) -> str:
    successor = handover.successor
    if successor is None:
        return str(_("已交上级安排接办人。"))
    if handover.state is HandoverState.DRAWN_UP:
        return str(_("已指定%(name)s接办，请在其到岗后移交。", name=successor.account.name))
    return str(_("工作已移交，%(name)s的工作台会显示交接清单。", name=successor.account.name))


def _page(template: str, handover: Handover, form: StepForm) -> ResponseReturnValue:
    page = handover_page(db.session(), handover, current_actor(), today())
    return render_page(template, page=page, form=form, status=409 if form.form_errors else 200)


def _url(handover: Handover) -> str:
    return url_for(".show", handover=handover.code)


def _shown(handover: Handover) -> ResponseReturnValue:
    return redirect(_url(handover), code=303)
