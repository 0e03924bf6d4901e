"""T12, second part: whoever tampers with what was retired from the trail, or with the record of it, is found."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.archives import RetiredPart, checkpoints, part_of, read_part, write_part
from registry.audit.chain import BrokenEntry, Fault, HeadDigest, instant
from registry.audit.models import AuditCheckpoint
from registry.audit.retiring import part_until, retire
from registry.audit.trail import Trail
from registry.audit.verification import examine_trail
from registry.audit.writing import lines_of_trail
from registry.errors import InvalidInput
from tests.access.trails import COUNT, ENTRIES, KEY, change, delete, script, trail, unguarded
from tests.factories import NOW

__all__ = ["trail", "unguarded"]

OTHER_KEY = b"the key of a forger"
CHECKPOINTS = AuditCheckpoint.__table__
FIRST, LAST, TOLD = 1, 4, COUNT + 1
"""Entries 1 to 4 are retired; the ninth tells of it."""


@pytest.fixture
def retired(trail: Session, tmp_path: Path) -> Session:
    """The first half is in a file."""
    retire_until(trail, tmp_path, LAST)
    return trail


def retire_until(trail: Session, folder: Path, until: int, *, key: bytes = KEY) -> RetiredPart:
    text = "".join(lines_of_trail(trail, until=until))
    (folder / f"{until}.jsonl").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    part = part_until(trail, until, at=instant(NOW), file_name=f"{until}.jsonl", sha256=digest)
    (folder / f"{until}.json").write_text(write_part(part, key))
    retire(trail, part, actor_code="a2", actor_name="审计", division_code="0", trail=Trail(key))
    return part


def test_the_rest_of_the_trail_holds_and_names_its_archive(retired: Session, tmp_path: Path) -> None:
    examined = examine_trail(retired, key=KEY, archives=tmp_path)

    assert examined.broken is None
    assert examined.last.sequence == TOLD
    assert [(part.first_sequence, part.sequence, part.file_name) for part in examined.retired] == [
        (FIRST, LAST, "4.jsonl")
    ]


def test_a_second_retirement_is_linked_to_the_first(retired: Session, tmp_path: Path) -> None:
    retire_until(retired, tmp_path, 7)

    examined = examine_trail(retired, key=KEY, archives=tmp_path)

    assert examined.broken is None
    assert [(part.first_sequence, part.sequence) for part in examined.retired] == [(1, 4), (5, 7)]


def edit_the_archive(_trail: Session, folder: Path) -> None:
    file = folder / "4.jsonl"
    file.write_text(file.read_text(encoding="utf-8").replace('"s2"', '"s3"'), encoding="utf-8")


def cut_the_archive(_trail: Session, folder: Path) -> None:
    file = folder / "4.jsonl"
    file.write_text(
        "".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8"
    )


def lose_the_archive(_trail: Session, folder: Path) -> None:
    (folder / "4.jsonl").unlink()


def edit_the_archive_and_its_digest(trail: Session, folder: Path) -> None:
    edit_the_archive(trail, folder)
    trail.execute(sa.update(CHECKPOINTS).values(sha256=digest_of(folder / "4.jsonl")))


def edit_the_archive_and_seal_the_checkpoint_anew(trail: Session, folder: Path) -> None:
    edit_the_archive_and_its_digest(trail, folder)
    seal_anew(trail, KEY)


def lose_the_checkpoint(trail: Session, _folder: Path) -> None:
    trail.execute(sa.delete(CHECKPOINTS))


def put_an_entry_back(trail: Session, folder: Path) -> None:
    line = json.loads((folder / "4.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    trail.execute(sa.insert(ENTRIES).values(line | {"at": NOW}))


def cut_more_and_move_the_checkpoint(trail: Session, _folder: Path) -> None:
    sixth = trail.execute(sa.select(ENTRIES.c.entry_hash).where(ENTRIES.c.sequence == 6)).scalar_one()
    delete(trail, 5, 6)
    trail.execute(sa.update(CHECKPOINTS).values(sequence=6, entry_hash=sixth))


def cut_more_with_a_seal_of_another_key(trail: Session, folder: Path) -> None:
    cut_more_and_move_the_checkpoint(trail, folder)
    seal_anew(trail, OTHER_KEY)


def cut_more_with_the_true_key_and_no_entry(trail: Session, folder: Path) -> None:
    cut_more_and_move_the_checkpoint(trail, folder)
    seal_anew(trail, KEY)


def add_a_second_checkpoint_that_hangs_in_the_air(trail: Session, _folder: Path) -> None:
    seventh = trail.execute(sa.select(ENTRIES.c.entry_hash).where(ENTRIES.c.sequence == 7)).scalar_one()
    delete(trail, 5, 6, 7)
    values = {"first_sequence": 6, "sequence": 7, "previous_hash": "a" * 64, "entry_hash": seventh}
    others = {"at": NOW, "file_name": "7.jsonl", "sha256": "b" * 64, "seal": "c" * 64}
    trail.execute(sa.insert(CHECKPOINTS).values(values | others))


KINDS: list[tuple[Callable[[Session, Path], None], BrokenEntry]] = [
    (edit_the_archive, BrokenEntry(1, Fault.ARCHIVE)),
    (cut_the_archive, BrokenEntry(1, Fault.ARCHIVE)),
    (lose_the_archive, BrokenEntry(1, Fault.ARCHIVE)),
    (edit_the_archive_and_its_digest, BrokenEntry(1, Fault.CHECKPOINT)),
    (edit_the_archive_and_seal_the_checkpoint_anew, BrokenEntry(1, Fault.CHECKPOINT)),
    (lose_the_checkpoint, BrokenEntry(1, Fault.MISSING)),
    (put_an_entry_back, BrokenEntry(5, Fault.MISSING)),
    (cut_more_and_move_the_checkpoint, BrokenEntry(1, Fault.CHECKPOINT)),
    (cut_more_with_a_seal_of_another_key, BrokenEntry(1, Fault.CHECKPOINT)),
    (cut_more_with_the_true_key_and_no_entry, BrokenEntry(1, Fault.CHECKPOINT)),
    (add_a_second_checkpoint_that_hangs_in_the_air, BrokenEntry(6, Fault.CHECKPOINT)),
]
SAID: dict[str, Any] = {
    "first_sequence": 2,
    "sequence": 3,
    "previous_hash": "a" * 64,
    "entry_hash": "b" * 64,
    "file_name": "other.jsonl",
    "sha256": "c" * 64,
    "seal": "d" * 64,
}
"""What a checkpoint says, and a forgery of each."""

ALSO = 3
"""With the statement, the head that says otherwise, and the file that the script reads below."""


@pytest.mark.parametrize(("tamper", "found"), KINDS, ids=lambda case: getattr(case, "__name__", ""))
def test_tampering_with_what_was_retired_is_found(
    retired: Session, tmp_path: Path, tamper: Callable[[Session, Path], None], found: BrokenEntry
) -> None:
    tamper(retired, tmp_path)
    retired.expire_all()

    assert examine_trail(retired, key=KEY, archives=tmp_path).broken == found


@pytest.mark.parametrize("field", SAID)
def test_a_checkpoint_that_says_something_else_is_found(retired: Session, field: str) -> None:
    retired.execute(sa.update(CHECKPOINTS).values(**{field: SAID[field]}))
    retired.expire_all()

    broken = examine_trail(retired, key=KEY).broken

    assert broken is not None
    assert broken.fault is Fault.CHECKPOINT


def test_a_statement_that_was_touched_is_refused(retired: Session, tmp_path: Path) -> None:
    text = (tmp_path / "4.json").read_text().replace('"sequence": 4', '"sequence": 3')

    with pytest.raises(InvalidInput, match=r"4\.json"):
        read_part(text, KEY, name="4.json")


def test_the_statement_says_what_the_checkpoint_says(retired: Session, tmp_path: Path) -> None:
    said = read_part((tmp_path / "4.json").read_text(), KEY, name="4.json")

    assert said == part_of(checkpoints(retired)[0])


@pytest.mark.parametrize("number", [2, LAST])
def test_a_kept_head_of_a_retired_entry_is_held_against_the_archive(
    retired: Session, tmp_path: Path, number: int
) -> None:
    kept = [HeadDigest(number, "f" * 64)]

    assert examine_trail(retired, key=KEY, kept=kept, archives=tmp_path).broken == BrokenEntry(
        number, Fault.REWRITTEN
    )


def test_what_changed_after_a_retirement_is_still_found(retired: Session) -> None:
    change(retired, 6, reason="另有原因")

    assert examine_trail(retired, key=KEY).broken == BrokenEntry(6, Fault.CONTENT)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["4.jsonl", "rest.jsonl"], 0),
        (["rest.jsonl", "--after", "link"], 0),
        (["rest.jsonl"], 1),
        (["edited.jsonl", "rest.jsonl"], 1),
    ],
)
def test_the_script_that_needs_no_product_follows_archive_and_rest(
    retired: Session, tmp_path: Path, monkeypatch, capsys, words: list[str], status: int
) -> None:
    (tmp_path / "rest.jsonl").write_text("".join(lines_of_trail(retired)), encoding="utf-8")
    edited = (tmp_path / "4.jsonl").read_text(encoding="utf-8").replace('"s2"', '"s3"')
    (tmp_path / "edited.jsonl").write_text(edited, encoding="utf-8")
    (tmp_path / "key").write_bytes(KEY)
    checkpoint = checkpoints(retired)[0]
    named = {"link": f"{checkpoint.sequence}:{checkpoint.entry_hash}"}
    asked = [named.get(word, str(tmp_path / word) if word.endswith("jsonl") else word) for word in words]
    monkeypatch.setattr("sys.argv", ["verify-trail", *asked, "--key-file", str(tmp_path / "key")])

    assert script().main() == status, capsys.readouterr().out


def seal_anew(trail: Session, key: bytes) -> None:
    trail.expire_all()
    for checkpoint in checkpoints(trail):
        trail.execute(sa.update(CHECKPOINTS).values(seal=part_of(checkpoint).sealed(key)))


def digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_there_are_as_many_kinds_as_of_a_trail_that_goes_on(tell: Callable[[str], None]) -> None:
    kinds = len(KINDS) + len(SAID) + ALSO

    tell(f"T12: {kinds} kinds of tampering with what was retired")

    assert kinds >= 12
