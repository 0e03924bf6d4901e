"""`/invitation`: whoever was given a one-time code chooses his password, and is in or enrols his second factor."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.enrolling import places_of
from portal.access.forms import NewPasswordForm, OneTimeCodeForm
from portal.access.knocking import source_of
from portal.access.routes import welcomed
from portal.access.words import why_not
from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.security import current_trail, public
from portal.sessions import begin_session, current_strictness
from registry.access.models import Account, CodePurpose
from registry.access.one_time_codes import accept_invitation, try_code
from registry.clock import utc_now
from registry.errors import InvalidInput

bp = Blueprint("invitations", __name__, url_prefix="/invitation")


class InvitationForm(OneTimeCodeForm, NewPasswordForm):
    """The code, from the link or typed, and the new password."""


@bp.route("", methods=["GET", "POST"])
@public
def accept() -> ResponseReturnValue:
    form = InvitationForm()
    if not form.is_submitted():
        form.code.data = request.args.get("code", "")
    elif form.validate():
        account = invited(form)
        if account is not None:
            return redirect("/", code=303)
    return render_page("access/invitation.html", form=form, rules=current_strictness().password)


def invited(form: InvitationForm) -> Account | None:
    """The account whose password was chosen, with a session; the form says what else was wrong."""
    at, typed, session = utc_now(), str(form.code.data), db.session()
    attempt = try_code(
        session, typed, CodePurpose.PASSWORD, at=at, trail=current_trail(), source=source_of("")
    )
    known = attempt.account
    if known is None:
        session.commit()
        sentence = _("一次性代码不正确、已使用或已过期。请向为您开通账号的管理员重新索取。")
        form.code.errors = [why_not(attempt, sentence, at=at)]
        return None
    try:
        account = accept_invitation(
            session,
            typed,
            str(form.password.data),
            at=at,
            strictness=current_strictness(),
            trail=current_trail(),
            places=places_of(known),
        )
    except InvalidInput as error:
        form.password.errors = [spoken_message(error.message) if error.message else ""]
        session.rollback()
        return None
    if begin_session(account, source_of(account.username)) is None:
        welcomed(account)
    session.commit()
    return account
