"""The stage: the demonstration in the profile of work, with visitors of every role and at the door.

Everything happens inside one transaction that is never committed, and what a trial does is taken back after it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import create_app
from portal.extensions import db
from portal.sealing import PROVIDER
from portal.settings import Profile, Settings
from registry.access import passwords
from registry.engine import make_engine
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import Place
from tests.compiled import keep_compiled
from tests.hostile.noting import NotingRequest
from tests.sealing import fixed_keys

SECRET = "a secret that is only good for tests"
SITE = "https://localhost"
WRITING = ("INSERT", "UPDATE", "DELETE")
Writes = list[tuple[str, list[Any]]]
"""Statements with the values that they write."""


@dataclass
class Visitor:
    """Somebody with a browser: a role of the demonstration, or somebody who stands at the door."""

    name: str
    cookies: dict[str, str] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    """What he knows to type: values by the name of the field, the likeliest first."""

    @property
    def header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def keep(self, answer: TestResponse) -> None:
        """Takes up the cookies of an answer, as a browser does."""
        for header in answer.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value


@dataclass
class Stage:
    """The portal with everything in place, and its transaction."""

    app: Flask
    connection: sa.Connection
    session: Session
    visitors: dict[str, Visitor] = field(default_factory=dict)
    fillings: dict[Any, Any] = field(default_factory=dict)
    """What filling.py learned, by form."""

    def ask(self, visitor: Visitor, method: str, url: str, **options: Any) -> TestResponse:
        """What the portal answers; the visitor's cookies stay as they are."""
        headers = {"Cookie": visitor.header, **options.pop("headers", {})}
        with self.app.test_client(use_cookies=False) as client:
            return client.open(url, method=method, headers=headers, base_url=SITE, **options)

    def get(self, visitor: Visitor, url: str) -> TestResponse:
        """A page, behind whatever leads to it; the visitor keeps its cookies."""
        answer = self.ask(visitor, "GET", url)
        visitor.keep(answer)
        for _ in range(3):
            if answer.status_code != 303:
                break
            answer = self.ask(visitor, "GET", answer.headers["Location"])
            visitor.keep(answer)
        return answer

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What happens meanwhile is taken back."""
        self.session.commit()
        before = self.connection.begin_nested()
        try:
            yield
        finally:
            self.session.rollback()
            before.rollback()

    @contextmanager
    def written(self) -> Iterator["Writes"]:
        """Every statement that changes a row meanwhile, with its values one by one; a sealed one as what was sealed."""
        seen: Writes = []

        def note(_connection: object, cursor: Any, statement: str, values: Any, *_rest: object) -> None:
            is_counted = "RETURNING" not in statement
            if statement.lstrip().upper().startswith(WRITING) and not (is_counted and cursor.rowcount == 0):
                seen.append((statement, [sealed.get(value, value) for value in flat(values)]))

        event.listen(self.connection, "after_cursor_execute", note)
        try:
            with sealing(self.app.extensions[PROVIDER]) as sealed:
                yield seen
        finally:
            event.remove(self.connection, "after_cursor_execute", note)


@contextmanager
def sealing(ring: KeyRing) -> Iterator[dict[Any, str]]:
    """What is sealed meanwhile, by its seal."""
    sealed: dict[Any, str] = {}
    seal = ring.seal

    def noted(plaintext: bytes, place: Place) -> bytes:
        made = seal(plaintext, place)
        sealed[made] = plaintext.decode(errors="replace")
        return made

    ring.seal = noted  # type: ignore[method-assign]  # of this ring alone
    try:
        yield sealed
    finally:
        del ring.seal


def flat(values: Any) -> Iterator[Any]:
    """The values of a statement, or of many at once, in order."""
    if isinstance(values, dict):
        values = list(values.values())
    for value in values:
        bare = getattr(value, "obj", value)  # the driver of PostgreSQL wraps what is binary and what is JSON
        if isinstance(bare, dict | list | tuple):
            yield from flat(bare)
        else:
            yield bare


def opened_portal(database_url: str, home: Path) -> Flask:
    """In the profile of work."""
    settings = Settings(
        home=home,
        database_url=database_url,
        profile=Profile.DENGBAO3,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
        keys_folder=fixed_keys(home / "keys"),
    )
    app = keep_compiled(create_app(settings))
    app.testing = True
    return app


@contextmanager
def raised_stage(database_url: str, home: Path) -> Iterator[Stage]:
    """The portal on a database that is the stage's alone. Hashing passwords is made cheap: it is not what is tested."""
    app = opened_portal(database_url, home)
    app.request_class = NotingRequest
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    with app.app_context():
        engines = db.engines
        own, engine = engines[None], make_engine(database_url)
    with cheap_hashing(), engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]  # a session asks it for nothing that a connection lacks
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield Stage(app, connection, session)
        transaction.rollback()
        engines[None] = own
    engine.dispose()
    own.dispose()


@contextmanager
def cheap_hashing() -> Iterator[None]:
    """Argon2 with the least memory and time."""
    from argon2 import PasswordHasher

    kept = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        yield
    finally:
        passwords.HASHER = kept
