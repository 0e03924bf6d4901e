"""Accounts. One account acts in one role for one division or one organisation."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText
from registry.organisations.models import Organisation


class Role(StrEnum):
    """The roles of the permission table."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    STATION = "station"
    PROVIDER = "provider"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITADMIN = "auditadmin"


class Account(Base):
    """A person who signs in."""

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint(
            "(role IN ('station', 'provider')) = (organisation_id IS NOT NULL)",
            name="organisation_roles_have_one",
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    username: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[ShortText]
    password_hash: Mapped[ShortText]
    password_set_at: Mapped[datetime | None]
    password_is_initial: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Somebody else knew it: it is changed at the first sign-in."""
    role: Mapped[Role]
    division_code: Mapped[DivisionCode]
    is_active: Mapped[bool] = mapped_column(default=True)
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()


class Reveal(Base):
    """One field of one record that one stay may see whole for a while; why stands in the trail."""

    __tablename__ = "reveal"
    __table_args__ = (
        sa.UniqueConstraint("stay", "subject_code", "field"),
        sa.CheckConstraint("until > at", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    stay: Mapped[str] = mapped_column(sa.String(64))
    """As `sign_in.token_hash`: another stay of the same account sees nothing."""
    subject_code: Mapped[str] = mapped_column(sa.String(16))
    field: Mapped[ShortText]
    at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class SignIn(Base):
    """One stay of an account: what a browser holds is worth something only while this row says so."""

    __tablename__ = "sign_in"
    __table_args__ = (
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """SHA-256 of the token in the browser: who reads the table cannot sign in with it."""
    began_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]
    """When nothing was owed at the door any more: the second factor passed, the password changed."""
    factor_at: Mapped[datetime | None]
    """When the second factor passed."""
    proved_at: Mapped[datetime]
    """When the person last proved who he is."""
    last_seen_at: Mapped[datetime]
    """Written at most once a minute."""
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    browser: Mapped[str] = mapped_column(sa.String(40), default="")
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)


class FormerPassword(Base):
    """A password that was replaced; none of the last few may come again."""

    __tablename__ = "former_password"

    id: Mapped[Id]
    password_hash: Mapped[ShortText]
    replaced_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)


class SecondFactor(Base):
    """The authenticator app of an account."""

    __tablename__ = "second_factor"

    id: Mapped[Id]
    sealed_secret: Mapped[LongText]
    enrolled_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(sa.BigInteger)
    """The step of the last code that passed: none passes twice."""
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)


class RecoveryCode(Base):
    """Stands in once for a lost authenticator."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    code_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    used_at: Mapped[datetime | None]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)


class CodePurpose(StrEnum):
    """What a one-time code lets its holder do."""

    PASSWORD = "password"  # noqa: S105  # a purpose, not a password
    FACTOR = "factor"


class OneTimeCode(Base):
    """An invitation, or the permission to replace a lost authenticator: given out of hand, used once."""

    __tablename__ = "one_time_code"

    id: Mapped[Id]
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[CodePurpose]
    made_at: Mapped[datetime]
    holds_until: Mapped[datetime]
    used_at: Mapped[datetime | None]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    account: Mapped[Account] = relationship()


class FailedAttempts(Base):
    """When proofs were wrong of late, under one name from one place, or from one place under any name."""

    __tablename__ = "failed_attempts"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """A hash: a name may be a password that was typed into the wrong box."""
    times: Mapped[list[float]] = mapped_column(sa.JSON)
    """Seconds since 1970, the oldest first."""
    last_at: Mapped[datetime] = mapped_column(index=True)
