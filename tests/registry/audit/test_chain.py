"""The trail shows every kind of tampering, and what it cannot show is named."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.chain import GENESIS, BrokenEntry, Fault, HeadDigest, canonical
from registry.audit.models import AuditCheckpoint, AuditEntry, AuditHead, Result
from registry.audit.operations import record_entry
from registry.audit.queries import head_digest
from registry.audit.trail import Trail
from registry.audit.verification import examine_trail
from registry.base import Base
from tests.factories import NOW

KEY = b"a key of the test"
ENTRIES = AuditEntry.__table__
COPIED = [column.name for column in ENTRIES.columns if column.name not in ("id", "sequence")]


@pytest.fixture
def unguarded() -> Session:
    """A database without the triggers that forbid all this: what a thief of the file can do."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(
        engine, tables=[AuditEntry.__table__, AuditHead.__table__, AuditCheckpoint.__table__]
    )
    with Session(engine) as session:
        yield session
    engine.dispose()


def act(session: Session, number: int, **facts: object) -> AuditEntry:
    return record_entry(
        session,
        trail=Trail(KEY, f"r{number}"),
        at=NOW,
        actor_code="a1",
        actor_name="李示例",
        action="site.see",
        result=Result.DONE,
        subject_type="site",
        subject_code=f"s{number}",
        division_code="310101",
        facts={"number": number, **facts},
    )


def test_an_untouched_trail_holds(session: Session) -> None:
    for number in range(5):
        act(session, number)

    assert examine_trail(session, key=KEY).broken is None


def test_an_empty_trail_holds(session: Session) -> None:
    assert examine_trail(session, key=KEY).broken is None
    assert head_digest(session) == HeadDigest(0, GENESIS)


def test_each_entry_is_linked_to_the_one_before(session: Session) -> None:
    first, second = act(session, 1), act(session, 2)

    assert first.previous_hash == GENESIS
    assert second.previous_hash == first.entry_hash
    assert head_digest(session) == HeadDigest(2, second.entry_hash)


def edit(session: Session) -> None:
    session.execute(sa.update(ENTRIES).where(ENTRIES.c.sequence == 3).values(actor_name="别人"))


def edit_facts(session: Session) -> None:
    session.execute(sa.update(ENTRIES).where(ENTRIES.c.sequence == 3).values(facts={"number": 99}))


def move_in_time(session: Session) -> None:
    session.execute(sa.update(ENTRIES).where(ENTRIES.c.sequence == 3).values(at=NOW.replace(year=2025)))


def delete_in_the_middle(session: Session) -> None:
    session.execute(sa.delete(ENTRIES).where(ENTRIES.c.sequence == 3))


def delete_and_renumber(session: Session) -> None:
    delete_in_the_middle(session)
    for sequence in (4, 5, 6):
        changed = sa.update(ENTRIES).where(ENTRIES.c.sequence == sequence).values(sequence=sequence - 1)
        session.execute(changed)
    session.execute(sa.update(AuditHead).values(sequence=5))


def swap(session: Session) -> None:
    for old, new in ((3, 100), (4, 3), (100, 4)):
        session.execute(sa.update(ENTRIES).where(ENTRIES.c.sequence == old).values(sequence=new))


def insert(session: Session) -> None:
    for sequence in (6, 5, 4, 3):
        changed = sa.update(ENTRIES).where(ENTRIES.c.sequence == sequence).values(sequence=sequence + 1)
        session.execute(changed)
    source = session.execute(sa.select(ENTRIES).where(ENTRIES.c.sequence == 2)).one()
    copy = {name: getattr(source, name) for name in COPIED}
    session.execute(sa.insert(ENTRIES).values(**copy | {"sequence": 3, "entry_hash": "f" * 64}))
    session.execute(sa.update(AuditHead).values(sequence=7))


def cut_the_tail(session: Session) -> None:
    session.execute(sa.delete(ENTRIES).where(ENTRIES.c.sequence > 4))


@pytest.mark.parametrize(
    ("tamper", "sequence", "fault"),
    [
        (edit, 3, Fault.CONTENT),
        (edit_facts, 3, Fault.CONTENT),
        (move_in_time, 3, Fault.CONTENT),
        (delete_in_the_middle, 3, Fault.MISSING),
        (delete_and_renumber, 3, Fault.LINK),
        (swap, 3, Fault.LINK),
        (insert, 3, Fault.LINK),
        (cut_the_tail, 5, Fault.TAIL),
    ],
)
def test_tampering_is_found_at_its_first_entry(
    unguarded: Session, tamper: Callable[[Session], None], sequence: int, fault: Fault
) -> None:
    for number in range(1, 7):
        act(unguarded, number)

    tamper(unguarded)

    assert examine_trail(unguarded, key=KEY).broken == BrokenEntry(sequence, fault)


def test_a_tail_cut_off_with_its_head_shows_only_against_a_kept_digest(unguarded: Session) -> None:
    for number in range(1, 7):
        act(unguarded, number)
    kept = head_digest(unguarded)
    cut_the_tail(unguarded)
    fourth = unguarded.execute(sa.select(ENTRIES).where(ENTRIES.c.sequence == 4)).one()
    unguarded.execute(sa.update(AuditHead).values(sequence=4, entry_hash=fourth.entry_hash))

    assert examine_trail(unguarded, key=KEY).broken is None
    assert examine_trail(unguarded, key=KEY, kept=[kept]).broken == BrokenEntry(5, Fault.TAIL)


def test_a_digest_kept_yesterday_is_found_in_todays_trail(session: Session) -> None:
    act(session, 1)
    kept = head_digest(session)
    act(session, 2)

    assert examine_trail(session, key=KEY, kept=[kept]).broken is None


def test_a_trail_rehashed_without_the_key_does_not_hold(session: Session) -> None:
    act(session, 1)

    assert examine_trail(session, key=b"another key").broken == BrokenEntry(1, Fault.CONTENT)


def test_facts_are_read_back_as_they_were_sealed(session: Session) -> None:
    act(session, 1, names=("甲", "乙"), ratio=0.3, nothing=None)
    session.expire_all()

    assert session.scalars(sa.select(AuditEntry)).one().facts == {
        "number": 1,
        "names": ["甲", "乙"],
        "ratio": 0.3,
        "nothing": None,
    }
    assert examine_trail(session, key=KEY).broken is None


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, NOW])
def test_what_json_cannot_hold_is_refused(session: Session, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        act(session, 1, value=value)


def test_equal_contents_have_one_spelling() -> None:
    assert canonical({"b": 1, "a": "浦"}) == canonical({"a": "浦", "b": 1}) == '{"a":"浦","b":1}'.encode()


def test_an_entry_cannot_be_changed_where_the_database_guards_it(session: Session) -> None:
    act(session, 1)

    with pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.update(ENTRIES).values(actor_name="别人"))
