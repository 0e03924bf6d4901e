"""T10: a backup that was edited, cut, forged, sealed with another key or made by a newer version is not restored."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from portal.backups.manifest import DATABASE, FILES, MANIFEST, BackupRefused, read_manifest, write_manifest
from portal.backups.restoring import open_backup
from portal.backups.taking import Taken, take_backup
from portal.migrating import newest_revision
from portal.settings import Profile
from registry.audit.statements import seal_of
from registry.sealing.keyfiles import Purpose, make_key
from registry.sealing.providers import Cipher
from tests.factories import NOW
from tests.portal.backups.worlds import Place, is_empty, restored

Run = Callable[..., Result]


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / MANIFEST).read_text()
    assert old in text
    (folder / MANIFEST).write_text(text.replace(old, new, 1))


def flip(folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)


def cut(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-20])


def lose(folder: Path, name: str) -> None:
    (folder / name).unlink()


def exchange(folder: Path) -> None:
    for old, new in ((DATABASE, "x"), (FILES, DATABASE), ("x", FILES)):
        (folder / old).rename(folder / new)


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "an edited count": (lambda it: edit(it, '"practitioner": 1', '"practitioner": 2'), "edited"),
    "an edited head": (lambda it: edit(it, '"sequence": 5', '"sequence": 4'), "edited"),
    "an edited migration": (lambda it: edit(it, newest_revision(), "0012"), "edited"),
    "an edited engine": (lambda it: edit(it, '"engine"', '"motor"'), "edited"),
    "a cut manifest": (lambda it: cut(it, MANIFEST), "no manifest"),
    "a manifest of another format": (lambda it: edit(it, "backup-1", "backup-2"), "no manifest"),
    "no manifest": (lambda it: lose(it, MANIFEST), "no backup"),
    "a changed database": (lambda it: flip(it, DATABASE), "changed or cut"),
    "a cut database": (lambda it: cut(it, DATABASE), "changed or cut"),
    "a lost database": (lambda it: lose(it, DATABASE), "changed or cut"),
    "a changed archive of files": (lambda it: flip(it, FILES), "changed or cut"),
    "a cut archive of files": (lambda it: cut(it, FILES), "changed or cut"),
    "a lost archive of files": (lambda it: lose(it, FILES), "changed or cut"),
    "exchanged files": (exchange, "changed or cut"),
}
ALSO = 8
"""The tests below, each of which refuses one more."""


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_backup_is_refused(source: Place, copy: Path, how: str) -> None:
    spoil, why = SPOILT[how]
    spoil(copy)

    with pytest.raises(BackupRefused, match=why):
        open_backup(copy, source.settings)


def resealed(folder: Path, source: Place, **facts: object) -> None:
    """What whoever has the backup key could write."""
    manifest, key = read_manifest(folder, source.settings.keys)
    said = json.loads(write_manifest(manifest, key)) | facts
    said.pop("seal")
    (folder / MANIFEST).write_text(json.dumps(said | {"seal": seal_of(said, key.secret)}))


def test_a_backup_of_a_newer_version_is_refused(source: Place, copy: Path) -> None:
    resealed(copy, source, migration="9999")

    with pytest.raises(BackupRefused, match="9999, which this version does not know"):
        open_backup(copy, source.settings)


def test_a_backup_of_the_other_engine_is_refused(source: Place, copy: Path) -> None:
    resealed(copy, source, engine="oracle")

    with pytest.raises(BackupRefused, match="oracle"):
        open_backup(copy, source.settings)


def test_rows_that_are_not_those_of_the_manifest_are_not_put_in_place(
    run: Run, source: Place, copy: Path, target: Place
) -> None:
    tables = json.loads((copy / MANIFEST).read_text())["tables"]
    resealed(copy, source, tables=tables | {"practitioner": 2})

    done = run(target, "restore", str(copy))

    assert done.exit_code == 1
    assert "fault counts: practitioner: 1 rows instead of 2" in done.output
    assert is_empty(target)


def test_a_file_that_is_not_in_the_manifest_is_refused(source: Place, copy: Path, target: Place) -> None:
    resealed(copy, source, files={})

    with pytest.raises(BackupRefused, match="not what the manifest says"):
        restored(target, copy)
    assert is_empty(target)


def test_a_file_that_is_only_in_the_manifest_is_refused(source: Place, copy: Path, target: Place) -> None:
    files = json.loads((copy / MANIFEST).read_text())["files"]
    resealed(copy, source, files=files | {"uploads/z.bin": {"size": 1, "sha256": "0" * 64}})

    with pytest.raises(BackupRefused, match="1 files of the manifest are missing"):
        restored(target, copy)
    assert is_empty(target)


@pytest.fixture
def keys(target: Place, taken: Taken, tmp_path: Path) -> Path:
    """A folder of keys without that of the backup."""
    folder = shutil.copytree(target.settings.keys, tmp_path / "other-keys")
    (folder / taken.key.name).unlink()
    return folder


def test_without_its_key_a_backup_is_not_opened(run: Run, taken: Taken, target: Place, keys: Path) -> None:
    done = run(with_keys(target, keys), "restore", str(taken.folder))

    assert done.exit_code == 2
    assert f"The key {taken.key.name} ({taken.key.fingerprint}) of this backup is not in" in done.output
    assert is_empty(target)


def test_with_another_key_a_backup_is_not_opened(run: Run, taken: Taken, target: Place, keys: Path) -> None:
    make_key(keys, Purpose.BACKUP, Cipher.AES)

    done = run(with_keys(target, keys), "restore", str(taken.folder))

    assert (done.exit_code, "is another key" in done.output) == (2, True)
    assert is_empty(target)


def test_a_backup_is_not_taken_without_a_key(source: Place, tmp_path: Path) -> None:
    settings = replace(source.settings, profile=Profile.DENGBAO3, keys_folder=tmp_path)

    with pytest.raises(BackupRefused, match="portal keys backup"):
        take_backup(settings, tmp_path / "backups", at=NOW)
    assert not (tmp_path / "backups").exists()


def with_keys(place: Place, keys: Path) -> Place:
    return Place(replace(place.settings, keys_folder=keys), replace(place.owner, keys_folder=keys))


def test_there_are_a_dozen_ways_or_more(tell: Callable[[str], None]) -> None:
    ways = len(SPOILT) + ALSO

    tell(f"T10: {ways} backups refused")

    assert ways >= 12
