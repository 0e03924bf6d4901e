"""The door: sign in, sign out."""

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.forms import SignInForm
from portal.extensions import db
from portal.htmx import render_page
from portal.preferences import local_path
from portal.security import current_trail, public, signed_in_actor
from portal.sessions import begin_session, end_session
from registry.access.models import Account
from registry.access.operations import sign_in_account, sign_out_account
from registry.clock import utc_now

bp = Blueprint("access", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form, target = SignInForm(), local_path(request.args.get("next"))
    if form.validate_on_submit():
        name, password = str(form.username.data), str(form.password.data)
        account = sign_in_account(db.session(), name, password, at=utc_now(), trail=current_trail())
        if account is not None:
            begin_session(account)
        db.session.commit()
        if account is not None:
            return redirect(target, code=303)
        form.username.errors = [
            _("用户名或密码不正确，请核对后重新输入。15分钟内连续输错5次，账号暂停登录30分钟。")
        ]
    elif signed_in_actor() is not None:
        return redirect(target, code=303)
    return render_page("access/sign_in.html", form=form)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    actor = signed_in_actor()
    account = db.session.get(Account, actor.account_id) if actor else None
    if account is not None:
        sign_out_account(db.session(), account, at=utc_now(), trail=current_trail())
    end_session()
    db.session.commit()
    flash(_("您已退出登录。"))
    response = make_response(redirect(url_for(".sign_in"), code=303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
