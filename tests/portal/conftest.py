"""The portal under test: one application for the run, one rolled-back transaction for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.extensions import db
from portal.remembering import add_memory
from portal.sessions import Person
from portal.settings import Profile, Settings
from registry.access.actors import Actor
from registry.access.models import Account, Role, SignIn
from registry.access.sign_ins import begin_sign_in
from registry.clock import utc_now
from tests.compiled import keep_compiled
from tests.databases import Databases
from tests.factories import make_account
from tests.portal.polite import Minding, Polite, no_sql_while_drawing
from tests.sealing import fixed_keys

SECRET = "a secret that is only good for tests"


@pytest.fixture(scope="session")
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A demonstration in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    return Settings(
        home=home,
        database_url=databases.migrated_url(),
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
        keys_folder=fixed_keys(home / "keys"),
    )


@pytest.fixture(scope="session")
def portal(settings: Settings) -> Iterator[Flask]:
    """The application of the whole run; tests ask for `app`."""
    portal = keep_compiled(create_app(settings))
    portal.testing = True
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.fixture
def app(portal: Flask, connection: sa.Connection) -> Iterator[Flask]:
    """The application inside the test's transaction: what it commits is seen by `session` and gone after the test."""
    add_memory(portal)  # what one test was told is nothing to the next
    with portal.app_context():
        engines = db.engines
    engine = engines[None]
    engines[None] = connection  # type: ignore[assignment]  # a session asks it for nothing that a connection lacks
    with no_sql_while_drawing(portal, connection):
        yield portal
    engines[None] = engine


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a window."""
    return app.test_client()


@pytest.fixture(scope="session", autouse=True)
def manners_are_minded_once(database_kind: str) -> None:
    """On SQLite: the other engine draws the same pages."""
    Minding.is_on = database_kind == "sqlite"


@pytest.fixture
def polite(client: FlaskClient) -> Polite:
    """The same browser, which minds the manners of every page."""
    return Polite(client)


@pytest.fixture
def sign_in(app: Flask, client: FlaskClient, session: Session) -> Callable[..., Actor]:
    """`sign_in(Role.DISTRICT, division_code="310101")` opens an account and signs it in; or give an `account`."""

    def enter(role: Role = Role.CITY, *, account: Account | None = None, **facts: Any) -> Actor:
        person = account or make_account(session, role, **facts)
        token = begin_sign_in(session, person, at=utc_now())
        session.execute(sa.update(SignIn).values(entered_at=SignIn.began_at))
        session.commit()
        with app.app_context():
            session_id = Person(person, token).get_id()
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = session_id
        return Actor.of(person.positions[0])

    return enter
