"""授权代办 (A/B岗): whoever is away hands his position to a colleague, for some days and so far as he says.

The delegate acts with the powers of that position and no others, under both names; he cannot hand it on.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.models import Account, Delegation, Extent, Position
from registry.access.positions import colleagues
from registry.access.recording import record_of_account
from registry.access.roles import ADMINISTRATORS
from registry.access.sign_ins import Stay, end_those_standing_in, take_up
from registry.access.strictness import Strictness
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.trail import Trail
from registry.clock import today
from registry.errors import InvalidInput, NotAllowed, NotVisible, RequirementUnmet, StepNotOpen
from registry.messages import N_, message
from registry.policy.queries import parameter

MOST_DAYS = "delegation.days"
LEAST_REASON, LONGEST_REASON = 2, 100

OWN_ALWAYS = frozenset({Action.HOME_SEE, Action.SIGN_IN_KEEP, Action.UNSENT_KEEP})
"""The delegate's own account, what he types, and the way back to his own position."""

NEVER = frozenset(
    {
        Action.DELEGATION_GIVE,
        Action.FIGURE_SIGN,
        Action.MAJOR_CHANGE_PUBLISH,
        Action.APPOINTMENT_CONFIRM,
        Action.EMERGENCY_ACCESS_OPEN,
        Action.RELEASE_ASK,
        Action.RELEASE_DECIDE,
        Action.HANDOVER_HAND_ON,
        Action.HANDOVER_ACKNOWLEDGE,
    }
)
"""A signature is its person's own, as is the word that it is an emergency; whoever stands in gives no powers and moves
no file above the cap."""

TAKES_ALONG = frozenset(
    {
        Action.IDENTITY_SEARCH,
        Action.IDENTITY_REVEAL,
        Action.PRACTITIONER_EXPORT,
        Action.PRACTITIONER_ROUND_TRIP,
        Action.DIRECTORY_EXPORT,
        Action.DOSSIER_EXPORT,
        Action.DOCUMENT_ISSUE,
        Action.ONE_PAGE_ISSUE,
    }
)
"""What shows whole numbers or leaves the portal as a file."""


@dataclass(frozen=True)
class Handover:
    """What somebody hands over, to whom, for which days and why."""

    delegate: Account
    extent: Extent
    from_on: date
    until_on: date
    reason: str


def extent_needed(action: Action) -> Extent | None:
    """The least extent in which a delegate may do this; None where it is never handed over."""
    if action in NEVER:
        return None
    if action.value.endswith(".see"):
        return Extent.READ
    return Extent.FULL if action in TAKES_ALONG else Extent.WORK


def powers_of(extent: Extent) -> frozenset[Action]:
    """What a delegate may do of all that the position may."""
    order = list(Extent)
    within = order[: order.index(extent) + 1]
    return OWN_ALWAYS | {action for action in Action if extent_needed(action) in within}


def actor_standing_in(delegation: Delegation) -> Actor:
    """The delegate as he acts on it."""
    return Actor.standing_in(delegation, powers_of(delegation.extent))


def give_delegation(
    session: Session, position: Position, handover: Handover, *, actor: Actor, at: datetime, trail: Trail
) -> Delegation:
    """Hand the position over; InvalidInput names what is wrong, NotAllowed where it is not the actor's to give."""
    if actor.principal is not None or position.account_id != actor.account_id:
        raise NotAllowed
    if position.role in ADMINISTRATORS:
        raise NotAllowed(message(N_("系统、安全、审计管理员的岗位不能授权他人代办。")))
    _refuse_days(session, position, handover, today(at))
    _refuse_delegate(session, position, handover, today(at))
    delegation = Delegation(
        position=position,
        delegate=handover.delegate,
        extent=handover.extent,
        from_on=handover.from_on,
        until_on=handover.until_on,
        reason=handover.reason.strip(),
        given_at=at,
    )
    session.add(delegation)
    session.flush()
    _record(session, delegation, Action.DELEGATION_GIVE, at=at, trail=trail, reason=delegation.reason)
    return delegation


def take_back(session: Session, delegation: Delegation, *, actor: Actor, at: datetime, trail: Trail) -> None:
    """The holder ends it before its last day; the delegate is out of the position at once."""
    if actor.principal is not None or delegation.position.account_id != actor.account_id:
        raise NotAllowed
    if delegation.ended_at is not None or delegation.until_on < today(at):
        raise StepNotOpen(message(N_("这次授权代办已经结束。")))
    delegation.ended_at = at
    end_those_standing_in(session, delegation)
    _record(session, delegation, Deed.DELEGATION_TAKE_BACK, at=at, trail=trail)


def change_position(
    session: Session,
    stay: Stay,
    position: Position,
    delegation: Delegation | None,
    *,
    strictness: Strictness,
    at: datetime,
    trail: Trail,
) -> None:
    """The person goes on in another position of his own, or one that was handed over; NotVisible otherwise.

    RequirementUnmet where the role asks for a second factor and this stay began without one: no way past the door.
    """
    on = today(at)
    own = delegation is None and position.account_id == stay.account.id and position.is_held_on(on)
    left = delegation is not None and delegation.delegate_id == stay.account.id and delegation.holds_on(on)
    if not (own or left):
        raise NotVisible
    if stay.sign_in.factor_at is None and strictness.requires_factor(frozenset({position.role})):
        raise RequirementUnmet(
            message(N_("这个岗位须用动态验证码登录。请先在下面绑定动态验证码，再切换岗位。"))
        )
    take_up(stay, position if delegation is None else stay.position, delegation)
    facts = {"position": position.code, "role": position.role.value}
    holder = position.account
    if delegation is not None:
        facts |= {"delegation": delegation.code, "for": holder.code}
    record_of_account(
        session, stay.account, Deed.POSITION_TAKE_UP, Result.DONE, at=at, trail=trail, facts=facts
    )


def given_by(session: Session, account: Account) -> list[Delegation]:
    """What somebody handed over, the newest first."""
    return _found(session, Delegation.position.has(Position.account_id == account.id))


def standing_in_for(session: Session, account_id: int, *, on: date) -> list[Delegation]:
    """The positions of others in which somebody may act on a day."""
    found = _found(session, Delegation.delegate_id == account_id)
    return [delegation for delegation in found if delegation.holds_on(on)]


def delegation_by_code(session: Session, code: str) -> Delegation | None:
    """The delegation with this public code."""
    return next(iter(_found(session, Delegation.code == code)), None)


def _found(session: Session, which: sa.ColumnElement[bool]) -> list[Delegation]:
    statement = (
        sa.select(Delegation)
        .where(which)
        .order_by(Delegation.id.desc())
        .options(
            joinedload(Delegation.position).joinedload(Position.account),
            joinedload(Delegation.position).joinedload(Position.organisation),
            joinedload(Delegation.delegate),
        )
    )
    return list(session.scalars(statement))


def _refuse_days(session: Session, position: Position, handover: Handover, on: date) -> None:
    if handover.from_on < on:
        raise InvalidInput("from_on", message(N_("起始日不能早于今天。")))
    if handover.until_on < handover.from_on:
        raise InvalidInput("until_on", message(N_("截止日不能早于起始日。")))
    most = int(parameter(session, MOST_DAYS, position.division_code, on))
    if handover.until_on - handover.from_on >= timedelta(days=most):
        sentence = N_("一次授权代办最长%(most)s天，请把截止日改到%(last)s或之前。")
        last = handover.from_on + timedelta(days=most - 1)
        raise InvalidInput("until_on", message(sentence, most=most, last=last.isoformat()))
    if not LEAST_REASON <= len(handover.reason.strip()) <= LONGEST_REASON:
        sentence = N_("请用%(least)s至%(most)s个字写明授权代办的原因。")
        raise InvalidInput("reason", message(sentence, least=LEAST_REASON, most=LONGEST_REASON))


def _refuse_delegate(session: Session, position: Position, handover: Handover, on: date) -> None:
    if handover.delegate.id not in {account.id for account in colleagues(session, position, on=on)}:
        sentence = N_("只能授权给同一单位的同岗人员；本单位只有一人时，授权给上一级。")
        raise InvalidInput("delegate", message(sentence))
    for other in _found(session, Delegation.position_id == position.id):
        is_open = other.ended_at is None and other.delegate_id == handover.delegate.id
        if is_open and other.from_on <= handover.until_on and handover.from_on <= other.until_on:
            sentence = N_("这几天已经授权给同一人，请先收回原来的授权。")
            raise InvalidInput("delegate", message(sentence))


def _record(
    session: Session, delegation: Delegation, action: str, *, at: datetime, trail: Trail, reason: str = ""
) -> None:
    facts = {
        "delegation": delegation.code,
        "to": delegation.delegate.code,
        "role": delegation.position.role.value,
        "extent": delegation.extent.value,
        "from": delegation.from_on.isoformat(),
        "until": delegation.until_on.isoformat(),
    }
    holder = delegation.position.account
    record_of_account(session, holder, action, Result.DONE, at=at, trail=trail, reason=reason, facts=facts)
