"""Who may hand over whose work, who stands above where nobody is left, and who ticks the list off."""

from datetime import date

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Position, Role
from registry.access.positions import ROLE_ABOVE, charge_above_is_held
from registry.access.roles import DEPARTMENTS
from registry.access.rules import may
from registry.actions import Action
from registry.errors import RequirementUnmet
from registry.handovers.models import Handover
from registry.messages import N_, Message, message
from registry.workflow_table import Desk


def may_hand_over(actor: Actor, position: Position) -> bool:
    """Whoever may end the position, and its holder for himself; nobody who stands in."""
    if actor.principal is not None:
        return False
    return position.account.code == actor.code or may(actor, Action.POSITION_END, position)


def desk_above(session: Session, position: Position, on: date) -> Desk:
    """Whoever looks after a position that nobody holds: one level above, else the security administrator."""
    if charge_above_is_held(session, position, on=on):
        role = position.role if position.role in DEPARTMENTS else ROLE_ABOVE[position.role]
        return Desk(role, position.division_code)
    return Desk(Role.SECADMIN, position.division_code)


def is_not_his_to_hand_on(handover: Handover, actor: Actor) -> Message | None:
    """Drawing up, passing on and withdrawing."""
    stands_above = (
        handover.is_left_above
        and actor.role is handover.waits_for_role
        and actor.answers_for(handover.waits_for_code)
        and actor.principal is None
    )
    if stands_above or may_hand_over(actor, handover.position):
        return None
    return message(N_("工作交接由本人、可以终止这个岗位的人或上级办理。"))


def is_not_the_successor(handover: Handover, actor: Actor) -> Message | None:
    """Acknowledging; where he has left, whoever sits at his desk or looks after it does."""
    successor = handover.successor
    if successor is not None and actor.principal is None:
        is_he = successor.account.code == actor.code
        if is_he or (_is_leaving(successor) and looks_after(actor, successor)):
            return None
    return message(N_("交接清单由接办人本人确认。"))


def refuse_while_he_is_there(handover: Handover, actor: Actor, on: date) -> None:
    """RequirementUnmet for others until his last day is over: an end that lies ahead leaves the list to him."""
    successor = handover.successor
    if successor is None or successor.account.code == actor.code:
        return
    if successor.account.is_active and successor.is_held_on(on):
        raise RequirementUnmet(message(N_("接办人仍在岗，交接清单由其本人确认。")))


def looks_after(actor: Actor, position: Position) -> bool:
    """Whoever holds the same charge, may end the position, or stands above it."""
    is_beside = actor.role is position.role and actor.organisation_id == position.organisation_id
    if is_beside and (position.organisation_id is not None or actor.division_code == position.division_code):
        return True
    above = position.role if position.role in DEPARTMENTS else ROLE_ABOVE.get(position.role)
    stands_above = actor.role is above and actor.answers_for(position.division_code)
    return stands_above or may_hand_over(actor, position)


def _is_leaving(position: Position) -> bool:
    return position.ended_on is not None or not position.account.is_active
