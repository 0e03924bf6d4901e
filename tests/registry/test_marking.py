"""The mark of the register moves with every change that anybody can be shown, and with nothing else."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Account
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.marking import UNSHOWN, register_mark
from registry.organisations.models import Organisation, Site
from registry.schema import metadata
from tests.databases import Databases
from tests.factories import make_account, make_division, make_provider, make_staff

Write = Callable[[Session], object]

ROOMS = ("portal", "registry", "reports")
PAST_A_SESSION = (".begin()", "engine.connect(", "exec_driver_sql(", ".connection(")
APPEND_ONLY = {"audit_entry", "audit_checkpoint"}
MAY_GO_PAST = {
    "portal/backups/postgresql.py",  # a register that comes back brings its own mark
    "portal/backups/sqlite.py",
    "portal/commands/check.py",  # reads
    "portal/migrating.py",  # a release names itself in whatever is remembered
    "registry/engine.py",
    "registry/marking.py",
}


@pytest.fixture(scope="module")
def register(databases: Databases) -> Iterator[sa.Engine]:
    """A database of this file alone: its commits are real."""
    register = make_engine(databases.migrated_url())
    with Session(register) as session:
        make_division(session)
        make_staff(session, make_provider(session), qualified=1, other=1)
        make_account(session)
        session.commit()
    yield register
    register.dispose()


def mark_of(register: sa.Engine) -> str | None:
    with Session(register) as session:
        return register_mark(session)


def moves(register: sa.Engine, write: Write) -> bool:
    """Whether a commit after this leaves another mark."""
    before = mark_of(register)
    with Session(register) as session:
        write(session)
        session.commit()
    return mark_of(register) != before


def a_row(session: Session) -> None:
    make_provider(session)


def a_changed_row(session: Session) -> None:
    institution = session.scalars(sa.select(Organisation)).first()
    assert institution is not None
    institution.name += "新"


def a_deleted_row(session: Session) -> None:
    session.delete(make_division(session, "310115"))


def a_statement(session: Session) -> None:
    session.execute(sa.update(Site.__table__).values(name="示例新名"))


def a_statement_of_the_model(session: Session) -> None:
    session.execute(sa.update(Site).where(Site.name != "").values(name="示例新名"))


def a_statement_in_words(session: Session) -> None:
    session.execute(sa.text("UPDATE site SET name = '示例新名'"))


def a_row_that_outlives_a_savepoint(session: Session) -> None:
    make_provider(session)
    with session.begin_nested() as savepoint:
        make_provider(session)
        savepoint.rollback()


def a_row_within_a_savepoint(session: Session) -> None:
    with session.begin_nested():
        make_provider(session)


@pytest.mark.parametrize(
    "write",
    [
        a_row, a_changed_row, a_deleted_row, a_statement, a_statement_of_the_model, a_statement_in_words,
        a_row_that_outlives_a_savepoint, a_row_within_a_savepoint,
    ],
    ids=lambda write: write.__name__,
)  # fmt: skip
def test_a_commit_of_this_moves_the_mark(register: sa.Engine, write: Write) -> None:
    assert moves(register, write)
    assert moves(register, write), "and the next one does"


def test_a_write_to_any_table_moves_the_mark(register: sa.Engine) -> None:
    """Whether or not it finds a row."""

    def delete_from(table: str) -> Write:
        return lambda session: session.execute(sa.delete(metadata.tables[table]).where(sa.false()))

    writable = set(metadata.tables) - APPEND_ONLY
    unmarked = {table for table in writable if not moves(register, delete_from(table))}

    assert unmarked == UNSHOWN - APPEND_ONLY


def signing_in(session: Session) -> None:
    session.scalars(sa.select(Account)).one().signed_in_at = datetime(2026, 11, 23, 1, tzinfo=UTC)


def an_entry(session: Session) -> None:
    record_entry(
        session,
        trail=Trail(b"key"),
        at=datetime(2026, 11, 23, 1, tzinfo=UTC),
        actor_code="",
        actor_name="",
        action="account.sign_in",
        result=Result.REFUSED,
        subject_type="account",
        subject_code="",
        division_code="",
        facts={},
    )


def reading(session: Session) -> None:
    assert session.scalars(sa.select(Organisation)).all()


@pytest.mark.parametrize("act", [signing_in, an_entry, reading], ids=lambda act: act.__name__)
def test_what_changes_nothing_shown_leaves_the_mark(register: sa.Engine, act: Write) -> None:
    assert not moves(register, act)


def test_what_was_taken_back_leaves_the_mark(register: sa.Engine) -> None:
    def take_back(session: Session) -> None:
        make_provider(session)
        session.rollback()

    assert not moves(register, take_back)


def test_the_mark_is_seen_together_with_the_rows_and_not_before(register: sa.Engine) -> None:
    before, count = mark_of(register), sa.select(sa.func.count()).select_from(Organisation)
    with Session(register) as session:
        rows = session.scalar(count) or 0
        make_provider(session)
        session.flush()
        with Session(register.execution_options(reads_only=True)) as other:
            assert register_mark(other) == before
            assert other.scalar(count) == rows
        session.commit()
    with Session(register) as other:
        assert register_mark(other) != before
        assert other.scalar(count) == rows + 1


def test_a_register_in_which_nothing_was_written_has_no_mark(session: Session) -> None:
    assert register_mark(session) is None


def test_nobody_writes_past_a_session() -> None:
    root = Path(__file__).resolve().parents[2]
    past = {
        f"{file.relative_to(root)}: {line.strip()}"
        for room in ROOMS
        for file in (root / room).rglob("*.py")
        if str(file.relative_to(root)) not in MAY_GO_PAST
        for line in file.read_text().splitlines()
        if any(way in line for way in PAST_A_SESSION)
    }

    assert past == set(), "a change that no session commits leaves no mark"
