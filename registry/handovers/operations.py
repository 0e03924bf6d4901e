"""What a handover does: naming a successor checks him, passing on writes the list and changes owners.

The steps are taken through the workflow (workflow.py has the table); these are its effects.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Position
from registry.errors import InvalidInput, NotAllowed, NotVisible, RequirementUnmet
from registry.handovers.belongings import BELONGINGS
from registry.handovers.deciding import may_hand_over, refuse_while_he_is_there
from registry.handovers.models import Handover, HandoverKind, HandoverLine, HandoverState, Passing
from registry.handovers.open_work import OpenWork, has_same_charge, open_work
from registry.messages import N_, message
from registry.workflow.queries import waiting_on
from registry.workflow_table import Desk, Facts, Occasion

LEAST_NOTE, LONGEST_NOTE = 2, 100


@dataclass(frozen=True)
class Plan:
    """Whose work goes to whom, and why; without a successor as long as nobody is named."""

    position: Position
    successor: Position | None
    kind: HandoverKind
    note: str


def handover_of(plan: Plan, *, actor: Actor, at: datetime, above: Desk | None = None) -> Handover:
    """A new handover, not yet in any session; `above` is the desk to which it is left where nobody takes over."""
    position = plan.position
    return Handover(
        state=HandoverState.DRAWN_UP,
        kind=plan.kind,
        note=plan.note.strip(),
        division_code=position.division_code,
        organisation_id=position.organisation_id,
        drawn_up_at=at,
        drawn_up_as=actor.role,
        waits_for_role=above.role if above else actor.role,
        waits_for_code=above.division_code if above else actor.division_code,
        is_left_above=above is not None,
        position_id=position.id,
        drawn_up_by_id=actor.account_id,
    )


def draw_up(session: Session, handover: Handover, occasion: Occasion) -> Facts:
    """InvalidInput names the field of the first thing that is wrong; the successor, if any, comes with the step."""
    with session.no_autoflush:
        handover.position = session.get_one(Position, handover.position_id)
        if not handover.is_left_above and not may_hand_over(occasion.actor, handover.position):
            raise NotAllowed(message(N_("工作交接由本人、可以终止这个岗位的人或上级办理。")))
        handover.drawn_up_by = session.get_one(Account, occasion.actor.account_id)
        if not LEAST_NOTE <= len(handover.note) <= LONGEST_NOTE:
            sentence = N_("请用%(least)s至%(most)s个字写明原因，如“调离，见调令”。")
            raise InvalidInput("note", message(sentence, least=LEAST_NOTE, most=LONGEST_NOTE))
        _refuse_double(session, handover)
        successor: Position | None = occasion.facts
        if successor is not None:
            refuse_successor(handover.position, successor, occasion.on)
            handover.successor = successor
    return _facts(handover)


def hand_on(session: Session, handover: Handover, occasion: Occasion) -> Facts:
    """The successor must hold the position on the day: nobody receives who is not there."""
    successor: Position | None = occasion.facts or handover.successor
    if successor is None:
        raise InvalidInput("successor", message(N_("请选择接办人。")))
    refuse_successor(handover.position, successor, occasion.on)
    if not successor.is_held_on(occasion.on):
        sentence = N_("%(name)s从%(day)s起到岗，请在到岗后移交。")
        day = successor.began_on.isoformat()
        raise InvalidInput("successor", message(sentence, name=successor.account.name, day=day))
    handover.successor, handover.passed_on_at = successor, occasion.at
    work = open_work(session, handover.position, occasion.on)
    handover.lines = _lines(work, successor)
    _change_owners(session, handover.position, successor, occasion.on)
    _pass_lists_on(session, handover.position, successor)
    counts = {passing.value: sum(one.passing is passing for one in handover.lines) for passing in Passing}
    return {**_facts(handover), **counts}


def acknowledge_line(_session: Session, handover: Handover, occasion: Occasion) -> Facts:
    """One line is ticked off; a line of another handover is not there."""
    refuse_while_he_is_there(handover, occasion.actor, occasion.on)
    found = [line for line in handover.lines if line.code == occasion.facts]
    if not found:
        raise NotVisible
    found[0].acknowledged_at = found[0].acknowledged_at or occasion.at
    return {"line": found[0].code, "of": found[0].subject_type, "code": found[0].subject_code}


def acknowledge(_session: Session, handover: Handover, occasion: Occasion) -> Facts:
    """The list is put away; what was not ticked off is now."""
    refuse_while_he_is_there(handover, occasion.actor, occasion.on)
    open_lines = [line for line in handover.lines if line.acknowledged_at is None]
    for line in open_lines:
        line.acknowledged_at = occasion.at
    return {**_facts(handover), "at once": len(open_lines)}


def refuse_successor(position: Position, successor: Position, on: date) -> None:
    """InvalidInput for himself, for another charge, and for whoever is no longer there."""
    name = successor.account.name
    if successor.account_id == position.account_id:
        raise InvalidInput("successor", message(N_("不能移交给本人，请选择接办人。")))
    if not has_same_charge(position, successor):
        sentence = N_("%(name)s担任的不是这个岗位，不能接办，请先任命或另选一人。")
        raise InvalidInput("successor", message(sentence, name=name))
    if not successor.account.is_active:
        raise InvalidInput("successor", message(N_("%(name)s的账号已停用，请另选一人。"), name=name))
    if successor.ended_on is not None and successor.ended_on <= on:
        sentence = N_("%(name)s的岗位已于%(day)s终止，请另选一人。")
        raise InvalidInput("successor", message(sentence, name=name, day=successor.ended_on.isoformat()))


def _refuse_double(session: Session, handover: Handover) -> None:
    other = sa.select(Handover.id).where(
        Handover.position_id == handover.position_id, Handover.state == HandoverState.DRAWN_UP
    )
    if session.scalar(other.limit(1)) is not None:
        raise RequirementUnmet(message(N_("这个岗位已有一项工作交接在办理，请在“工作交接”中查看。")))


def _lines(work: OpenWork, successor: Position) -> list[HandoverLine]:
    """Without what a third person has in his inbox as well: that is on its way already."""
    has_third = any(one.account_id != successor.account_id for one in work.beside)
    return [
        HandoverLine(
            subject_type=item.subject_type,
            subject_code=item.code,
            subject_name=item.name,
            title=item.title,
            passing=item.passing,
        )
        for item in work.items
        if item.passing is not Passing.DESK or not has_third
    ]


def _change_owners(session: Session, position: Position, successor: Position, on: date) -> None:
    session.flush()
    for belonging in BELONGINGS:
        if belonging.passing is Passing.OWNER and belonging.owner:
            owned = sa.select(belonging.model).where(belonging.of(position, on))
            for row in session.scalars(owned):
                setattr(row, belonging.owner, successor.account_id)


def _pass_lists_on(session: Session, position: Position, successor: Position) -> None:
    """Lists that he took over himself and has not put away; what comes back to its first holder he may put away."""
    unseen = sa.select(Handover).where(
        Handover.state == HandoverState.PASSED_ON,
        Handover.successor_id == position.id,
        Handover.position_id != successor.id,
    )
    for handover in session.scalars(unseen):
        handover.successor = successor
        for todo in waiting_on(session, handover):
            todo.subject_name = handover.names


def _facts(handover: Handover) -> Facts:
    """Both people, by code and name."""
    of, to = handover.position, handover.successor
    return {
        "position": of.code,
        "from": of.account.code,
        "from name": of.account.name,
        "to": to.account.code if to else "",
        "to name": to.account.name if to else "",
        "kind": handover.kind.value,
    }
