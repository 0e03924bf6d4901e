"""Accounts, the positions they hold, whom they stand in for, and their stays."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from registry.access.roles import Role as Role
from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText, sealed_column
from registry.organisations.models import Organisation


class Account(Base):
    """A person who signs in; what he may do follows from the position in which he does it."""

    __tablename__ = "account"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    username: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[ShortText]
    password_hash: Mapped[ShortText]
    password_set_at: Mapped[datetime | None]
    password_is_initial: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Somebody else knew it: it is changed at the first sign-in."""
    is_active: Mapped[bool] = mapped_column(default=True)
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]

    positions: Mapped[list["Position"]] = relationship(back_populates="account", order_by="Position.id")

    @property
    def division_code(self) -> str:
        """Where the trail files what concerns the account itself: the division of its first position."""
        return self.positions[0].division_code if self.positions else ""

    def positions_on(self, day: date) -> list["Position"]:
        """What the person is charged with on a day, the oldest first."""
        return [position for position in self.positions if position.is_held_on(day)]

    def roles_on(self, day: date) -> frozenset[Role]:
        """The roles of these positions."""
        return frozenset(position.role for position in self.positions_on(day))


class Position(Base):
    """岗位: one role for one division or one organisation, held by one account from one day on."""

    __tablename__ = "position"
    __table_args__ = (
        sa.CheckConstraint(
            "(role IN ('station', 'provider', 'charity', 'association')) = (organisation_id IS NOT NULL)",
            name="organisation_roles_have_one",
        ),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name="ends_after_it_begins"),
        sa.Index(None, "role", "division_code"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    role: Mapped[Role]
    division_code: Mapped[DivisionCode]
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    """The first day on which it is held no longer."""
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()
    account: Mapped[Account] = relationship(back_populates="positions")

    def is_held_on(self, day: date) -> bool:
        """Whether it was given by then and is not over."""
        return self.began_on <= day and (self.ended_on is None or day < self.ended_on)

    def stands_beside(self, other: "Position") -> bool:
        """Whether who holds this one may still act in the other: as a colleague, or from above in the same line."""
        if self.organisation_id is not None or other.organisation_id is not None:
            return self.role == other.role and self.organisation_id == other.organisation_id
        is_in_line = self.role == other.role or self.role in (Role.PROVINCE, Role.CITY, Role.DISTRICT)
        return is_in_line and other.division_code.startswith(self.division_code)


class Extent(StrEnum):
    """How much of a position is handed over; each takes in the one before."""

    READ = "read"
    WORK = "work"
    FULL = "full"


class Delegation(Base):
    """授权代办: for some days somebody else also acts in a position, and both names stand in the trail."""

    __tablename__ = "delegation"
    __table_args__ = (sa.CheckConstraint("until_on >= from_on", name="ends_after_it_begins"),)

    id: Mapped[Id]
    code: Mapped[PublicCode]
    extent: Mapped[Extent]
    from_on: Mapped[date]
    until_on: Mapped[date]
    """The last day."""
    reason: Mapped[ShortText]
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Taken back before its last day."""
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    delegate_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)

    position: Mapped[Position] = relationship()
    delegate: Mapped[Account] = relationship()

    def holds_on(self, day: date) -> bool:
        """Whether the delegate may act on it: within its days, not taken back, and both still where they were."""
        if self.ended_at is not None or not self.from_on <= day <= self.until_on:
            return False
        is_left = self.position.is_held_on(day) and self.position.account.is_active
        held = self.delegate.positions_on(day)
        return is_left and any(one.stands_beside(self.position) for one in held)


class Reveal(Base):
    """One field of one record that one stay may see whole for a while; why stands in the trail."""

    __tablename__ = "reveal"
    __table_args__ = (
        sa.UniqueConstraint("stay", "subject_code", "field"),
        sa.CheckConstraint("until > at", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    stay: Mapped[str] = mapped_column(sa.String(64))
    """The code of the sign-in: another stay of the same account sees nothing."""
    subject_code: Mapped[str] = mapped_column(sa.String(16))
    field: Mapped[ShortText]
    at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class EmergencyState(StrEnum):
    """An emergency access waits for its review, and stands or is objected to."""

    OPEN = "open"
    UPHELD = "upheld"
    OBJECTED = "objected"


class EmergencyAccess(Base):
    """紧急查看: who opened which clinical field of which record in an emergency, and what the review said."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        sa.CheckConstraint("until > at", name="ends_after_it_begins"),
        sa.CheckConstraint("(state = 'open') = (reviewed_at IS NULL)", name="open_is_unreviewed"),
        sa.Index(None, "account_id", "at"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[EmergencyState]
    version: Mapped[int] = mapped_column(default=1)
    subject_type: Mapped[ShortText]
    subject_code: Mapped[str] = mapped_column(sa.String(16))
    field: Mapped[ShortText]
    division_code: Mapped[DivisionCode]
    """Where the record lay when it was opened."""
    reason: Mapped[ShortText]
    explanation: Mapped[LongText]
    at: Mapped[datetime]
    until: Mapped[datetime]
    review_due_on: Mapped[date]
    reviewed_at: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    """Whose data it is."""
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))

    account: Mapped[Account] = relationship()

    __mapper_args__ = {"version_id_col": version}


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
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    """In which of his positions the person acts."""
    delegation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegation.id"), index=True)
    """On whose behalf, while he stands in for somebody."""


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
    __table_args__ = (
        sa.CheckConstraint(
            "(secret_sealed IS NULL) <> (secret_in_old_seal IS NULL)", name="secret_is_sealed_once"
        ),
    )

    id: Mapped[Id]
    secret_sealed: Mapped[bytes | None] = sealed_column()
    secret_in_old_seal: Mapped[LongText | None]
    """As registers of before the ring of keys have it, until `portal keys rotate` seals it anew."""
    enrolled_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(sa.BigInteger)
    """The step of the last code that passed: none passes twice."""
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)

    code: Mapped[str] = column_property(
        sa.select(Account.code).where(Account.id == account_id).scalar_subquery(), deferred=True
    )
    """Of the account: the secret is sealed for it and opens for no other."""


class RecoveryCode(Base):
    """Stands in once for a lost authenticator."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    code_digest: Mapped[str] = mapped_column(sa.String(80), unique=True)
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
