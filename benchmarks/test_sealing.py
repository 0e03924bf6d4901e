"""The identity numbers and phones of a page of 50 people, in part and whole, in both suites, beside a goal of 2 ms."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.comparing import Comparison, interleaved, record
from registry.access.actors import Actor
from registry.access.models import Role
from registry.base import Base
from registry.sealing.keyring import KeyRing, make_missing
from registry.sealing.providers import Cipher
from registry.sealing.suites import SUITES
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE, SeenField, seen_fields

PEOPLE = 50
GOAL_SECONDS = 0.002
OF_THE_LIBRARY = 15.0
"""Around each call of the library stand a row from the database, a place, a mask and a line for the page."""
NONCE = bytes(12)


@pytest.fixture(params=list(Cipher))
def ring(request: pytest.FixtureRequest, tmp_path: Path) -> KeyRing:
    make_missing(tmp_path, request.param)
    return KeyRing(tmp_path, request.param)


@pytest.fixture
def session(ring: KeyRing) -> Iterator[Session]:
    """Fifty people in memory."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[Practitioner.__table__])
    with Session(engine) as session:
        for number in range(PEOPLE):
            facts = {
                "code": f"p{number}",
                "person_no": f"P{number}",
                "name": "示例",
                "birth_year": 1990,
                "source": "",
            }
            identity = IDENTITY_NUMBER.values(ring, f"99999919900101{number:04d}", f"p{number}")
            phone = PHONE.values(ring, f"1540000{number:04d}", f"p{number}")
            stamp = {"updated_at": sa.func.now()}
            session.execute(sa.insert(Practitioner).values(facts | identity | phone | stamp))
        yield session
    engine.dispose()


@pytest.mark.parametrize(("role", "shown"), [(Role.DISTRICT, "in part"), (Role.STATION, "whole")])
def test_a_page_of_people_takes_no_two_milliseconds_for_its_sealed_fields(
    session: Session, ring: KeyRing, role: Role, shown: str
):
    people = [(number + 1, f"p{number}") for number in range(PEOPLE)]
    actor = Actor(1, "bench", "bench", "示例", role, "310101")

    def page() -> dict[int, list[SeenField]]:
        return seen_fields(session, ring, actor, people)

    assert len(page()) == PEOPLE
    suite = SUITES[ring.cipher]
    library = suite.aead(bytes(suite.key_bytes))
    sealed = library.encrypt(NONCE, b"999999199001010000", b"a place")
    bare = [sealed] * (2 * PEOPLE)
    works = (page, lambda: [library.decrypt(NONCE, one, b"a place") for one in bare])
    ours, opening = interleaved(works, rounds=9)
    work = f"{PEOPLE} people, both fields {shown}, {ring.cipher.value}"
    found = Comparison(work, "the goal of 2 ms", ours, GOAL_SECONDS, 1.0, is_speedup=False)
    record(found)
    beside = Comparison(work, "the library's bare calls", ours, opening, OF_THE_LIBRARY, is_speedup=False)
    record(beside)
    assert found.is_met
    assert beside.is_met
