"""`/accounts`: who holds which position in one's reach, one person's account, and ending a position."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from portal.access.positions import said
from portal.appointments.forms import EndForm
from portal.appointments.views import ACCOUNT_KINDS, TENURE_KINDS, account_page
from portal.extensions import db
from portal.frame import place_name
from portal.handovers.views import preview_of
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.security import allowed, current_actor, current_trail
from registry.access.listings import POSITIONS
from registry.access.models import Account, Position
from registry.actions import Action
from registry.appointments.inviting import take_away
from registry.clock import today, utc_now
from registry.errors import InvalidInput

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

WORDS = Words(
    total=_l("共 %(count)s 个岗位（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 个岗位（%(place)s，含下级）"),
)
WHOLE = (selectinload(Account.positions).joinedload(Position.organisation),)
HELD = (joinedload(Position.organisation), joinedload(Position.account).selectinload(Account.positions))


@bp.get("")
@allowed(Action.ACCOUNT_SEE)
def index() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    question = ask(POSITIONS, Action.ACCOUNT_SEE)
    page = fetched(session, question)
    places = places_of(session, question, actor.division_code)
    return render_page(
        "appointments/accounts.html",
        view=ListView(question, page, places, WORDS, endpoint="accounts.index"),
        place_of={row.division_code: place_name(row.division_code) for row in page.rows},
        tenure_kinds=TENURE_KINDS,
        account_kinds=ACCOUNT_KINDS,
    )


@bp.get("/<code:account>")
@allowed(Action.ACCOUNT_SEE, on=Account, load=WHOLE)
def show(account: Account) -> ResponseReturnValue:
    page = account_page(db.session(), account, current_actor(), today())
    return render_page("appointments/account.html", page=page)


@bp.route("/positions/<code:position>/end", methods=["GET", "POST"])
@allowed(Action.POSITION_END, on=Position, see=Action.ACCOUNT_SEE, load=HELD, fresh=True)
def end(position: Position) -> ResponseReturnValue:
    form, session, account = EndForm(), db.session(), position.account
    back = url_for(".show", account=account.code)
    if form.validate_on_submit():
        try:
            take_away(
                session,
                position,
                actor=current_actor(),
                at=utc_now(),
                trail=current_trail(),
                reason=form.reason.data or "",
                is_left_above=form.is_left_above,
            )
        except InvalidInput as fault:
            form.refused(fault)
        else:
            session.commit()
            flash(_("岗位已终止，%(name)s不能再以这个岗位办理。", name=account.name))
            return redirect(back, code=303)
    return render_page(
        "appointments/end.html",
        form=form,
        account=account,
        position=position,
        said=said(position),
        preview=preview_of(session, position, current_actor(), today()),
        back=back,
    )
