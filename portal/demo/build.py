"""Builds the demonstration world into an empty register, in an order in which each part finds what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal.demo.accounts import open_accounts
from portal.demo.address_changes import write_address_changes
from portal.demo.corrections import as_it_stood, correct
from portal.demo.identities import seal_identities
from portal.demo.old_street import merge_old_street
from portal.demo.past_runs import refused_roster
from portal.demo.points import StreetPoints
from portal.demo.readings import freeze_2025, keep_recent_nights, sign_2025
from portal.demo.real_institutions import load_real_institutions
from portal.demo.samples import STAFF_FAULTY, site_samples, staff_samples
from portal.demo.streets import shanghai_streets, share_out_population
from portal.demo.world import SEED, plan_world, stream
from portal.demo.writing import Written, write_plan
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.divisions.loading import load_divisions
from registry.intake.models import IntakeRun
from registry.policy.loading import load_policy
from registry.sealing.providers import SealProvider
from registry.workforce.loading import load_majors

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


def build_demo(session: Session, *, trail: Trail, seals: SealProvider, today: date = WORLD_DAY) -> DemoWorld:
    """The whole world in the caller's transaction; the same for the same day. Raises ValueError for an earlier day."""
    if today < WORLD_DAY:
        raise ValueError(f"the demonstration cannot be built for a day before {WORLD_DAY.isoformat()}")
    at = datetime.combine(today, time(8), SHANGHAI)
    _load_reference(session, at)
    written = _write_world(session, today, at)
    seal_identities(session, seals, stream("identities"))
    opened_at = datetime.combine(ACCOUNTS_SINCE, time(9), SHANGHAI)
    accounts = open_accounts(session, written.organisations, at=opened_at, trail=trail)
    write_address_changes(session, written, accounts, today=today, trail=trail)
    keep_recent_nights(session, today)
    samples = {**staff_samples(session, written, today=today), **site_samples()}
    refused = refused_roster(session, samples[STAFF_FAULTY], accounts, at=at - timedelta(days=5), seals=seals)
    load_real_institutions(session, at=at, trail=trail)  # today, so last: the trail runs forwards in time
    return DemoWorld(today, written, samples, refused)


def _load_reference(session: Session, at: datetime) -> None:
    load_divisions(session, at=at, by=BUILDER)
    load_policy(session)
    load_majors(session)


def _write_world(session: Session, today: date, at: datetime) -> Written:
    """As it stood when the year 2025 was read, then as it stands after the correction."""
    streets = shanghai_streets(session, today)
    share_out_population(session, streets, stream("population"))
    plan = plan_world(streets, today=today)
    written = write_plan(session, as_it_stood(plan), stream("writing"), StreetPoints(str(SEED)), at=at)
    merge_old_street(session, written, by=BUILDER)
    freeze_2025(session)
    sign_2025(session)
    correct(session, plan, written)
    return written
