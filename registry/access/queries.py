"""Reads of accounts."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from registry.access.models import Account, Position, Role
from registry.errors import NotVisible
from registry.organisations.models import Organisation


def account_by_username(session: Session, username: str) -> Account | None:
    """Whoever signs in under this name, active or not."""
    return session.scalar(sa.select(Account).where(Account.username == username))


def account_by_code(session: Session, code: str) -> Account | None:
    """The account with this public code, active or not."""
    return session.scalar(sa.select(Account).where(Account.code == code))


def accounts(session: Session) -> list[Account]:
    """All accounts by name, with their positions."""
    statement = sa.select(Account).order_by(Account.username).options(selectinload(Account.positions))
    return list(session.scalars(statement))


def roles_of_person(session: Session, name: str) -> set[Role]:
    """The roles of the open accounts in this name: the register knows people who sign in by no other sign."""
    held = sa.select(Position.role).join(Account).where(Account.name == name, Account.is_active)
    return set(session.scalars(held.where(Position.ended_on.is_(None))))


def has_accounts(session: Session) -> bool:
    """Whether anybody can sign in at all."""
    return session.scalar(sa.select(Account.id).limit(1)) is not None


def has_open_example_accounts(session: Session) -> bool:
    """Whether somebody can sign in with the password of the demonstration."""
    example = sa.select(Account.id).where(Account.is_example, Account.is_active)
    return session.scalar(example.limit(1)) is not None


def employer_by_code(session: Session, code: str) -> Organisation:
    """The organisation that an account is to belong to; NotVisible where there is none."""
    organisation = session.scalar(sa.select(Organisation).where(Organisation.code == code))
    if organisation is None:
        raise NotVisible
    return organisation
