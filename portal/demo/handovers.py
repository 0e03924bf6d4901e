"""The officer who left Huangpu handed his open work over to the one who is there now; her first page shows the list."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.pacing import Story
from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.appointments.inviting import take_away
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.handovers.handing_over import hand_over
from registry.handovers.models import HandoverKind
from registry.handovers.operations import Plan

LEFT_DAYS_AGO = 3


def write_handover(
    session: Session, accounts: Accounts, leaver: Account, *, today: date, trail: Trail
) -> Story:
    """Passed on in the afternoon; an hour later his position ended."""
    day = today - timedelta(days=LEFT_DAYS_AGO)
    position, successor = leaver.positions[0], accounts[Role.DISTRICT].positions[0]
    plan = Plan(position, successor, HandoverKind.LEAVING, "调任其他岗位（示例）")
    at = datetime.combine(day, time(16), SHANGHAI)
    yield at
    hand_over(session, plan, actor=Actor.of(position), at=at, trail=trail)
    yield at + timedelta(hours=1)
    take_away(
        session,
        position,
        actor=Actor.of(accounts[Role.SECADMIN].positions[0]),
        at=at + timedelta(hours=1),
        trail=trail,
        reason="调任其他岗位（示例）",
    )
