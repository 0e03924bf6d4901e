"""T12: whoever can write to the database itself, past every guard, is found; each kind of tampering is one case.

The tables have no triggers here: this is what a thief of the file or the owner of the database can do.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.chain import GENESIS, BrokenEntry, Fault, HeadDigest, hash_of
from registry.audit.heads import present_head, read_head, write_head
from registry.audit.models import AuditHead, Result
from registry.audit.queries import head_digest
from registry.audit.verification import examine_trail
from registry.audit.writing import lines_of_trail
from registry.errors import InvalidInput
from tests.access.trails import (
    COUNT,
    ENTRIES,
    KEY,
    act,
    change,
    delete,
    mended_head,
    script,
    trail,
    unguarded,
)
from tests.factories import NOW

__all__ = ["trail", "unguarded"]

OTHER_KEY = b"the key of a forger"

FIELDS: dict[str, Any] = {
    "at": NOW - timedelta(days=400),
    "actor_code": "someone",
    "actor_name": "别人",
    "action": "site.edit",
    "result": Result.REFUSED,
    "subject_type": "person",
    "subject_code": "s9",
    "division_code": "36",
    "facts": {"number": 99},
    "reason": "另有原因",
    "request_id": "r9",
    "previous_hash": "e" * 64,
    "entry_hash": "f" * 64,
}


def closed_up(session: Session, after: int) -> None:
    """The numbers behind a gap move up, and the head with them."""
    for sequence in range(after + 1, COUNT + 1):
        change(session, sequence, sequence=sequence - 1)
    session.execute(sa.update(AuditHead).values(sequence=COUNT - 1))


def sealed_anew(session: Session, key: bytes) -> None:
    """Every entry is linked and sealed again, and the head mended: no trace is left inside the database."""
    before = GENESIS
    for row in session.execute(sa.select(ENTRIES).order_by(ENTRIES.c.sequence)).all():
        before = hash_of(SimpleNamespace(**dict(row._mapping) | {"previous_hash": (link := before)}), key)
        change(session, row.sequence, previous_hash=link, entry_hash=before)
    mended_head(session)


def delete_first(session: Session) -> None:
    delete(session, 1)


def delete_middle(session: Session) -> None:
    delete(session, 4)


def delete_middle_and_close_up(session: Session) -> None:
    delete(session, 4)
    closed_up(session, 4)


def delete_last(session: Session) -> None:
    delete(session, COUNT)


def insert_a_copy(session: Session) -> None:
    for sequence in range(COUNT, 3, -1):
        change(session, sequence, sequence=sequence + 1)
    source = session.execute(sa.select(ENTRIES).where(ENTRIES.c.sequence == 2)).one()
    copied = {name: value for name, value in source._mapping.items() if name != "id"}
    new = copied | {"sequence": 4, "entry_hash": "d" * 64}
    session.execute(sa.insert(ENTRIES).values(**new))
    session.execute(sa.update(AuditHead).values(sequence=COUNT + 1))


def swap_two(session: Session) -> None:
    for old, new in ((3, 100), (5, 3), (100, 5)):
        change(session, old, sequence=new)


def swap_what_two_say(session: Session) -> None:
    for sequence, code in ((3, "s5"), (5, "s3")):
        change(session, sequence, subject_code=code)


def write_facts_with_other_blanks(session: Session) -> None:
    text = sa.text("UPDATE audit_entry SET facts = :facts WHERE sequence = 6")
    if session.get_bind().dialect.name == "postgresql":
        text = sa.text("UPDATE audit_entry SET facts = CAST(:facts AS json) WHERE sequence = 6")
    session.execute(text, {"facts": json.dumps({"number": 6, "place": "示例街道"}, indent=1)})


def write_a_fact_twice(session: Session) -> None:
    text = sa.text("UPDATE audit_entry SET facts = :facts WHERE sequence = 6")
    if session.get_bind().dialect.name == "postgresql":
        text = sa.text("UPDATE audit_entry SET facts = CAST(:facts AS json) WHERE sequence = 6")
    facts = json.dumps({"number": 6, "place": "示例街道"}).replace('"number": 6', '"number": 1, "number": 6')
    session.execute(text, {"facts": facts})


def set_the_head_back(session: Session) -> None:
    session.execute(sa.update(AuditHead).values(sequence=5))


def seal_with_another_key(session: Session) -> None:
    sealed_anew(session, OTHER_KEY)


def seal_one_entry_with_another_key(session: Session) -> None:
    row = session.execute(sa.select(ENTRIES).where(ENTRIES.c.sequence == COUNT)).one()
    change(session, COUNT, entry_hash=hash_of(row, OTHER_KEY))
    mended_head(session)


WITHIN: list[tuple[Callable[[Session], None], BrokenEntry]] = [
    (delete_first, BrokenEntry(1, Fault.MISSING)),
    (delete_middle, BrokenEntry(4, Fault.MISSING)),
    (delete_middle_and_close_up, BrokenEntry(4, Fault.LINK)),
    (delete_last, BrokenEntry(COUNT, Fault.TAIL)),
    (insert_a_copy, BrokenEntry(4, Fault.LINK)),
    (swap_two, BrokenEntry(3, Fault.LINK)),
    (swap_what_two_say, BrokenEntry(3, Fault.CONTENT)),
    (write_facts_with_other_blanks, BrokenEntry(6, Fault.CONTENT)),
    (write_a_fact_twice, BrokenEntry(6, Fault.CONTENT)),
    (set_the_head_back, BrokenEntry(COUNT + 1, Fault.TAIL)),
    (seal_with_another_key, BrokenEntry(1, Fault.CONTENT)),
    (seal_one_entry_with_another_key, BrokenEntry(COUNT, Fault.CONTENT)),
]
"""Found by the chain alone."""


def cut_the_tail_and_mend_the_head(session: Session) -> None:
    delete(session, 6, 7, COUNT)
    mended_head(session)


def change_and_seal_anew_with_the_key(session: Session) -> None:
    change(session, 4, actor_name="别人")
    sealed_anew(session, KEY)


def restore_an_old_database_and_go_on(session: Session) -> None:
    delete(session, 6, 7, COUNT)
    mended_head(session)
    session.expire_all()
    for number in range(6, COUNT + 2):
        act(session, number + 100, minutes=number)


AGAINST_HEADS: list[tuple[Callable[[Session], None], BrokenEntry]] = [
    (cut_the_tail_and_mend_the_head, BrokenEntry(6, Fault.TAIL)),
    (change_and_seal_anew_with_the_key, BrokenEntry(7, Fault.REWRITTEN)),
    (restore_an_old_database_and_go_on, BrokenEntry(7, Fault.REWRITTEN)),
]
"""Found against a head of the seventh entry that was kept outside; the chain alone holds."""

KINDS = len(FIELDS) + len(WITHIN) + len(AGAINST_HEADS) + 4
"""With the clock, the two of the head files and the one of the exported file below."""


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_found_at_its_entry(trail: Session, field: str) -> None:
    change(trail, 5, **{field: FIELDS[field]})

    broken = examine_trail(trail, key=KEY).broken

    assert broken == BrokenEntry(5, Fault.LINK if field == "previous_hash" else Fault.CONTENT)
    assert broken.at == (FIELDS["at"] if field == "at" else NOW + timedelta(minutes=5))


@pytest.mark.parametrize(("tamper", "found"), WITHIN, ids=lambda case: getattr(case, "__name__", ""))
def test_what_the_chain_alone_finds(
    trail: Session, tamper: Callable[[Session], None], found: BrokenEntry
) -> None:
    tamper(trail)

    assert examine_trail(trail, key=KEY).broken == found


@pytest.mark.parametrize(("tamper", "found"), AGAINST_HEADS, ids=lambda case: getattr(case, "__name__", ""))
def test_what_only_a_head_kept_outside_finds(
    trail: Session, tamper: Callable[[Session], None], found: BrokenEntry
) -> None:
    seventh = trail.execute(sa.select(ENTRIES.c.entry_hash).where(ENTRIES.c.sequence == 7)).scalar_one()
    tamper(trail)

    assert examine_trail(trail, key=KEY).broken is None
    assert examine_trail(trail, key=KEY, kept=[HeadDigest(7, seventh)]).broken == found


def test_a_clock_that_was_set_back_is_named_with_its_entry(trail: Session) -> None:
    act(trail, 9, minutes=-120)
    act(trail, 10)

    examined = examine_trail(trail, key=KEY)

    assert examined.broken is None
    assert [(one.sequence, one.before - one.at) for one in examined.setbacks] == [
        (9, timedelta(minutes=COUNT + 120))
    ]


def test_requests_that_waited_for_each_other_are_no_clock_set_back(trail: Session) -> None:
    act(trail, 9, minutes=COUNT - 4)

    assert examine_trail(trail, key=KEY).setbacks == ()


@pytest.mark.parametrize("field", ["entry_hash", "seal"])
def test_a_head_file_that_was_touched_is_refused(trail: Session, field: str) -> None:
    head = json.loads(write_head(present_head(trail, at=NOW), KEY))

    with pytest.raises(InvalidInput, match=r"head-1\.json"):
        read_head(json.dumps(head | {field: "0" * 64}), KEY, name="head-1.json")


def test_an_untouched_head_is_read_back_as_the_head_of_the_trail(trail: Session) -> None:
    text = write_head(present_head(trail, at=NOW), KEY)

    assert read_head(text, KEY, name="head").digest == head_digest(trail)


@pytest.mark.parametrize(
    "tamper", [tamper for tamper, _found in WITHIN if tamper is not write_facts_with_other_blanks]
)
def test_the_script_that_needs_no_product_finds_it_too(
    trail: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch, tamper
) -> None:
    """But for what the file does not hold: blanks and repeated facts, and the row of the head."""
    head = write_head(present_head(trail, at=NOW), KEY)
    tamper(trail)

    status = run_script(trail, tmp_path, head, monkeypatch)

    is_in_the_file = tamper not in (write_a_fact_twice, set_the_head_back)
    assert status == (1 if is_in_the_file else 0), capsys.readouterr().out


def test_the_script_holds_an_untouched_trail_for_whole(
    trail: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    head = write_head(present_head(trail, at=NOW), KEY)

    assert run_script(trail, tmp_path, head, monkeypatch) == 0
    assert f"{COUNT}:{head_digest(trail).entry_hash}" in capsys.readouterr().out


def test_the_script_names_the_entry_of_a_file_that_was_edited(
    trail: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    head = write_head(present_head(trail, at=NOW), KEY)

    assert run_script(trail, tmp_path, head, monkeypatch, edit=lambda text: text.replace('"s6"', '"s7"')) == 1
    assert "Entry 6 (2026-11-23T" in capsys.readouterr().out


def run_script(trail: Session, folder: Path, head: str, monkeypatch, edit: Callable[[str], str] = str) -> int:
    """The exit status of scripts/verify-trail on the trail as it stands, against the head from before."""
    (folder / "trail.jsonl").write_text(edit("".join(lines_of_trail(trail))), encoding="utf-8")
    (folder / "key").write_bytes(KEY + b"\n")
    (folder / "head-1.json").write_text(head)
    words = [str(folder / "trail.jsonl"), "--key-file", str(folder / "key"), "--heads", str(folder)]
    monkeypatch.setattr("sys.argv", ["verify-trail", *words])
    return script().main()


def test_the_script_imports_nothing_but_the_standard_library() -> None:
    imported = {
        name.split(".")[0] for name in script().__dict__ if isinstance(script().__dict__[name], ModuleType)
    }

    assert imported <= {"argparse", "hashlib", "hmac", "json", "sys"}


def test_there_are_twelve_kinds_or_more(tell: Callable[[str], None]) -> None:
    tell(f"T12: {KINDS} kinds of tampering")

    assert KINDS >= 12
