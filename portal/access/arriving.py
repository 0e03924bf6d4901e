"""Between the password and the first page: the code, a new password, the enrolment of a second factor."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.enrolling import enrolled, factor_page, new_password_set
from portal.access.forms import CodeForm, FactorForm, NewPasswordForm, OneTimeCodeForm
from portal.access.knocking import source_of
from portal.access.routes import left, welcomed
from portal.access.words import why_not
from portal.extensions import db
from portal.htmx import render_page
from portal.preferences import local_path
from portal.security import current_trail, public
from portal.sessions import Arriving, current_person, current_sealer, current_strictness, renew_session
from registry.access.models import Account, CodePurpose
from registry.access.one_time_codes import replace_factor, try_code
from registry.access.operations import prove_account
from registry.access.sign_ins import Owed, Stay, prove
from registry.clock import utc_now

bp = Blueprint("arriving", __name__, url_prefix="/sign-in")

PAGES = {
    Owed.CODE: "arriving.give_code",
    Owed.PASSWORD: "arriving.change_password",
    Owed.FACTOR: "arriving.enrol",
}


def page_of(owed: Owed, target: str) -> str:
    """Where that which is owed is asked, and from there on to the target."""
    return url_for(PAGES[owed], next=target)


def stay_owing(owed: Owed) -> Stay | None:
    """The stay of whoever stands at the door and owes this."""
    person = current_person()
    return person.stay if isinstance(person, Arriving) and person.owes is owed else None


def onward() -> ResponseReturnValue:
    """To the page that was asked for; the guard leads to what is still owed."""
    return redirect(local_path(request.args.get("next")), code=303)


def went_on(account: Account) -> None:
    """One thing less is owed; the stay goes on under another id."""
    if renew_session() is None:
        welcomed(account)
    db.session.commit()


def shown(template: str, form: Any, **context: Any) -> ResponseReturnValue:
    return render_page(template, form=form, target=local_path(request.args.get("next")), **context)


@bp.route("/code", methods=["GET", "POST"])
@public
def give_code() -> ResponseReturnValue:
    stay, form = stay_owing(Owed.CODE), CodeForm()
    if stay is None:
        return onward()
    if form.validate_on_submit():
        at, account = utc_now(), stay.account
        attempt = prove_account(
            db.session(),
            account,
            code=str(form.code.data),
            at=at,
            sealer=current_sealer(),
            trail=current_trail(),
            source=source_of(account.username),
        )
        if attempt.account is not None:
            prove(stay, at=at, with_factor=True)
            went_on(account)
            return onward()
        db.session.commit()
        form.code.errors = [
            why_not(attempt, _("验证码不正确或已使用过，请等待验证器显示新的数字后重新输入。"), at=at)
        ]
    return shown("access/code.html", form)


@bp.route("/lost-factor", methods=["GET", "POST"])
@public
def replace_lost_factor() -> ResponseReturnValue:
    """A security administrator gave out a code: the authenticator goes, and a new one is enrolled after signing in."""
    stay, form = stay_owing(Owed.CODE), OneTimeCodeForm()
    if stay is None:
        return onward()
    if form.validate_on_submit():
        at, typed, account = utc_now(), str(form.code.data), stay.account
        attempt = try_code(
            db.session(),
            typed,
            CodePurpose.FACTOR,
            at=at,
            trail=current_trail(),
            source=source_of(account.username),
            account=account,
        )
        if attempt.account is not None:
            replace_factor(db.session(), account, typed, at=at, trail=current_trail())
            return left(_("原验证器已解除。请重新登录，然后绑定新的验证器。"))
        db.session.commit()
        form.code.errors = [
            why_not(attempt, _("一次性代码不正确、已使用或已过期。请向安全管理员重新索取。"), at=at)
        ]
    return shown("access/lost_factor.html", form)


@bp.route("/password", methods=["GET", "POST"])
@public
def change_password() -> ResponseReturnValue:
    stay, form = stay_owing(Owed.PASSWORD), NewPasswordForm()
    if stay is None:
        return onward()
    if form.validate_on_submit() and new_password_set(stay, form):
        went_on(stay.account)
        return onward()
    rules = current_strictness().password
    return shown("access/password_due.html", form, is_first=stay.account.password_is_initial, rules=rules)


@bp.route("/factor", methods=["GET", "POST"])
@public
def enrol() -> ResponseReturnValue:
    stay, form = stay_owing(Owed.FACTOR), FactorForm()
    if stay is None:
        return onward()
    target = local_path(request.args.get("next"))
    if form.validate_on_submit() and (codes := enrolled(stay, form)):
        went_on(stay.account)
        return render_page("access/recovery_codes.html", codes=codes, target=target)
    return factor_page(form, stay.account, target=target, is_arriving=True)
