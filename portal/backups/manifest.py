"""What a backup says of itself: what is in it, at which migration, where the trail ended; under a seal of its own key.

It is readable without the key, so that whoever looks after backups can tell them apart: names of tables and of files,
counts and digests, nobody's data.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from registry.audit.chain import HeadDigest
from registry.audit.statements import seal_of
from registry.sealing.keyfiles import Key, Purpose, make_key, read_keys
from registry.sealing.providers import Cipher

FORMAT = "jingkangtong-backup-1"
MANIFEST = "manifest.json"
DATABASE, FILES = "database.sealed", "files.sealed"
NO_KEY = "There is no key to seal backups with in {folder}. Make one with: portal keys backup"


class BackupRefused(Exception):
    """A backup cannot be taken or is not restored; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Part:
    """One file, by its size and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A whole backup; `made_at` is ISO 8601 in UTC."""

    made_at: str
    engine: str
    """`sqlite` or `postgresql`: a backup of the one is not restored into the other."""
    migration: str
    key: str
    fingerprint: str
    head: HeadDigest
    """Where the trail ended."""
    tables: Mapping[str, int]
    """Rows of each table."""
    parts: Mapping[str, Part]
    """The sealed files as they lie in the folder."""
    files: Mapping[str, Part]
    """The kept files inside, by their path in PORTAL_HOME, as they were before they were sealed."""

    @property
    def taken_at(self) -> datetime:
        """When the state that it holds was read."""
        return datetime.fromisoformat(self.made_at)

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(self.tables.values())


def write_manifest(manifest: Manifest, key: Key) -> str:
    """The text of the file."""
    content = {"format": FORMAT, **asdict(manifest)}
    return json.dumps(content | {"seal": seal_of(content, key.secret)}, indent=1, ensure_ascii=False) + "\n"


def read_manifest(folder: Path, keys: Path) -> tuple[Manifest, Key]:
    """The manifest of a backup and its key; BackupRefused where the key is not there or something was edited."""
    content = _content_of(folder / MANIFEST)
    seal = content.pop("seal")
    key = key_named(keys, str(content.get("key")), str(content.get("fingerprint")))
    if not hmac.compare_digest(str(seal), seal_of(content, key.secret)):
        raise BackupRefused(f"{folder / MANIFEST} was edited: its seal does not fit. Take another backup.")
    return _manifest_of(content), key


def newest_key(folder: Path, cipher: Cipher) -> Key:
    """The key that the next backup is sealed with; BackupRefused where there is none."""
    found = [key for key in read_keys(folder) if key.purpose is Purpose.BACKUP and key.cipher is cipher]
    if not found:
        raise BackupRefused(NO_KEY.format(folder=folder))
    return found[-1]


def make_first_key(folder: Path, cipher: Cipher) -> Key | None:
    """The first key of a suite for backups; None where there is one already."""
    if any(key.purpose is Purpose.BACKUP and key.cipher is cipher for key in read_keys(folder)):
        return None
    return make_key(folder, Purpose.BACKUP, cipher)


def key_named(folder: Path, name: str, fingerprint: str) -> Key:
    """The key of a backup; BackupRefused where it is missing, or another one of the same name lies there."""
    found = next((key for key in read_keys(folder) if key.name == name), None)
    if found is None:
        raise BackupRefused(
            f"The key {name} ({fingerprint}) of this backup is not in {folder}. Bring it back from the safe copy."
        )
    if found.fingerprint != fingerprint:
        raise BackupRefused(
            f"{folder / name} is another key ({found.fingerprint}) than the one of this backup ({fingerprint})."
        )
    return found


def part_of(file: Path) -> Part:
    """A file as it lies there."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Part(file.stat().st_size, digest)


def _content_of(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BackupRefused(f"{file.parent} is no backup: it has no {MANIFEST}.") from None
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT or "seal" not in content:
        raise BackupRefused(f"{file} is no manifest of a backup of this version, or it was cut.")
    return content


def _manifest_of(content: dict[str, Any]) -> Manifest:
    """Sealed, so it has this shape."""
    facts = {name: value for name, value in content.items() if name != "format"}
    parts, files = (
        {name: Part(**part) for name, part in facts.pop(which).items()} for which in ("parts", "files")
    )
    return Manifest(**facts | {"head": HeadDigest(**facts["head"]), "parts": parts, "files": files})
