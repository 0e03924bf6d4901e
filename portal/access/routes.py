"""The door: sign in, sign out."""

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.forms import SignInForm
from portal.access.knocking import remember_device, source_of
from portal.access.words import warn_of_expiry, why_not
from portal.extensions import db
from portal.htmx import render_page
from portal.preferences import local_path
from portal.security import current_trail, public, signed_in_actor
from portal.sessions import begin_session, current_strictness, end_session
from registry.access.locking import Attempt
from registry.access.models import Account
from registry.access.operations import sign_in_account, sign_out_account
from registry.clock import utc_now

bp = Blueprint("access", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form, target = SignInForm(), local_path(request.args.get("next"))
    if form.validate_on_submit():
        attempt = knocked(str(form.username.data), str(form.password.data))
        if attempt.account is not None:
            return redirect(target, code=303)
        form.username.errors = [
            why_not(
                attempt,
                _("用户名或密码不正确，请核对后重新输入。15分钟内连续输错5次，在这里暂停登录30分钟。"),
                at=utc_now(),
            )
        ]
    elif signed_in_actor() is not None:
        return redirect(target, code=303)
    return render_page("access/sign_in.html", form=form)


def knocked(name: str, password: str) -> Attempt:
    """Whoever gave the right password has a session, and what he owes is asked on the next page."""
    source, at = source_of(name), utc_now()
    attempt = sign_in_account(
        db.session(),
        name,
        password,
        at=at,
        strictness=current_strictness(),
        trail=current_trail(),
        source=source,
    )
    if attempt.account is not None and begin_session(attempt.account, source) is None:
        welcomed(attempt.account)
    db.session.commit()
    return attempt


def welcomed(account: Account) -> None:
    """Nothing is owed any more: the browser is known from now on, and a password that ends soon is mentioned."""
    remember_device(account.username)
    warn_of_expiry(account, at=utc_now())


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    actor = signed_in_actor()
    account = db.session.get(Account, actor.account_id) if actor else None
    if account is not None:
        sign_out_account(db.session(), account, at=utc_now(), trail=current_trail())
    return left(_("您已退出登录。"))


def left(sentence: str) -> ResponseReturnValue:
    """Out of the door, with nothing kept in the browser."""
    end_session()
    db.session.commit()
    flash(sentence)
    response = make_response(redirect(url_for("access.sign_in"), code=303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
