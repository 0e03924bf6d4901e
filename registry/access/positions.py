"""岗位: which positions an account holds, who else belongs to the unit of one, and giving and ending them."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.models import Account, Position, Role
from registry.access.recording import record_of_account
from registry.access.roles import DEPARTMENTS, ORGANISATION_ROLES
from registry.access.sign_ins import end_those_in
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.trail import Trail
from registry.clock import today
from registry.divisions.codes import ancestors
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation

ROLE_ABOVE = {Role.STREET: Role.DISTRICT, Role.DISTRICT: Role.CITY, Role.CITY: Role.PROVINCE}
"""Civil affairs, from each level to the next."""


@dataclass(frozen=True)
class Charge:
    """What a position is: a role for a division, or in an organisation."""

    role: Role
    division_code: str
    organisation: Organisation | None = None


def refuse_misplaced(charge: Charge) -> None:
    """InvalidInput where a role that belongs to an organisation names none, or another names one."""
    if (charge.role in ORGANISATION_ROLES) != (charge.organisation is not None):
        sentence = N_("社工站、康复服务机构、慈善组织和行业协会的账号须属于一家单位，其他账号不属于单位。")
        raise InvalidInput("organisation", message(sentence))


def give_position(session: Session, account: Account, charge: Charge, *, on: date) -> Position:
    """The account holds the position from that day on; who may decide so is asked before."""
    refuse_misplaced(charge)
    position = Position(
        role=charge.role,
        division_code=charge.division_code,
        organisation=charge.organisation,
        began_on=on,
        account=account,
    )
    session.add(position)
    session.flush()
    return position


def end_position(
    session: Session, position: Position, *, on: date, at: datetime, trail: Trail, by: Actor, reason: str
) -> None:
    """It is held no longer from that day on; if that is today, whoever is signed in with it is out at once.

    The entry names who decided and whose position it was.
    """
    last = max(on, position.began_on)
    position.ended_on = last if position.ended_on is None else min(last, position.ended_on)
    ended = end_those_in(session, position, at=at) if on <= today(at) else 0
    facts = {"position": position.code, "role": position.role.value, "ended stays": ended}
    record_of_account(
        session,
        position.account,
        Action.POSITION_END,
        Result.DONE,
        at=at,
        trail=trail,
        reason=reason,
        facts=facts,
        by=by,
    )


def position_by_code(session: Session, code: str) -> Position | None:
    """The position with this public code, with its holder and its organisation."""
    of_code = sa.select(Position).where(Position.code == code)
    return session.scalar(of_code.options(joinedload(Position.account), joinedload(Position.organisation)))


def held(on: date) -> sa.ColumnElement[bool]:
    """`Position.is_held_on` as SQL, with the account open."""
    is_open = sa.or_(Position.ended_on.is_(None), Position.ended_on > on)
    return sa.and_(Position.began_on <= on, is_open, Position.account.has(Account.is_active))


def colleagues(session: Session, position: Position, *, on: date) -> list[Account]:
    """Who else holds the same charge; where nobody does, whoever holds it one level above (a one-person unit)."""
    same = _holders(session, _same_charge(position), position, on)
    return same or _holders(session, _charge_above(position), position, on)


def charge_above_is_held(session: Session, position: Position, *, on: date) -> bool:
    """Whether somebody looks after the position from one level above."""
    return bool(_holders(session, _charge_above(position), position, on))


def _holders(session: Session, charge: sa.ColumnElement[bool], position: Position, on: date) -> list[Account]:
    found = (
        sa.select(Account)
        .join(Position)
        .where(charge, held(on), Account.id != position.account_id)
        .order_by(Account.name, Account.id)
        .distinct()
    )
    return list(session.scalars(found))


def _same_charge(position: Position) -> sa.ColumnElement[bool]:
    if position.organisation_id is not None:
        return sa.and_(Position.role == position.role, Position.organisation_id == position.organisation_id)
    return sa.and_(Position.role == position.role, Position.division_code == position.division_code)


def _charge_above(position: Position) -> sa.ColumnElement[bool]:
    """A department is followed up its own line; an organisation has nobody above who could act for it."""
    role = position.role if position.role in DEPARTMENTS else ROLE_ABOVE.get(position.role)
    if role is None:
        return sa.false()
    return sa.and_(Position.role == role, Position.division_code.in_(ancestors(position.division_code)))
