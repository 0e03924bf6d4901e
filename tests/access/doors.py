"""A portal for work, browsers in front of its door, and a clock that can be put forward."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import create_app
from portal.extensions import db
from portal.sealing import PROVIDER
from portal.settings import Profile, Settings
from registry.access.factors import enrol_factor, offer_factor
from registry.access.models import Account, FailedAttempts, OneTimeCode, Role, SecondFactor, SignIn
from registry.access.passwords import hash_password
from registry.access.secrets import Sealer
from registry.access.totp import STEP_SECONDS, code_of, step_at
from registry.audit.trail import Trail
from registry.clock import utc_now
from tests.compiled import keep_compiled
from tests.factories import make_account, make_organisation

SECRET = "a secret that is only good for tests"
PASSWORD = "Kx9#mQ2!vTz7"
HASH = hash_password(PASSWORD)
TRAIL = Trail(SECRET[::-1].encode())
COOKIE = "__Host-session"
DEVICE = "__Host-device"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36"

MOMENTS = (
    (SignIn, ("began_at", "entered_at", "factor_at", "proved_at", "last_seen_at")),
    (OneTimeCode, ("made_at", "holds_until")),
    (Account, ("created_at", "password_set_at")),
)


class Browser:
    """One browser at one address; it sends forms with the token that the portal gives it."""

    def __init__(self, app: Flask, address: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.address = address

    def get(self, url: str, **options: Any) -> TestResponse:
        return self.client.get(url, **self._way(options))

    def post(self, url: str, data: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        token = self.get("/sign-in/token").json["token"]
        return self.client.post(url, data={"csrf_token": token, **(data or {})}, **self._way(options))

    def knock(self, username: str, password: str = PASSWORD, *, url: str = "/sign-in") -> TestResponse:
        return self.post(url, {"username": username, "password": password})

    def opens(self, username: str, password: str = PASSWORD) -> bool:
        """Whether the password was right; more may be owed."""
        return self.knock(username, password).status_code == 303

    def give(self, code: str) -> TestResponse:
        return self.post("/sign-in/code", {"code": code})

    @property
    def is_in(self) -> bool:
        return self.get("/").status_code == 200

    @property
    def owed(self) -> str:
        """The page at the door to which the home page leads."""
        return self.get("/").headers.get("Location", "").partition("?")[0]

    def cookie(self, name: str = COOKIE) -> str:
        found = self.client.get_cookie(name)
        return found.value if found else ""

    def _way(self, options: dict[str, Any]) -> dict[str, Any]:
        way = {"base_url": "https://localhost", "environ_base": {"REMOTE_ADDR": self.address}}
        return {"headers": {"User-Agent": CHROME}, **way, **options}


class Door:
    """What a check needs."""

    def __init__(self, app: Flask, session: Session, home: Path) -> None:
        self.app, self.session, self.home = app, session, home
        self.sealer = Sealer(app.extensions[PROVIDER])

    def browser(self, address: str = "10.1.1.1") -> Browser:
        return Browser(self.app, address)

    def account(self, role: Role = Role.STATION, **facts: Any) -> Account:
        """Its password is PASSWORD, set just now."""
        if role in (Role.STATION, Role.PROVIDER):
            facts.setdefault("organisation", make_organisation(self.session))
        defaults: dict[str, Any] = {"password_hash": HASH, "password_set_at": utc_now()}
        account = make_account(self.session, role, **(defaults | facts))
        self.session.commit()
        return account

    def enrolled(self, account: Account) -> tuple[str, list[str]]:
        """The secret and the recovery codes of a fresh authenticator, whose present code is still unused."""
        offer = offer_factor(account, self.sealer)
        at = utc_now() - timedelta(minutes=5)
        code = code_of(offer.secret, step_at(at))
        codes = enrol_factor(self.session, account, offer, code, at=at, sealer=self.sealer, trail=TRAIL)
        self.session.commit()
        return offer.secret, codes

    def code(self, secret: str, *, steps: int = 0) -> str:
        return code_of(secret, step_at(utc_now()) + steps)

    def entered(self, account: Account, secret: str, address: str = "10.1.1.1") -> Browser:
        """A browser that gave password and code; the codes of this moment stay usable."""
        browser = self.browser(address)
        assert browser.opens(account.username)
        assert browser.give(self.code(secret)).status_code == 303
        self.session.execute(sa.update(SecondFactor).values(last_step=0))
        self.session.commit()
        assert browser.is_in
        return browser

    def later(self, **delta: float) -> None:
        """So much time goes by: everything that is written moves into the past."""
        by = timedelta(**delta)
        self.session.expire_all()
        for model, names in MOMENTS:
            for row in self.session.scalars(sa.select(model)):
                for name in names:
                    _move(row, name, by)
        for failures in self.session.scalars(sa.select(FailedAttempts)):
            failures.times = [moment - by.total_seconds() for moment in failures.times]
            _move(failures, "last_at", by)
        for factor in self.session.scalars(sa.select(SecondFactor)):
            factor.last_step -= int(by.total_seconds()) // STEP_SECONDS
        self.session.commit()


def _move(row: Any, name: str, by: timedelta) -> None:
    at: datetime | None = getattr(row, name)
    if at is not None:
        setattr(row, name, at - by)


def open_portal(database_url: str, home: Path, **facts: Any) -> Flask:
    """The portal in the profile of work."""
    settings = Settings(
        home=home,
        database_url=database_url,
        profile=Profile.DENGBAO3,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
        **facts,
    )
    portal = keep_compiled(create_app(settings))
    portal.testing = True
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    return portal


@contextmanager
def inside(app: Flask, connection: sa.Connection) -> Iterator[Flask]:
    """The application inside the transaction of a test."""
    with app.app_context():
        engines = db.engines
    engine = engines[None]
    engines[None] = connection  # type: ignore[assignment]  # a session asks it for nothing that a connection lacks
    yield app
    engines[None] = engine
