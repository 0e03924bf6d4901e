"""An export of 20,000 people compared with the register, from bytes to kept findings, beside a merge by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import exports, plain_reconciliation
from benchmarks.comparing import Comparison, interleaved, record
from portal.migrating import upgrade_database
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.reconciliations.columns import guessed
from registry.reconciliations.models import ReconciliationFinding, SourceSystem, SubjectKind
from registry.reconciliations.operations import Sent, compare_file, take_in
from registry.sealing.keyring import KeyRing, make_missing
from registry.sealing.providers import Cipher, SealProvider
from reports.workbooks.reading import read_table

ROWS, LIMIT = 20_000, 6
ACTOR = Actor(1, "bench", "bench", "示例", Role.DISTRICT, exports.DISTRICT)
Found = list[tuple[int, str]]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A register with as many people as their list has."""
    url = f"sqlite:///{tmp_path_factory.mktemp('reconciliation') / 'register.sqlite'}"
    upgrade_database(url)
    engine = make_engine(url)
    with Session(engine) as session:
        exports.fill(session, ROWS)
        yield session
    engine.dispose()


def test_a_comparison_keeps_up_with_a_merge_by_hand(session: Session, tmp_path: Path) -> None:
    make_missing(tmp_path, Cipher.AES)
    ring, data = KeyRing(tmp_path, Cipher.AES), exports.export(ROWS)
    planted = [(i + 1, "profession") for i in range(1, ROWS + 1) if exports.differs(i)]
    assert compared(session, data, ring) == planted
    assert plain_reconciliation.differences(session, data) == planted

    ours, by_hand = interleaved(
        [
            lambda: compared(session, data, ring),
            lambda: plain_reconciliation.differences(session, data),
        ]
    )

    work = "comparison of 20,000 × 7"
    record(Comparison(work, "csv, Core select, dict merge", ours, by_hand, LIMIT, is_speedup=False))


def compared(session: Session, data: bytes, seals: SealProvider) -> Found:
    """Row and field of what the product finds, keeps and enters in the trail; taken back afterwards."""
    system = session.scalars(sa.select(SourceSystem)).one()
    how: dict[str, Any] = {"actor": ACTOR, "at": exports.AT, "trail": Trail(b"a key for benchmarks only")}
    table = read_table(data, "示例.csv")
    run = take_in(session, Sent(system, SubjectKind.PRACTITIONERS, table, uuid4().hex), **how)
    said = guessed(run.kind, table.headers, None)
    compare_file(session, run, table, said, version=run.version, seals=seals, **how)
    own = sa.select(ReconciliationFinding.row, ReconciliationFinding.field).where(
        ReconciliationFinding.reconciliation_id == run.id
    )
    found = [(row or 0, field) for row, field in session.execute(own.order_by(ReconciliationFinding.row))]
    session.rollback()
    return found
