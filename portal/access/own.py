"""`/me`: everybody's own stays, password and second factor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.enrolling import enrolled, factor_page, new_password_set
from portal.access.forms import ButtonForm, ChangePasswordForm, FactorForm
from portal.access.knocking import source_of
from portal.access.routes import left
from portal.access.words import why_not
from portal.extensions import db
from portal.htmx import render_page
from portal.security import allowed, current_trail
from portal.sessions import Person, current_person, current_sealer, current_strictness, renew_session
from registry.access.factors import (
    factor_of,
    recovery_codes_left,
    remove_factor,
    renew_recovery_codes,
)
from registry.access.models import SignIn
from registry.access.operations import end_stays, prove_account, sign_out_account
from registry.access.password_rules import holds_until
from registry.access.sign_ins import Stay, open_stays
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import NotAllowed, NotVisible

bp = Blueprint("own", __name__, url_prefix="/me")


@dataclass(frozen=True)
class StayRow:
    """One stay as its owner sees it."""

    stay: SignIn
    is_this: bool


@bp.get("/sign-ins")
@allowed(Action.SIGN_IN_KEEP)
def sign_ins() -> ResponseReturnValue:
    stay, session = this_stay(), db.session()
    account, strictness = stay.account, current_strictness()
    factor = factor_of(session, account)
    return render_page(
        "access/own.html",
        rows=rows_of(stay, open_stays(session, account, strictness, at=utc_now())),
        username=account.username,
        password_set_at=account.password_set_at,
        password_until=holds_until(account, strictness),
        factor_since=factor.enrolled_at if factor else None,
        codes_left=recovery_codes_left(session, account) if factor else 0,
        is_factor_required=strictness.requires_factor(account.roles_on(today())),
    )


@bp.post("/sign-ins/<code>/end")
@allowed(Action.SIGN_IN_KEEP)
def end_one(code: str) -> ResponseReturnValue:
    stay = this_stay()
    if code == stay.sign_in.code:
        return end_every()
    if not end_stays(db.session(), stay.account, at=utc_now(), trail=current_trail(), one=code):
        raise NotVisible
    db.session.commit()
    return done(_("该处登录已结束。"))


@bp.post("/sign-ins/end-others")
@allowed(Action.SIGN_IN_KEEP)
def end_others() -> ResponseReturnValue:
    stay = this_stay()
    count = end_stays(db.session(), stay.account, at=utc_now(), trail=current_trail(), but=stay.sign_in)
    db.session.commit()
    return done(_("已结束其他 %(count)s 处登录。", count=count))


@bp.post("/sign-ins/end-all")
@allowed(Action.SIGN_IN_KEEP)
def end_every() -> ResponseReturnValue:
    account = this_stay().account
    end_stays(db.session(), account, at=utc_now(), trail=current_trail())
    sign_out_account(db.session(), account, at=utc_now(), trail=current_trail())
    return left(_("您在所有设备上的登录均已结束。"))


@bp.route("/password", methods=["GET", "POST"])
@allowed(Action.SIGN_IN_KEEP)
def change_password() -> ResponseReturnValue:
    stay, form = this_stay(), ChangePasswordForm()
    if form.validate_on_submit() and is_current(stay, form) and new_password_set(stay, form):
        renew_session()
        db.session.commit()
        return done(_("密码已修改，您在其他设备上的登录已结束。"))
    return render_page("access/password.html", form=form, rules=current_strictness().password)


@bp.route("/factor", methods=["GET", "POST"])
@allowed(Action.SIGN_IN_KEEP, fresh=True)
def enrol() -> ResponseReturnValue:
    stay, form = this_stay(), FactorForm()
    if form.validate_on_submit() and (codes := enrolled(stay, form)):
        renew_session()
        db.session.commit()
        return render_page("access/recovery_codes.html", codes=codes, target=url_for("own.sign_ins"))
    return factor_page(form, stay.account, target=url_for("own.sign_ins"), is_arriving=False)


@bp.route("/recovery-codes", methods=["GET", "POST"])
@allowed(Action.SIGN_IN_KEEP, fresh=True)
def renew_codes() -> ResponseReturnValue:
    account, form, target = this_stay().account, ButtonForm(), url_for("own.sign_ins")
    if factor_of(db.session(), account) is None:
        raise NotVisible
    if form.validate_on_submit():
        codes = renew_recovery_codes(
            db.session(), account, at=utc_now(), sealer=current_sealer(), trail=current_trail()
        )
        db.session.commit()
        return render_page("access/recovery_codes.html", codes=codes, target=target)
    return render_page("access/renew_codes.html", form=form, target=target)


@bp.post("/factor/remove")
@allowed(Action.SIGN_IN_KEEP, fresh=True)
def remove() -> ResponseReturnValue:
    account = this_stay().account
    if current_strictness().requires_factor(account.roles_on(today())):
        raise NotAllowed
    remove_factor(db.session(), account, at=utc_now(), trail=current_trail())
    db.session.commit()
    return done(_("验证器已解除，今后登录只需密码。"))


def this_stay() -> Stay:
    """The stay of this request; the guard has let its person in."""
    return cast(Stay, cast(Person, current_person()).stay)


def rows_of(stay: Stay, found: Sequence[SignIn]) -> list[StayRow]:
    return [StayRow(other, other.id == stay.sign_in.id) for other in found]


def is_current(stay: Stay, form: ChangePasswordForm) -> bool:
    """Whether the person knows the password in force; guessing it is stopped as at the door."""
    at = utc_now()
    attempt = prove_account(
        db.session(),
        stay.account,
        password=str(form.current.data),
        at=at,
        sealer=current_sealer(),
        trail=current_trail(),
        source=source_of(stay.account.username),
    )
    if attempt.account is None:
        db.session.commit()
        form.current.errors = [why_not(attempt, _("当前密码不正确，请重新输入。"), at=at)]
    return attempt.account is not None


def done(sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("own.sign_ins"), code=303)
