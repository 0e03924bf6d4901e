"""A backup is taken while the portal serves: the database as one state, then the files that its rows speak of."""

import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.backups.contents import pack_files
from portal.backups.engines import engine_of
from portal.backups.manifest import (
    DATABASE,
    FILES,
    MANIFEST,
    Manifest,
    make_first_key,
    newest_key,
    part_of,
    write_manifest,
)
from portal.backups.sealed_files import sealed_file
from portal.settings import Settings
from registry.audit.chain import instant
from registry.clock import SHANGHAI
from registry.sealing.keyfiles import Key
from registry.sealing.providers import Cipher
from reports.writing import PRIVATE, keep_folder, written_whole

PREFIX = "backup-"
DRAFTS = f".{PREFIX}*"
"""Backups that were not finished."""


@dataclass(frozen=True)
class Taken:
    """A backup that is there."""

    folder: Path
    manifest: Manifest
    key: Key


def take_backup(settings: Settings, folder: Path, *, at: datetime) -> Taken:
    """A new backup below a folder, there whole or not at all; BackupRefused without a key, OSError on a full disk."""
    key = _key_of(settings)
    name = f"{PREFIX}{at.astimezone(SHANGHAI):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    draft = folder / f".{name}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.mkdir(mode=0o700)
    try:
        manifest = _filled(settings, draft, key, at=at)
        written_whole(draft / MANIFEST, write_manifest(manifest, key).encode(), mode=PRIVATE)
        draft.rename(folder / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    keep_folder(folder)
    return Taken(folder / name, manifest, key)


def _key_of(settings: Settings) -> Key:
    cipher = Cipher(settings.cipher)
    if settings.is_demo:
        make_first_key(settings.keys, cipher)
    return newest_key(settings.keys, cipher)


def _filled(settings: Settings, draft: Path, key: Key, *, at: datetime) -> Manifest:
    facts = engine_of(settings.database_url).dump(settings.database_url, draft / DATABASE, key)
    with sealed_file(draft / FILES, key) as target:
        files = pack_files(settings.home, target)
    for part in (DATABASE, FILES):
        (draft / part).chmod(PRIVATE)
    return Manifest(
        made_at=instant(at),
        engine=facts.engine,
        migration=facts.migration,
        key=key.name,
        fingerprint=key.fingerprint,
        head=facts.head,
        tables=facts.tables,
        parts={part: part_of(draft / part) for part in (DATABASE, FILES)},
        files=files,
    )
