"""The public form sent several times at the same instant: one enquiry, one receipt, for every sender."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.models import AuditEntry
from registry.clock import WorkingCalendar
from registry.engine import make_engine
from registry.enquiries.models import Enquiry, EnquiryKind
from registry.enquiries.operations import Written, receive
from registry.errors import KeyReused
from registry.policy.loading import load_policy
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import SealProvider
from registry.workflow.models import Todo, WorkflowStep
from tests.enquiry_factories import AT, SECRET, TRAIL
from tests.sealing import fixed_keys

HANDS = 4


@pytest.fixture
def seals(tmp_path: Path) -> SealProvider:
    return KeyRing(fixed_keys(tmp_path))


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A database of its own: these transactions really commit."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        load_policy(session)
        session.commit()
    yield engine
    engine.dispose()


def received(session: Session, seals: SealProvider, form_key: str) -> tuple[str, str]:
    """The receipt: both codes."""
    receipt = receive(
        session,
        Written(EnquiryKind.QUESTION, "请问周末开门吗？", "", "310101"),
        form_key=form_key,
        secret=SECRET,
        at=AT,
        seals=seals,
        trail=TRAIL,
        calendar=WorkingCalendar.of([]),
    )
    session.commit()
    return receipt.enquiry.code, receipt.check_code


def test_a_form_sent_by_many_hands_at_once_is_one_enquiry_with_one_receipt(
    engine: sa.Engine, seals: SealProvider
) -> None:
    gate = Barrier(HANDS)

    def send(_hand: int) -> tuple[str, str]:
        with Session(engine) as session:
            gate.wait()
            return received(session, seals, "k" * 32)

    with ThreadPoolExecutor(HANDS) as pool:
        receipts = list(pool.map(send, range(HANDS)))

    assert len(set(receipts)) == 1
    with Session(engine) as session:
        for kept in (Enquiry, WorkflowStep, Todo, AuditEntry):
            assert session.scalar(sa.select(sa.func.count()).select_from(kept)) == 1, kept


def test_who_looked_too_early_meets_the_first_receipt(
    engine: sa.Engine, seals: SealProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The narrow gap itself, whatever the machine is busy with: the second hand sees nothing, then meets the first."""
    with Session(engine) as session:
        first = received(session, seals, "k" * 32)
    looks = iter([None])
    from registry.workflow import operations

    look = operations._earlier
    monkeypatch.setattr(operations, "_earlier", lambda attempt: next(looks, look(attempt)))
    with Session(engine) as session:
        assert received(session, seals, "k" * 32) == first
        assert session.scalar(sa.select(sa.func.count()).select_from(Enquiry)) == 1


def test_a_key_that_something_else_used_is_refused(engine: sa.Engine, seals: SealProvider) -> None:
    with Session(engine) as session:
        received(session, seals, "k" * 32)
        session.execute(sa.update(WorkflowStep).values(subject_type="address_change"))
        with pytest.raises(KeyReused):
            received(session, seals, "k" * 32)
