"""Who is signed in: the one place that knows the session cookie and what it holds."""

import hashlib
import hmac
from typing import cast

from flask import Flask, current_app, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError

from portal.cookieless import SessionsBesidePublicPages
from portal.extensions import READING_METHODS, begin_writing, db, login_manager
from portal.htmx import asks_for_fragment
from portal.sealing import current_seals
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.delegations import actor_standing_in
from registry.access.models import Account
from registry.access.secrets import Sealer, old_key
from registry.access.sign_ins import (
    LONGEST_STAY,
    NOTED_EVERY,
    Owed,
    Stay,
    begin_sign_in,
    end_sign_in,
    enter,
    find_stay,
    note_presence,
    renew_token,
    whose_stay,
)
from registry.access.sources import Source
from registry.access.strictness import STRICTNESS, Strictness
from registry.clock import utc_now

STRICTNESS_KEY = "strictness"
USER_ID = "_user_id"
"""Where Flask-Login keeps what `get_id` gave."""


class Person(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Whoever holds the cookie of a stay."""

    def __init__(self, account: Account, token: str, stay: Stay | None = None) -> None:
        self.token = token
        self.stay = stay
        self._mark = mark_of(account)

    def get_id(self) -> str:
        return f"{self.token}.{self._mark}"


class SignedIn(Person):
    """The person behind a request."""

    def __init__(self, token: str, stay: Stay) -> None:
        super().__init__(stay.account, token, stay)
        on_behalf = stay.delegation
        position = on_behalf.position if on_behalf is not None else stay.position
        self.actor = actor_standing_in(on_behalf) if on_behalf is not None else Actor.of(position)
        self.organisation_name = position.organisation.name if position.organisation else None


class Arriving(Person):
    """Gave the right password and still owes something at the door: may do nothing else."""

    def __init__(self, stay: Stay, token: str, owes: Owed) -> None:
        super().__init__(stay.account, token, stay)
        self.owes = owes


def configure_sessions(app: Flask, settings: Settings) -> None:
    """The cookie is unreachable for scripts and, but for the demonstration, bound to this host and to HTTPS."""
    app.extensions[STRICTNESS_KEY] = STRICTNESS[settings.profile]
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
    app.session_interface = SessionsBesidePublicPages()
    login_manager.init_app(app)


def current_strictness() -> Strictness:
    """How strict the door is in the profile that runs."""
    strictness: Strictness = current_app.extensions[STRICTNESS_KEY]
    return strictness


def current_sealer() -> Sealer:
    """Seals what second factors need, with the ring of keys; the key of before it is in the portal's home."""
    settings: Settings = current_app.extensions["settings"]
    return Sealer(current_seals(), old_key(settings.home / "keys"))


def current_person() -> Person | None:
    """Whoever holds the cookie of a stay, in or still at the door."""
    person = current_user._get_current_object()  # noqa: SLF001  # the proxy's own door
    return person if isinstance(person, Person) else None


def begin_session(account: Account, source: Source) -> Owed | None:
    """A fresh session: nothing of the one before survives, so a planted cookie is worth nothing. The caller commits.

    What the person still owes at the door; nothing where he is in.
    """
    token = begin_sign_in(db.session(), account, at=utc_now(), source=source)
    session.clear()
    g.pop("csrf_token", None)  # the token of forms belonged to the session before
    return _take_up(token)


def renew_session() -> Owed | None:
    """The same stay under another id, after each proof; what is still owed at the door. The caller commits."""
    stay = cast(Person, current_person()).stay
    token = renew_token(cast(Stay, stay))
    db.session.flush()
    return _take_up(token)


def _take_up(token: str) -> Owed | None:
    stay = cast(Stay, find_stay(db.session(), token, current_strictness(), at=utc_now()))
    owes = stay.owes(current_strictness(), at=utc_now())
    if owes is None and stay.sign_in.entered_at is None:
        enter(db.session(), stay, current_strictness(), at=utc_now())
    login_user(_person_of(stay, token))
    return owes


def _person_of(stay: Stay, token: str) -> Person:
    owes = stay.owes(current_strictness(), at=utc_now())
    return SignedIn(token, stay) if owes is None else Arriving(stay, token, owes)


def end_session() -> None:
    """Forgets who was signed in, here and in every copy of the cookie. The caller commits."""
    person = current_person()
    if person is not None:
        end_sign_in(db.session(), person.token, at=utc_now())
    logout_user()
    session.clear()


def current_stay() -> str:
    """What stands for this stay wherever something is kept for it alone; empty where nobody is signed in."""
    person = current_user._get_current_object()  # noqa: SLF001  # the proxy's own door
    return person.stay.sign_in.code if isinstance(person, SignedIn) and person.stay else ""


def whose_session() -> Account | None:
    """Whose cookie this browser holds, also when the clock has ended the stay: so that a draft finds its author."""
    token, _, mark = str(session.get(USER_ID, "")).partition(".")
    account = whose_stay(db.session(), token, at=utc_now()) if token else None
    if account is None or not account.is_active or not hmac.compare_digest(mark, mark_of(account)):
        return None
    return account


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def load_user(session_id: str) -> Person | None:
    """The person of the cookie, unless the stay is over, the account was closed, or its password changed since."""
    token, _, mark = session_id.partition(".")
    stay = find_stay(db.session(), token, current_strictness(), at=utc_now())
    if stay is None or not stay.account.is_active or not hmac.compare_digest(mark, mark_of(stay.account)):
        return None
    if not is_asked_by_clock() and utc_now() - stay.sign_in.last_seen_at >= NOTED_EVERY:
        _note_presence(stay.sign_in.id)
    return _person_of(stay, token)


def is_asked_by_clock() -> bool:
    """Parts of a page that it fetches by itself are no sign that somebody is there."""
    return request.method in READING_METHODS and asks_for_fragment()


def _note_presence(sign_in_id: int) -> None:
    """In a transaction of its own, before the request reads anything; where the register is busy, the next one does."""
    writes = g.get("writes", False)
    begin_writing()
    try:
        note_presence(db.session(), sign_in_id, at=utc_now())
        db.session.commit()
    except OperationalError:
        db.session.rollback()
    g.writes = writes


def mark_of(account: Account) -> str:
    """Changes with the password and says nothing about it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, account.password_hash.encode(), hashlib.sha256).hexdigest()[:16]
