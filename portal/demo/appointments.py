"""An appointment in hand: a street gets a new officer, and the district is the second person who lets her."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.pacing import Story
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.positions import Charge
from registry.appointments.operations import Proposal, appointment_of
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.policy.queries import working_calendar
from registry.workflow.operations import start

STREET_WITHOUT_OFFICER = "310101018"
"""Nobody of the street itself could confirm, so it waits for the district."""

ASKED_DAYS_AGO = 3


def write_appointment(session: Session, accounts: Accounts, *, today: date, trail: Trail) -> Story:
    """Asked for by the security administrator; nobody has the powers before the district confirms."""
    asker = Actor.of(accounts[Role.SECADMIN].positions[0])
    at = datetime.combine(today - timedelta(days=ASKED_DAYS_AGO), time(15), SHANGHAI)
    yield at
    proposal = Proposal(
        username="demo-newcomer",
        name="示例豫园街道新任经办",
        charge=Charge(Role.STREET, STREET_WITHOUT_OFFICER),
        begins_on=today + timedelta(days=7),
        explanation="街道到岗通知（示例）",
    )
    start(
        session,
        appointment_of(proposal, actor=asker, at=at),
        actor=asker,
        at=at,
        trail=trail,
        calendar=working_calendar(session),
        facts=proposal,
    )
