"""`/me/positions`: in which position one acts, whom one stands in for, and handing one's own position over."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField

from portal.extensions import db
from portal.fields import ReadField
from portal.formatting import spoken_message, word
from portal.frame import place_name
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.sessions import Person, current_person, current_strictness, renew_session
from registry.access.delegations import (
    Handover,
    change_position,
    delegation_by_code,
    give_delegation,
    given_by,
    standing_in_for,
    take_back,
)
from registry.access.models import Account, Delegation, Extent, Position
from registry.access.positions import colleagues, position_by_code
from registry.access.queries import account_by_code
from registry.access.sign_ins import Stay
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible, RequirementUnmet
from registry.parsing import day

bp = Blueprint("positions", __name__, url_prefix="/me/positions")


@dataclass(frozen=True)
class PositionRow:
    """One position in which the person may act."""

    code: str
    said: str
    """区县民政 · 上海市黄浦区."""
    holder: str
    """Whose it is, where the person stands in."""
    until: date | None
    is_current: bool
    is_delegation: bool


class HandoverForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """To whom, for which days, how far and why; what may be is asked of the registry."""

    delegate = SelectField(_l("代办人"), validate_choice=False)
    from_on = ReadField(_l("起始日"), day, missing=_l("请填写起始日。"))
    until_on = ReadField(
        _l("截止日"), day, missing=_l("请填写截止日。"), description=_l("含当日，如 2026-12-03")
    )
    extent = RadioField(_l("授权范围"), validate_choice=False)
    reason = StringField(
        _l("原因"),
        description=_l("2至100个字，如“年休假”。"),
        render_kw={"lang": "zh-Hans", "maxlength": 100},
    )

    def __init__(self, others: list[Account]) -> None:
        super().__init__()
        self.delegate.choices = [(other.code, other.name) for other in others]
        self.extent.choices = {extent.value: word(extent) for extent in Extent}

    def handover(self) -> Handover | None:
        """What was typed, or None with every error beside its field."""
        self.validate()
        delegate = account_by_code(db.session(), self.delegate.data or "")
        extent = self.extent.data
        if delegate is None:
            self.delegate.errors = [_("请选择代办人。")]
        if extent not in set(Extent):
            self.extent.errors = [_("请选择授权范围。")]
        if self.from_on.data is None or self.until_on.data is None or self.errors:
            return None
        if delegate is None or extent not in set(Extent):
            return None
        return Handover(
            delegate, Extent(extent), self.from_on.data, self.until_on.data, self.reason.data or ""
        )


@bp.get("")
@allowed(Action.SIGN_IN_KEEP)
def index() -> ResponseReturnValue:
    stay = this_stay()
    return render_page(
        "access/positions.html",
        rows=rows_of(stay),
        given=given_by(db.session(), stay.account),
        on=today(),
        is_standing_in=stay.delegation is not None,
    )


@bp.post("/<code>/take-up")
@allowed(Action.SIGN_IN_KEEP)
def take_up(code: str) -> ResponseReturnValue:
    """`code` is of a position of one's own, or of a delegation."""
    session, stay = db.session(), this_stay()
    delegation = delegation_by_code(session, code)
    position = delegation.position if delegation is not None else position_by_code(session, code)
    if position is None:
        raise NotVisible
    try:
        change_position(
            session,
            stay,
            position,
            delegation,
            strictness=current_strictness(),
            at=utc_now(),
            trail=current_trail(),
        )
    except RequirementUnmet as unmet:
        flash(spoken_message(unmet.message) if unmet.message else str(unmet))
        return redirect(url_for("own.enrol"), code=303)
    renew_session()
    session.commit()
    flash(_("现在的岗位：%(position)s。", position=said(position)))
    return redirect("/", code=303)


@bp.route("/hand-over", methods=["GET", "POST"])
@allowed(Action.DELEGATION_GIVE, fresh=True)
def hand_over() -> ResponseReturnValue:
    session, position, actor = db.session(), this_stay().position, current_actor()
    others = colleagues(session, position, on=today())
    form = HandoverForm(others)
    if form.is_submitted() and (handover := form.handover()) is not None:
        try:
            give_delegation(session, position, handover, actor=actor, at=utc_now(), trail=current_trail())
        except InvalidInput as refusal:
            form[refusal.field].errors = [spoken_message(refusal.message)] if refusal.message else []
        else:
            session.commit()
            flash(_("已授权%(name)s代办。", name=handover.delegate.name))
            return redirect(url_for(".index"), code=303)
    elif not form.is_submitted():
        form.from_on.data = today()
    return render_page("access/hand_over.html", form=form, position=said(position), others=others)


@bp.post("/delegations/<code>/take-back")
@allowed(Action.DELEGATION_GIVE)
def end(code: str) -> ResponseReturnValue:
    delegation = delegation_by_code(db.session(), code)
    if delegation is None or delegation.position.account_id != current_actor().account_id:
        raise NotVisible
    take_back(db.session(), delegation, actor=current_actor(), at=utc_now(), trail=current_trail())
    db.session.commit()
    flash(_("已收回授权，%(name)s不再代办。", name=delegation.delegate.name))
    return redirect(url_for(".index"), code=303)


def this_stay() -> Stay:
    """The stay of this request; the guard has let its person in."""
    return cast(Stay, cast(Person, current_person()).stay)


def rows_of(stay: Stay) -> list[PositionRow]:
    """One's own positions first, then those that were handed over."""
    own = [
        _row(position, None, is_current=stay.delegation is None and position.id == stay.position.id)
        for position in stay.account.positions_on(today())
    ]
    others = standing_in_for(db.session(), stay.account.id, on=today())
    now = stay.delegation.id if stay.delegation is not None else None
    return own + [_row(other.position, other, is_current=other.id == now) for other in others]


def said(position: Position) -> str:
    """区县民政 · 上海市黄浦区."""
    place = position.organisation.name if position.organisation else place_name(position.division_code)
    return f"{word(position.role)} · {place or _('全国')}"


def _row(position: Position, delegation: Delegation | None, *, is_current: bool) -> PositionRow:
    return PositionRow(
        code=delegation.code if delegation is not None else position.code,
        said=said(position),
        holder=position.account.name if delegation is not None else "",
        until=delegation.until_on if delegation is not None else None,
        is_current=is_current,
        is_delegation=delegation is not None,
    )
