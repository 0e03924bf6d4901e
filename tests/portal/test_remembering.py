"""What the portal remembers is what it would be told anew: any write, by whomever, shows on the next page."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal import create_app
from portal.extensions import db
from portal.remembering import Memory
from portal.sessions import Person
from portal.settings import Settings
from registry.access.models import Account, Position, Role
from registry.access.sign_ins import begin_sign_in
from registry.clock import utc_now
from registry.divisions.models import Division
from registry.engine import make_engine
from registry.organisations.models import Organisation, Site, Standing
from registry.workflow.models import Todo
from registry.workforce.models import Post, Practitioner
from tests.factories import (
    DAY,
    HUANGPU,
    NOW,
    make_account,
    make_division,
    make_major,
    make_provider,
    make_site,
    make_staff,
    make_target,
)
from tests.portal.pages import Page

Write = Callable[[Session], object]


@pytest.fixture
def register(database_url: str) -> Iterator[sa.Engine]:
    """The database as another process has it open; its commits are real."""
    register = make_engine(database_url)
    with Session(register) as session:
        make_division(session, name="黄浦区")
        make_major(session)
        make_target(session)
        make_staff(session, make_provider(session, name="示例甲中心"), qualified=1, other=9)
        make_account(session, Role.DISTRICT)
        session.commit()
    yield register
    register.dispose()


@pytest.fixture
def served(register: sa.Engine, settings: Settings, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A process of its own on the same database."""
    served = create_app(replace(settings, home=tmp_path, database_url=database_url))
    yield served
    with served.app_context():
        db.engine.dispose()


@pytest.fixture
def reader(served: Flask, register: sa.Engine) -> FlaskClient:
    """The district, signed in."""
    reader = served.test_client()
    with Session(register) as session, served.app_context():
        session_id = find_stay(session, session.scalars(sa.select(Account)).one())
    with reader.session_transaction() as cookie:
        cookie["_user_id"] = session_id
    return reader


def find_stay(session: Session, account: Account) -> str:
    """What the cookie of a stay that begins now holds."""
    token = begin_sign_in(session, account, at=utc_now())
    session.commit()
    return Person(account, token).get_id()


def text_of(reader: FlaskClient, url: str) -> str:
    answer = reader.get(url)
    assert answer.status_code == 200, answer.text[:500]
    return Page(url, answer).text


def write(register: sa.Engine, act: Write) -> None:
    with Session(register) as session:
        act(session)
        session.commit()


def another_provider(session: Session) -> None:
    make_provider(session, name="示例乙中心")


def the_first_leaves(session: Session) -> None:
    session.execute(sa.update(Standing).values(ended_on=DAY))


def the_first_is_renamed(session: Session) -> None:
    session.scalars(sa.select(Organisation)).one().name = "示例丙中心"


def one_more_qualified(session: Session) -> None:
    make_staff(session, session.scalars(sa.select(Site)).one(), qualified=10, other=0)


def another_site(session: Session) -> None:
    make_site(session, session.scalars(sa.select(Organisation)).one(), name="示例第二服务点")


def the_division_is_renamed(session: Session) -> None:
    session.execute(sa.update(Division).values(name="新黄浦区"))


def one_leaves_his_post(session: Session) -> None:
    first = session.scalars(sa.select(Practitioner).order_by(Practitioner.id)).first()
    assert first is not None
    session.execute(sa.delete(Post).where(Post.practitioner_id == first.id))


def something_is_to_be_done(session: Session) -> None:
    session.add(
        Todo(
            subject_type="address_change", subject_id=1, subject_code="a", subject_name="示例", title="待办",
            asked_by="示例", role=Role.DISTRICT, division_code=HUANGPU, opened_at=NOW,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "act", "before", "after"),
    [
        ("/providers?standing=listed", another_provider, "共 1 家机构", "共 2 家机构"),
        ("/providers?standing=listed", the_first_leaves, "共 1 家机构", "共 0 家机构"),
        ("/providers?standing=ended", the_first_leaves, "共 0 家机构", "共 1 家机构"),
        ("/providers", the_first_is_renamed, "示例甲中心", "示例丙中心"),
        ("/providers", one_more_qualified, "10.0%", "55.0%"),
        ("/providers", the_division_is_renamed, "黄浦区", "新黄浦区"),
        ("/sites", another_site, "共 1 处场所", "共 2 处场所"),
        ("/workforce", one_leaves_his_post, "共 10 人", "共 9 人"),
        ("/providers", something_is_to_be_done, "待办", "待办 1"),
        ("/figures/qualified-share", one_more_qualified, "10.0%", "55.0%"),
        ("/", one_more_qualified, "10.0%", "55.0%"),
        ("/api/v1/figures/qualified-share", one_more_qualified, '"numerator":1,', '"numerator":11,'),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_another_process_writes_shows_on_the_next_page(
    reader: FlaskClient, register: sa.Engine, url: str, act: Write, before: str, after: str
) -> None:
    assert before in text_of(reader, url)
    assert before in text_of(reader, url), "remembered"
    assert after not in text_of(reader, url)

    write(register, act)

    assert after in text_of(reader, url)


def test_a_count_of_several_pages_is_asked_anew_after_a_change(
    reader: FlaskClient, register: sa.Engine
) -> None:
    """A list that ends on its page needs no count: this one goes on."""
    write(register, lambda session: make_staff(session, first_site(session), qualified=0, other=90))
    assert "共 100 人" in text_of(reader, "/workforce")

    write(register, one_leaves_his_post)

    assert "共 99 人" in text_of(reader, "/workforce")


def first_site(session: Session) -> Site:
    return session.scalars(sa.select(Site)).one()


def test_a_list_asks_for_nothing_that_it_remembers(
    reader: FlaskClient, served: Flask, register: sa.Engine
) -> None:
    """Whose stay it is, and the mark: two statements and the beginning of a transaction."""
    text_of(reader, "/providers?standing=listed")
    asked: list[str] = []

    def note(_connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with served.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    text_of(reader, "/providers?standing=listed")

    selects = [statement for statement in asked if not statement.startswith("BEGIN")]
    assert len(selects) == 2, selects


def test_the_rows_of_people_are_not_remembered(
    reader: FlaskClient, served: Flask, register: sa.Engine
) -> None:
    text_of(reader, "/workforce")

    kept = repr(served.extensions["memory"]._kept)

    with Session(register) as session:
        names = list(session.scalars(sa.select(Practitioner.name)))
    assert names
    assert not [name for name in names if name in kept]


def test_a_question_of_another_reader_is_another_question(
    served: Flask, reader: FlaskClient, register: sa.Engine
) -> None:
    """The scope of a street is no subset that the district's count could stand for."""
    write(register, lambda session: make_account(session, Role.STREET, division_code="310101015"))
    with Session(register) as session, served.app_context():
        street = session.scalars(
            sa.select(Account).where(Account.positions.any(Position.role == Role.STREET))
        ).one()
        session_id = find_stay(session, street)
    assert "共 10 人" in text_of(reader, "/workforce?division=310101")
    with reader.session_transaction() as cookie:
        cookie["_user_id"] = session_id

    assert "共 0 人" in text_of(reader, "/workforce?division=310101")


def test_only_the_newest_answers_are_kept() -> None:
    memory, made = Memory(most=2), []

    def ask(question: str) -> str:
        return memory.recall(question, lambda: made.append(question) or question)

    assert [ask(question) for question in "aabcab"] == list("aabcab")
    assert made == ["a", "b", "c", "a", "b"]
