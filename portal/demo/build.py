"""Builds the demonstration world into an empty register, in an order in which each part finds what it needs."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from portal.demo.corrections import as_it_stood, correct
from portal.demo.points import StreetPoints
from portal.demo.streets import shanghai_streets, share_out_population
from portal.demo.world import SEED, plan_world, stream
from portal.demo.writing import Written, write_plan
from registry.clock import SHANGHAI
from registry.divisions.loading import load_divisions
from registry.policy.loading import load_policy
from registry.workforce.loading import load_majors

WORLD_DAY = date(2026, 11, 23)
"""The day that the cases and the documentation are written for; the world cannot be built for an earlier one."""

BUILDER = "示例数据"


@dataclass(frozen=True)
class DemoWorld:
    """What was built: the day, and the ids by the keys of the plan."""

    today: date
    written: Written


def build_demo(session: Session, *, today: date = WORLD_DAY) -> DemoWorld:
    """The whole world in the caller's transaction; the same for the same day. Raises ValueError for an earlier day."""
    if today < WORLD_DAY:
        raise ValueError(f"the demonstration cannot be built for a day before {WORLD_DAY.isoformat()}")
    at = datetime.combine(today, time(8), SHANGHAI)
    load_divisions(session, at=at, by=BUILDER)
    load_policy(session)
    load_majors(session)
    streets = shanghai_streets(session, today)
    share_out_population(session, streets, stream("population"))
    plan = plan_world(streets, today=today)
    written = write_plan(session, as_it_stood(plan), stream("writing"), StreetPoints(str(SEED)), at=at)
    correct(session, plan, written)
    return DemoWorld(today, written)
