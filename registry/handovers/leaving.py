"""Ending a position leaves no work to nobody: it is refused, or left to whoever stands above."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Position
from registry.audit.trail import Trail
from registry.clock import today
from registry.errors import InvalidInput
from registry.handovers.deciding import desk_above
from registry.handovers.models import Handover, HandoverKind
from registry.handovers.open_work import open_work
from registry.handovers.operations import LONGEST_NOTE, Plan, handover_of
from registry.handovers.queries import in_hand
from registry.messages import N_, message
from registry.policy.queries import working_calendar
from registry.workflow.operations import start
from registry.workflow.queries import waiting_on
from registry.workflow_table import Desk


def count_left_alone(session: Session, position: Position, on: date) -> int:
    """How much waits that nobody would go on with, and that no handover looks after."""
    alone = open_work(session, position, on).alone
    waiting = in_hand(session, position)
    is_looked_after = waiting is not None and waiting.drawn_up_by_id != position.account_id
    return 0 if is_looked_after else len(alone)


def refuse_to_leave_alone(session: Session, position: Position, *, on: date) -> None:
    """InvalidInput where something waits that nobody would go on with."""
    count = count_left_alone(session, position, on)
    if count:
        sentence = N_(
            "此人还有%(count)s件未办结的工作，没有别人承办。请先办理工作交接，或选择交上级安排接办人。"
        )
        raise InvalidInput("left_to", message(sentence, count=count))


def leave_above(
    session: Session, position: Position, *, actor: Actor, at: datetime, trail: Trail, note: str
) -> None:
    """What nobody would go on with waits for the desk above to name somebody.

    `actor` is whoever ends the position: that he may is asked before.
    """
    on = today(at)
    if not count_left_alone(session, position, on):
        return
    above, waiting = desk_above(session, position, on), in_hand(session, position)
    if waiting is not None:  # its holder drew it up himself, and is gone
        _readdress(session, waiting, above)
        return
    plan = Plan(position, None, HandoverKind.LEAVING, note[:LONGEST_NOTE])
    handover = handover_of(plan, actor=actor, at=at, above=above)
    start(session, handover, actor=actor, at=at, trail=trail, calendar=working_calendar(session))


def _readdress(session: Session, handover: Handover, above: Desk) -> None:
    handover.waits_for_role, handover.waits_for_code = above.role, above.division_code
    handover.is_left_above = True
    for todo in waiting_on(session, handover):
        todo.role, todo.division_code = above.role, above.division_code
        todo.organisation_id = above.organisation_id
