"""Workbooks of the past that the provider account loaded: one without its faulty rows, one that was undone.

Both are of continuing education, of people without a certificate, so that they move no figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.pacing import Story
from portal.demo.roster import Row
from portal.demo.samples import workbook
from portal.demo.training import staff
from portal.demo.writing import Written
from portal.intake.judging import Upload, judged, kind_of, load, undo_load
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.intake.lines import Sheet, sheet_of
from registry.intake.models import IntakeRun
from registry.intake.operations import record_preview
from registry.intake.partial import without_errors
from registry.sealing.providers import SealProvider
from registry.workforce.models import Practitioner, Profession, Training
from registry.workforce.papers import Attended, put_right
from registry.workforce.writing import Hand

LOADED_IN_PART = "示例-继续教育-9月班.xlsx"
UNDONE = "示例-继续教育-重复报送.xlsx"
UNCERTIFIED = (Profession.CARE_WORKER, Profession.PEER_SUPPORTER)
NAMED = 5
"""People of the second workbook; the first names three of them."""


@dataclass(frozen=True)
class PastLoad:
    """A run with its file and what the page lists row by row."""

    run: IntakeRun
    data: bytes
    sheet: Sheet


@dataclass
class Loader:
    """Whoever sends the workbooks in."""

    session: Session
    actor: Actor
    trail: Trail
    seals: SealProvider

    def load(self, name: str, rows: Sequence[Row], at: datetime) -> PastLoad:
        """The whole file, or its rows without errors."""
        data = workbook("training", rows, str)
        upload = Upload(name, data)
        found = judged(self.session, kind_of("training"), upload, actor=self.actor, at=at, seals=self.seals)
        run = record_preview(self.session, found, actor=self.actor, at=at)
        right, left_out = without_errors(self.session, found)
        load(self.session, run, right, actor=self.actor, trail=self.trail, left_out=left_out)
        self.session.flush()
        return PastLoad(run, data, sheet_of(found))


def write_past_loads(
    session: Session, written: Written, accounts: Accounts, *, today: date, trail: Trail, seals: SealProvider
) -> Story:
    """One row of the first was corrected before the undoing; the second may still be undone."""
    provider = Actor.of(accounts[Role.PROVIDER].positions[0])
    loader = Loader(session, provider, trail, seals)
    people = [one for kind in UNCERTIFIED for one in staff(session, written, kind, today)][:NAMED]
    yield _at(today, 9)
    twice = loader.load(UNDONE, courses(people[:3], "家庭照护者支持班"), _at(today, 9))
    yield _at(today, 8)
    _correct(session, people[0], "家庭照护者支持班", Hand(provider, _at(today, 8), trail))
    yield _at(today, 7)
    undo_load(session, twice.run, actor=provider, at=_at(today, 7), trail=trail)
    session.flush()
    yield _at(today, 3)
    in_part = loader.load(LOADED_IN_PART, with_two_faults(courses(people, "家庭照护者支持")), _at(today, 3))
    return [in_part, twice]


def courses(people: Sequence[Practitioner], subject: str) -> list[Row]:
    """Half a day in September, one row each."""
    return [
        {
            "person_no": person.person_no,
            "name": person.name,
            "held_on": date(2026, 9, 18),
            "hours": 4,
            "subject": subject,
            "organiser": "示例区社会工作协会",
            "proof_no": f"示例继2026{number:03d}",
            "is_rehabilitation": "否",
            "is_continuing": "是",
        }
        for number, person in enumerate(people, start=1)
    ]


def with_two_faults(rows: Sequence[Row]) -> list[Row]:
    """Row 3 gives its hours in words, row 5 a day that does not exist."""
    faulty = [dict(row) for row in rows]
    faulty[1]["hours"] = "半天"
    faulty[3]["held_on"] = "2026/9/31"
    return faulty


def _correct(session: Session, person: Practitioner, subject: str, hand: Hand) -> None:
    """The proof said three hours."""
    session.refresh(person)
    row = session.scalars(
        sa.select(Training).where(Training.practitioner_id == person.id, Training.subject == subject)
    ).one()
    said = Attended(
        row.held_on,
        Decimal(3),
        row.subject,
        row.organiser,
        row.proof_no,
        row.is_rehabilitation,
        row.is_continuing,
    )
    put_right(session, person, row, said, version=person.version, hand=hand)
    session.flush()


def _at(today: date, days: int) -> datetime:
    """At a quarter past three of an afternoon so many days ago."""
    return datetime.combine(today - timedelta(days=days), time(15, 15), SHANGHAI)
