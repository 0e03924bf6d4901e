"""One-time codes of an authenticator app: RFC 6238 with SHA-1, six digits, thirty seconds, which every app speaks."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
SKEW = 1
"""Steps that a clock may be wrong, before or after."""


def new_secret() -> str:
    """160 random bits in the letters that apps expect (RFC 4226, section 4; RFC 4648, base 32)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_of(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of one step of time (RFC 4226, section 5.3)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_at(at: datetime) -> int:
    """Thirty seconds since 1970 each."""
    return int(at.timestamp()) // STEP_SECONDS


def step_of(secret: str, typed: str, *, at: datetime) -> int | None:
    """The step whose code was typed, now or one step to either side; every candidate is compared."""
    now = step_at(at)
    steps = range(now - SKEW, now + SKEW + 1)
    found = [step for step in steps if hmac.compare_digest(code_of(secret, step).encode(), typed.encode())]
    return found[-1] if found else None


def address_of(secret: str, *, issuer: str, name: str) -> str:
    """What the QR holds: otpauth://totp/…"""
    label = f"{quote(issuer)}:{quote(name)}"
    return (
        f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP_SECONDS}"
    )
