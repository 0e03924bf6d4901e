"""An entry that cannot be written takes everything with it: nothing is changed, shown or handed over."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.extensions import db
from portal.sessions import Person
from portal.settings import Profile, Settings
from registry.access.models import Account, Role
from registry.access.sign_ins import begin_sign_in
from registry.audit.models import AuditEntry
from registry.clock import utc_now
from registry.engine import make_engine
from tests.databases import Databases
from tests.factories import make_account, make_post, make_practitioner, make_provider
from tests.portal.conftest import SECRET
from tests.portal.people_files import PURPOSE
from tests.reports.figures.worlds import lay_out_city

SQLITE = (
    "CREATE TRIGGER no_entry BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'the trail is full'); END"
)
POSTGRESQL = (
    """
    CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the trail is full'; END $$
    """,
    "CREATE TRIGGER no_entry BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_entry()",
)
NAME = "欧阳小明"
ACTIONS = {
    "person": "practitioner.see",
    "rows": "figure.see",
    "list": "practitioner.list",
    "staff": "practitioner.list",
}


@pytest.fixture
def served(database_url: str, tmp_path) -> Iterator[Flask]:
    """A portal on a database that really commits, answering as it does in service."""
    settings = Settings(
        home=tmp_path,
        database_url=database_url,
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
    )
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def register(database_url: str) -> Iterator[Session]:
    engine = make_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def addresses(register: Session) -> dict[str, str]:
    """Where people are seen."""
    lay_out_city(register)
    site = make_provider(register)
    person = make_practitioner(register, name=NAME)
    make_post(register, person, site)
    make_account(register, Role.DISTRICT, username="li")
    register.commit()
    return {
        "person": f"/workforce/{person.code}",
        "rows": f"/figures/qualified-share/organisations/{site.organisation.code}",
        "list": "/workforce",
        "staff": f"/providers/{site.organisation.code}",
    }


@pytest.fixture
def browser(served: Flask, register: Session, addresses: dict[str, str]) -> FlaskClient:
    """li is signed in; from here on the trail takes no entry more."""
    account = register.scalars(sa.select(Account).where(Account.username == "li")).one()
    token = begin_sign_in(register, account, at=utc_now())
    register.commit()
    client = served.test_client()
    with served.app_context():
        identity = Person(account, token).get_id()
    register.rollback()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = identity
    return client


@pytest.fixture
def _full(databases: Databases, database_url: str, database_kind: str, browser: FlaskClient) -> None:
    """The trail takes nothing more."""
    url = database_url if database_kind == "sqlite" else databases.owner_url(database_url)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in (SQLITE,) if database_kind == "sqlite" else POSTGRESQL:
            connection.exec_driver_sql(statement)


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize("place", ACTIONS)
def test_nobody_is_shown(browser: FlaskClient, addresses: dict[str, str], place: str):
    answer = browser.get(addresses[place])

    assert answer.status_code == 500
    assert NAME not in answer.text
    assert "请求编号" in answer.text


@pytest.mark.usefixtures("_full")
def test_no_file_is_handed_over(browser: FlaskClient, addresses: dict[str, str]):
    answer = browser.post("/workforce/export?format=csv", data=PURPOSE)

    assert answer.status_code == 500
    assert NAME not in answer.text


@pytest.mark.usefixtures("_full")
def test_no_list_is_handed_over(browser: FlaskClient, addresses: dict[str, str]):
    assert browser.get("/sites/export?format=csv").status_code == 500


@pytest.mark.usefixtures("_full")
def test_nothing_is_changed(browser: FlaskClient, register: Session):
    before = register.execute(sa.select(Account.username, Account.signed_in_at)).all()
    register.rollback()

    answer = browser.post("/sign-in", data={"username": "li", "password": "wrong"})

    assert answer.status_code == 500
    assert register.execute(sa.select(Account.username, Account.signed_in_at)).all() == before


@pytest.mark.usefixtures("_full")
def test_a_refusal_that_cannot_be_entered_is_a_failure_too(browser: FlaskClient, register: Session):
    assert browser.get("/workforce/2222222222").status_code == 500
    assert register.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize("place", ACTIONS)
def test_while_the_trail_takes_entries_people_are_shown_and_each_look_is_one(
    browser: FlaskClient, register: Session, addresses: dict[str, str], place: str
):
    assert NAME in browser.get(addresses[place]).text

    entry = register.scalars(sa.select(AuditEntry)).one()
    assert entry.action == ACTIONS[place]
    assert entry.division_code.startswith("310101")
    assert NAME not in str(entry.facts)
