"""Who is signed in: the one place that knows the session cookie and what it holds."""

import hashlib
import hmac

from flask import Flask, current_app, session
from flask_login import UserMixin, current_user, login_user, logout_user

from portal.extensions import db, login_manager
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.models import Account
from registry.access.sign_ins import (
    LONGEST_STAY,
    begin_sign_in,
    end_sign_in,
    signed_in_account,
    stay_of,
)
from registry.clock import utc_now


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The person behind a request."""

    def __init__(self, account: Account, token: str) -> None:
        self.token = token
        self.actor = Actor.of(account)
        self.organisation_name = account.organisation.name if account.organisation else None
        self._mark = mark_of(account)

    def get_id(self) -> str:
        return f"{self.token}.{self._mark}"


def configure_sessions(app: Flask, settings: Settings) -> None:
    """The cookie is unreachable for scripts and, but for the demonstration, bound to this host and to HTTPS."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="session" if settings.is_demo else "__Host-session",
        SESSION_COOKIE_SECURE=not settings.is_demo,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=LONGEST_STAY,
        # Our pages send no referrer, so the token is checked by itself; headers.is_foreign is the second look.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    login_manager.init_app(app)


def begin_session(account: Account) -> None:
    """A fresh session: nothing of the one before survives, so a planted cookie is worth nothing. The caller commits."""
    token = begin_sign_in(db.session(), account, at=utc_now())
    session.clear()
    login_user(SignedIn(account, token))


def end_session() -> None:
    """Forgets who was signed in, here and in every copy of the cookie. The caller commits."""
    person = current_user._get_current_object()  # noqa: SLF001  # the proxy's own door
    if isinstance(person, SignedIn):
        end_sign_in(db.session(), person.token, at=utc_now())
    logout_user()
    session.clear()


def current_stay() -> str:
    """What stands for this stay wherever something is kept for it alone; empty where nobody is signed in."""
    person = current_user._get_current_object()  # noqa: SLF001  # the proxy's own door
    return stay_of(person.token) if isinstance(person, SignedIn) else ""


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def load_user(session_id: str) -> SignedIn | None:
    """The account of the cookie, unless its stay is over, it was closed, or its password changed since."""
    token, _, mark = session_id.partition(".")
    account = signed_in_account(db.session(), token, at=utc_now())
    if account is None or not account.is_active or not hmac.compare_digest(mark, mark_of(account)):
        return None
    return SignedIn(account, token)


def mark_of(account: Account) -> str:
    """Changes with the password and says nothing about it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, account.password_hash.encode(), hashlib.sha256).hexdigest()[:16]
