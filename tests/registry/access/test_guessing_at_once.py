"""Many guesses at the same moment, each on a connection of its own: no more are read than one after the other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.factors import enrol_factor, factor_passes, offer_factor
from registry.access.models import Account, Role
from registry.access.operations import sign_in_account
from registry.access.passwords import hash_password
from registry.access.secrets import Sealer
from registry.access.sources import Source
from registry.access.strictness import DENGBAO3
from registry.access.totp import code_of, step_at
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.engine import make_engine
from tests.factories import NOW, make_account
from tests.sealing import make_ring

TRAIL = Trail(b"key of the tests")
AT_ONCE = 12


def test_of_many_guesses_at_once_five_are_read_at_most(database_url: str) -> None:
    engine = make_engine(database_url)
    with Session(engine) as session:
        make_account(session, Role.CITY, username="li", password_hash=hash_password("x" * 12))
        session.commit()

    def guess(number: int) -> None:
        with Session(engine) as session:
            at = NOW + timedelta(seconds=10 * number)
            sign_in_account(
                session,
                "li",
                "wrong",
                at=at,
                strictness=DENGBAO3,
                trail=TRAIL,
                source=Source("10.0.0.1"),
            )
            session.commit()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(guess, range(AT_ONCE)))

    with Session(engine) as session:
        reasons = session.scalars(sa.select(AuditEntry.reason)).all()
    engine.dispose()
    assert len(reasons) == AT_ONCE
    assert 1 <= reasons.count("") <= 5


def test_of_many_who_bring_the_same_code_at_once_one_passes(database_url: str, tmp_path: Path) -> None:
    sealer = Sealer(make_ring(tmp_path / "keys"))
    engine = make_engine(database_url)
    with Session(engine) as session:
        account = make_account(session, Role.CITY)
        offer, before = offer_factor(account, sealer), NOW - timedelta(minutes=5)
        code = code_of(offer.secret, step_at(before))
        enrol_factor(session, account, offer, code, at=before, sealer=sealer, trail=TRAIL)
        session.commit()
        account_id = account.id

    def bring(_number: int) -> bool:
        with Session(engine) as session:
            account = session.get_one(Account, account_id)
            code = code_of(offer.secret, step_at(NOW))
            passed = factor_passes(session, account, code, at=NOW, sealer=sealer) is not None
            session.commit()
            return passed

    with ThreadPoolExecutor(AT_ONCE) as threads:
        passed = list(threads.map(bring, range(AT_ONCE)))

    engine.dispose()
    assert passed.count(True) == 1
