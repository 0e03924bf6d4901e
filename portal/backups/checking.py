"""Whether a restored register can be trusted with work, asked before it takes the place of another one."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.backups.facts import Facts
from portal.backups.manifest import Manifest
from portal.settings import Settings
from portal.trail import kept_heads
from registry.access.factors import unopened_old_factors
from registry.access.models import Account, Role
from registry.access.operations import NewAccount, open_account, sign_in_account
from registry.access.secrets import OLD_KEY_FILE, old_key
from registry.access.strictness import STRICTNESS
from registry.audit.trail import Trail
from registry.audit.verification import examine_trail
from registry.divisions.codes import NATION
from registry.sealing.fields import SEALED_FIELDS
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import Cipher, KeysMissing
from registry.sealing.resealing import broken_values
from reports.documents.drill_paper import Check, CheckKind


class Faulty(Exception):
    """The restored register is not what was backed up, or cannot be worked with; nothing was put in place."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        super().__init__("; ".join(check.fault for check in checks if check.fault))
        self.checks = checks


def as_backed_up(manifest: Manifest, facts: Facts, faults: Iterable[str]) -> list[Check]:
    """The database as it came out of the backup, held against the manifest."""
    differing = [
        f"{table}: {facts.tables.get(table)} rows instead of {manifest.tables.get(table)}"
        for table in sorted(facts.tables.keys() | manifest.tables.keys())
        if facts.tables.get(table) != manifest.tables.get(table)
    ]
    said = {"migration": manifest.migration, "head": manifest.head}
    others = [f"{name}: {getattr(facts, name)}" for name in said if getattr(facts, name) != said[name]]
    return [
        Check(CheckKind.STRUCTURE, "; ".join([*faults, *others]), facts.migration),
        Check(CheckKind.COUNTS, "; ".join(differing), f"{len(facts.tables)} / {sum(facts.tables.values())}"),
    ]


def files_check(manifest: Manifest) -> Check:
    """Each file was held against the manifest when it was unpacked."""
    return Check(
        CheckKind.FILES, "", f"{len(manifest.files)} / {sum(part.size for part in manifest.files.values())}"
    )


def can_be_worked_with(
    session: Session, settings: Settings, manifest: Manifest, *, at: datetime
) -> Iterator[Check]:
    """The trail, the sealed values and the door, at the newest migration; leaves nothing behind."""
    yield _trail(session, settings, manifest)
    yield _seals(session, settings)
    yield _door(session, settings, at=at)


def entries_lost(settings: Settings, manifest: Manifest) -> int:
    """How many entries came after the backup, as far as the heads kept outside tell."""
    latest = max(
        (head.sequence for head in kept_heads(settings.heads, settings.audit_key.encode())), default=0
    )
    return max(0, latest - manifest.head.sequence)


def _trail(session: Session, settings: Settings, manifest: Manifest) -> Check:
    key = settings.audit_key.encode()
    heads = [head for head in kept_heads(settings.heads, key) if head.sequence <= manifest.head.sequence]
    found = examine_trail(session, key=key, kept=heads)
    fault = f"entry {found.broken.sequence}: {found.broken.fault.value}" if found.broken else ""
    return Check(CheckKind.TRAIL, fault, f"{found.last.sequence}:{found.last.entry_hash[:16]}")


def _seals(session: Session, settings: Settings) -> Check:
    ring = KeyRing(settings.keys, Cipher(settings.cipher))
    try:
        ring.check()
    except KeysMissing as error:
        return Check(CheckKind.SEALS, str(error), "")
    broken = sum(1 for field in SEALED_FIELDS.values() for _code in broken_values(session, field, ring))
    fault = f"{broken} values do not open with the keys in {settings.keys}" if broken else ""
    return Check(CheckKind.SEALS, fault, str(len(SEALED_FIELDS)))


def _door(session: Session, settings: Settings, *, at: datetime) -> Check:
    accounts = session.scalar(sa.select(sa.func.count()).where(Account.is_active)) or 0
    faults = [
        "" if accounts else "no account is open",
        "" if _lets_in(session, settings, at=at) else "a new account does not get in",
        _closed_factors(session, settings),
    ]
    return Check(CheckKind.DOOR, "; ".join(filter(None, faults)), str(accounts))


def _lets_in(session: Session, settings: Settings, *, at: datetime) -> bool:
    """Somebody who never existed opens an account, signs in with its password, and is forgotten."""
    trail, password = Trail(settings.audit_key.encode()), f"Aa1-{secrets.token_urlsafe(24)}"
    strictness, name = STRICTNESS[settings.profile], f"trial-{secrets.token_hex(8)}"
    trial = session.begin_nested()
    try:
        new = NewAccount(name, name, Role.SYSADMIN, NATION)
        account = open_account(session, new, password=password, at=at, strictness=strictness, trail=trail)
        attempt = sign_in_account(session, name, password, at=at, strictness=strictness, trail=trail)
        return attempt.account is account
    except sa.exc.DBAPIError:
        return False  # where the trail takes no entry, nobody gets in
    finally:
        trial.rollback()


def _closed_factors(session: Session, settings: Settings) -> str:
    """Those in the seal of before the ring; what the ring seals is looked at with every other value."""
    folder = settings.home / "keys"
    closed = unopened_old_factors(session, old_key(folder))
    return f"{closed} second factors do not open with {folder / OLD_KEY_FILE}" if closed else ""
