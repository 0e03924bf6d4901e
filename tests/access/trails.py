"""A trail of eight entries in a database without guards: what a thief of the file, or its owner, can get at."""

import importlib.machinery
import importlib.util
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.models import AuditCheck, AuditCheckpoint, AuditEntry, AuditHead, Result
from registry.audit.operations import record_entry
from registry.audit.trail import Principal, Trail
from registry.base import Base
from registry.engine import make_engine
from tests.databases import Databases
from tests.factories import NOW

KEY = b"the key of the trail"
ENTRIES = AuditEntry.__table__
COUNT = 8
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify-trail"


@pytest.fixture(scope="module")
def unguarded(databases: Databases) -> Iterator[sa.Engine]:
    """A database without guards."""
    engine = make_engine(databases.empty_url())
    Base.metadata.create_all(
        engine, tables=[ENTRIES, *(table.__table__ for table in (AuditHead, AuditCheck, AuditCheckpoint))]
    )
    yield engine
    engine.dispose()


@pytest.fixture
def trail(unguarded: sa.Engine) -> Iterator[Session]:
    """Eight entries; nothing of the test is kept."""
    with unguarded.connect() as connection:
        transaction = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            for number in range(1, COUNT + 1):
                act(session, number)
            yield session
        transaction.rollback()


FOR = Principal("a2", "王示例")
"""Every other entry was made in somebody's name."""


def act(session: Session, number: int, *, key: bytes = KEY, minutes: int | None = None) -> AuditEntry:
    return record_entry(
        session,
        trail=Trail(key, f"r{number}", FOR if number % 2 else None),
        at=NOW + timedelta(minutes=number if minutes is None else minutes),
        actor_code="a1",
        actor_name="李示例",
        action="site.see",
        result=Result.DONE,
        subject_type="site",
        subject_code=f"s{number}",
        division_code="310101",
        facts={"number": number, "place": "示例街道"},
        reason="例行检查",
    )


def change(session: Session, number: int, **values: Any) -> None:
    session.execute(sa.update(ENTRIES).where(ENTRIES.c.sequence == number).values(**values))


def delete(session: Session, *sequences: int) -> None:
    session.execute(sa.delete(ENTRIES).where(ENTRIES.c.sequence.in_(sequences)))


def mended_head(session: Session) -> None:
    """The head row says what the last entry says."""
    last = session.execute(sa.select(ENTRIES).order_by(ENTRIES.c.sequence.desc()).limit(1)).one()
    session.execute(sa.update(AuditHead).values(sequence=last.sequence, entry_hash=last.entry_hash))


def script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("verify_trail", str(SCRIPT))
    spec = importlib.util.spec_from_loader("verify_trail", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
