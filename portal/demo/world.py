"""The whole world on paper: the named cases, the districts, the stations and the dirt, drawn from one seed."""

from datetime import date
from random import Random

from portal.demo.dirt import dirt
from portal.demo.district_plans import district_plan
from portal.demo.districts import DISTRICTS
from portal.demo.named_plan import named_plan
from portal.demo.named_providers import Streets
from portal.demo.plan import Plan
from portal.demo.stations import stations

SEED = 20261123


def plan_world(streets: Streets, *, today: date) -> Plan:
    """The same rows for the same streets and the same day; every part draws from its own stream."""
    named = named_plan(stream("named"), streets, today=today)
    plan = named
    for district in DISTRICTS:
        plan += district_plan(stream(district.code), district, streets[district.code], named, today=today)
    every_street = [street for district in DISTRICTS for street in streets[district.code]]
    return plan + stations(stream("stations"), every_street, today=today) + dirt()


def stream(part: str) -> Random:
    """The generator of one part of the world: a change of one part leaves the others as they were."""
    return Random(f"{SEED}-{part}")  # noqa: S311 - a demonstration must be the same each time
