"""A file of the past that was refused: the faulty roster, as the city's account sent it in some days ago."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.samples import STAFF_FAULTY
from portal.intake.judging import Upload, judged, kind_of
from registry.access.actors import Actor
from registry.access.models import Role
from registry.intake.models import IntakeRun
from registry.intake.operations import record_preview
from registry.sealing.providers import SealProvider


def refused_roster(
    session: Session, data: bytes, accounts: Accounts, *, at: datetime, seals: SealProvider
) -> IntakeRun:
    """Its problems are the real ones: the file was judged against this register."""
    actor = Actor.of(accounts[Role.CITY].positions[0])
    upload = Upload(STAFF_FAULTY, data)
    found = judged(session, kind_of("practitioners"), upload, actor=actor, at=at, seals=seals)
    return record_preview(session, found, actor=actor, at=at)
