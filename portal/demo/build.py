"""Builds the demonstration world into an empty register, in an order in which each part finds what it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts, open_accounts, open_leaver, open_stand_in
from portal.demo.address_changes import write_past_change, write_recent_changes
from portal.demo.appointments import write_appointment
from portal.demo.corrections import as_it_stood, correct
from portal.demo.dossiers import dossier_samples, write_dossiers
from portal.demo.enquiries import write_enquiries
from portal.demo.entries import write_entries
from portal.demo.handovers import write_handover
from portal.demo.identities import seal_identities
from portal.demo.inspections import write_inspections
from portal.demo.majors import write_majors
from portal.demo.more_samples import more_samples
from portal.demo.old_street import merge_old_street
from portal.demo.pacing import tell
from portal.demo.past_loads import PastLoad, write_past_loads
from portal.demo.past_runs import refused_roster
from portal.demo.points import StreetPoints
from portal.demo.readings import freeze_papers, freeze_training, keep_recent_nights, sign
from portal.demo.real_institutions import load_real_institutions
from portal.demo.reconciliations import SECOND, THIRD, Compared, export_of, write_reconciliations
from portal.demo.samples import STAFF_FAULTY, site_samples, staff_samples
from portal.demo.services import write_services
from portal.demo.streets import shanghai_streets, share_out_population
from portal.demo.tasks import write_tasks
from portal.demo.training import write_loaded_diplomas, write_training, write_verifications
from portal.demo.world import SEED, plan_world, stream
from portal.demo.writing import Written, write_plan
from registry.audit.trail import Trail
from registry.certificates.alerting import remind_of_certificates
from registry.clock import SHANGHAI
from registry.divisions.loading import load_divisions
from registry.intake.models import IntakeRun
from registry.policy.loading import load_policy
from registry.provider_entries.renewals import remind_of_renewals
from registry.sealing.providers import SealProvider
from registry.services.models import Activity
from registry.workflow.reminders import remind
from registry.workforce.loading import load_majors
from registry.workforce.models import Education

WORLD_DAY = date(2026, 11, 23)
"""The day that the cases and the documentation are written for; the world cannot be built for an earlier one."""

ACCOUNTS_SINCE = date(2025, 1, 2)
"""Before anybody did anything: the trail of the demonstration runs forwards in time."""

BUILDER = "示例数据"


@dataclass(frozen=True)
class DemoWorld:
    """What was built, and the files that go with it."""

    today: date
    written: Written
    samples: Mapping[str, bytes]
    """Workbooks to try the intake with, by file name."""
    refused: IntakeRun
    """The run whose file was the faulty roster of the samples."""
    accounts: Accounts
    of_today: Activity
    """What the station recorded today: it has a photo of its sheet."""
    unverified: Education
    """A diploma that waits for its district: its institution attached a scan."""
    compared: Sequence[Compared]
    """Exports of another system, each with the file that it was read from."""
    loads: Sequence[PastLoad]
    """Workbooks that were loaded, each with its file and its rows."""


def build_demo(session: Session, *, trail: Trail, seals: SealProvider, today: date = WORLD_DAY) -> DemoWorld:
    """The whole world in the caller's transaction; the same for the same day. Raises ValueError for an earlier day."""
    if today < WORLD_DAY:
        raise ValueError(f"the demonstration cannot be built for a day before {WORLD_DAY.isoformat()}")
    at = datetime.combine(today, time(8), SHANGHAI)
    _load_reference(session, at)
    written = _write_world(session, today, at)
    seal_identities(session, seals, stream("identities"))
    write_training(session, written, stream("training"), today=today)
    freeze_training(session)
    opened_at = datetime.combine(ACCOUNTS_SINCE, time(9), SHANGHAI)
    accounts = open_accounts(session, written.organisations, at=opened_at, trail=trail)
    leaver = open_leaver(session, at=opened_at, trail=trail)
    how: dict[str, Any] = {"today": today, "trail": trail}
    told = tell(
        write_services(session, written, accounts, **how),
        write_past_change(session, written, accounts, trail=trail),
        write_inspections(session, written, accounts, **how),
        write_tasks(session, accounts, leaver, **how),
        write_majors(session, accounts, **how),
        write_enquiries(session, written, accounts, seals=seals, **how),
        write_recent_changes(session, written, accounts, **how),
        write_entries(session, accounts, stream("entries"), **how),
        write_handover(session, accounts, leaver, **how),
        write_appointment(session, accounts, **how),
        write_dossiers(session, written, accounts, **how),
        write_loaded_diplomas(session, accounts, **how),
        write_verifications(session, written, accounts, **how),
        write_reconciliations(session, accounts, seals=seals, **how),
        write_past_loads(session, written, accounts, seals=seals, **how),
    )
    of_today, unverified, compared, loads = told[0], *told[-3:]
    keep_recent_nights(session, today)
    samples = {
        **staff_samples(session, written, today=today),
        **site_samples(),
        **dossier_samples(session, written),
        **more_samples(session, written, today=today),
        **{name: export_of(session, "310101", today, name) for name in (SECOND, THIRD)},
    }
    refused = refused_roster(session, samples[STAFF_FAULTY], accounts, at=at - timedelta(days=5), seals=seals)
    open_stand_in(session, accounts, at=at, trail=trail)
    remind_of_renewals(session, on=today, at=at)
    remind_of_certificates(session, on=today, at=at)
    remind(session, on=today, at=at)
    load_real_institutions(session, at=at, trail=trail)  # today, so last: the trail runs forwards in time
    return DemoWorld(today, written, samples, refused, accounts, of_today, unverified, compared, loads)


def _load_reference(session: Session, at: datetime) -> None:
    load_divisions(session, at=at, by=BUILDER)
    load_policy(session)
    load_majors(session)


def _write_world(session: Session, today: date, at: datetime) -> Written:
    """As it stood when the years' ends were read, then as it stands after the correction."""
    streets = shanghai_streets(session, today)
    share_out_population(session, streets, stream("population"))
    plan = plan_world(streets, today=today)
    written = write_plan(session, as_it_stood(plan), stream("writing"), StreetPoints(str(SEED)), at=at)
    merge_old_street(session, written, by=BUILDER)
    freeze_papers(session)
    sign(session)
    correct(session, plan, written)
    return written
