"""What waits for a second person: appointments in each state, a release, two records of one person; and successions."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.exports import ExportReason, Purpose
from registry.access.models import Account, Role
from registry.appointments.models import Appointment, AppointmentKind, AppointmentState
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from registry.inspections.models import InspectionState
from registry.organisations.models import Organisation, Site
from registry.policy.queries import working_calendar
from registry.releases.models import FileKind
from registry.releases.operations import Wanted, release_of
from registry.station_filings.models import FilingState, StationFiling
from registry.successions.models import SuccessionKind
from registry.tasks.models import TaskState
from registry.workflow.operations import start
from registry.workforce.models import MergeState, PersonMerge, Post, Practitioner
from tests.dossiers_factories import make_succession
from tests.factories import make_account, make_organisation
from tests.handover_factories import make_handover
from tests.inspection_factories import make_inspection, make_rating
from tests.tasks_factories import make_task


def leave_decisions(session: Session, officer: Account, administrator: Account, trail: Trail) -> None:
    """For the district's officer and the security administrator of the demonstration."""
    place = officer.positions[0].division_code
    street = session.scalars(
        sa.select(Site.division_code).where(Site.division_code.startswith(place))
    ).first()
    assert street is not None
    newcomer = make_account(session, Role.STREET, division_code=street, password_hash="!")
    wait = {"role": Role.STREET, "division_code": street, "asked_by_id": administrator.id}
    for number, state in enumerate(
        (AppointmentState.ASKED, AppointmentState.RETURNED, AppointmentState.CONFIRMED)
    ):
        is_there = state is AppointmentState.CONFIRMED
        session.add(_appointment(number, state, newcomer if is_there else None, **wait))
    make_handover(session, newcomer)
    _leave_release(session, place, trail)
    _leave_merge(session, place)
    _leave_succession(session, place)
    _leave_inspections(session, place)
    _leave_task(session)
    _leave_filing(session)
    session.flush()


def _appointment(number: int, state: AppointmentState, account: Account | None, **facts: Any) -> Appointment:
    return Appointment(
        kind=AppointmentKind.NEW_ACCOUNT,
        state=state,
        username=account.username if account else f"newcomer-{number}",
        name=f"赵示例{number}",
        begins_on=today(),
        explanation="2026年11月到岗通知",
        asked_at=utc_now(),
        asked_as=Role.SECADMIN,
        account=account,
        **facts,
    )


def _leave_release(session: Session, place: str, trail: Trail) -> None:
    """Asked for by a colleague of the district's officer."""
    actor = Actor.of(make_account(session, Role.DISTRICT, division_code=place).positions[0])
    wanted = Wanted(
        kind=FileKind.XLSX,
        title="从业人员名单",
        path="/workforce/export",
        asked_for={"division": place, "on": today().isoformat()},
        about=(("区划", place),),
        rows=6000,
    )
    release = release_of(wanted, Purpose(ExportReason.REPORTING, "第四季度核对"), actor=actor, at=utc_now())
    start(session, release, actor=actor, at=utc_now(), trail=trail, calendar=working_calendar(session))


def _leave_inspections(session: Session, place: str) -> None:
    """In each state that the demonstration has none in: drafts with and without findings, and both ends."""
    organisation = session.scalars(
        sa.select(Organisation).where(Organisation.division_code.startswith(place)).order_by(Organisation.id)
    ).first()
    assert organisation is not None
    make_inspection(session, organisation, state=InspectionState.DRAFT)
    make_inspection(session, organisation, state=InspectionState.DRAFT, findings=[])
    make_inspection(session, organisation, state=InspectionState.REPORTED)
    make_inspection(session, organisation, state=InspectionState.RECHECKED)
    make_rating(session, organisation)


def _leave_task(session: Session) -> None:
    """The street has one task, and its reply has come."""
    street = session.scalars(sa.select(Account).where(Account.username == "demo-street")).one()
    make_task(
        session,
        street,
        state=TaskState.REPLIED,
        to_code=street.positions[0].division_code[:6],
        reply="已核对。",
    )


def _leave_filing(session: Session) -> None:
    """What the station handed in came back."""
    worker = session.scalars(sa.select(Account).where(Account.username == "demo-station")).one()
    own = StationFiling.organisation_id == worker.positions[0].organisation_id
    handed_in = sa.select(StationFiling).where(own, StationFiling.state == FilingState.SUBMITTED)
    session.scalars(handed_in).one().state = FilingState.RETURNED


def _leave_merge(session: Session, place: str) -> None:
    in_place = Site.division_code.startswith(place)
    people = sa.select(Practitioner).join(Post).join(Site).where(in_place).order_by(Practitioner.id.desc())
    other, kept = session.scalars(people.distinct().limit(2))
    session.add(PersonMerge(state=MergeState.PROPOSED, other_no=other.person_no, kept=kept, other=other))


def _leave_succession(session: Session, place: str) -> None:
    """A part of each institution of the district went to another: whichever page is opened, it can be undone."""
    owners = sa.select(Organisation).where(Organisation.division_code.startswith(place))
    successor = make_organisation(session, division_code=place)
    for owner in session.scalars(owners.where(Organisation.id != successor.id)).all():
        kept = {"kind": SuccessionKind.SPLIT, "ends_predecessor": False}
        make_succession(session, owner, successor, **kept)
