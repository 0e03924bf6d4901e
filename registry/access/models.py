"""Accounts. One account acts in one role for one division or one organisation."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base import Base, DivisionCode, Id, PublicCode, ShortText
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
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """SHA-256 of the token in the browser: who reads the table cannot sign in with it."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
