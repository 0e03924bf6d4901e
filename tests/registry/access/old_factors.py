"""Second factors as registers had them before the ring of keys: one key in a file, AES-256-GCM in base 64."""

import base64
import hashlib
import hmac
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from registry.access.models import Account

KEY = bytes(range(32))
NONCE = b"twelve bytes"


def keep_old_key(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "factor_key").write_bytes(KEY)


def seal_as_before(text: str, purpose: str) -> str:
    return base64.b64encode(NONCE + AESGCM(KEY).encrypt(NONCE, text.encode(), purpose.encode())).decode()


def enrol_as_before(session: Session, account: Account, secret: str, recovery_code: str) -> None:
    """Written past the models, as a migrated row lies there."""
    sealed = seal_as_before(secret, f"second factor of {account.code}")
    digest = hmac.new(KEY, f"recovery code of {account.code}\0{recovery_code}".encode(), hashlib.sha256)
    session.execute(
        sa.text(
            "INSERT INTO second_factor (account_id, secret_in_old_seal, enrolled_at, last_step)"
            " VALUES (:account, :sealed, :at, 0)"
        ),
        {"account": account.id, "sealed": sealed, "at": "2026-01-01 00:00:00+00:00"},
    )
    session.execute(
        sa.text("INSERT INTO recovery_code (account_id, code_digest) VALUES (:account, :digest)"),
        {"account": account.id, "digest": digest.hexdigest()},
    )
    session.flush()
