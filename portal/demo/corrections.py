"""The correction after the reading of 2025 was frozen: one diploma proved wrong, one hiring was entered late.

The register is first written as it stood, then the reading is frozen, then the correction is made: the live reading of
the end of 2025 differs from the frozen one in 静安区 and in the city.
"""

from dataclasses import replace
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.named_people import FOUND_WRONG, FOUND_WRONG_VERIFIED_ON
from portal.demo.plan import Plan, PlannedPerson
from portal.demo.writing import Written, post_rows, with_codes
from registry.workforce.models import Education, Post, Verification

LATE_CODES = "20261123-late"
PROVED_WRONG, ENTERED_LATE = "rejected", "entered-late"


def as_it_stood(plan: Plan) -> Plan:
    """The plan before the correction."""
    return replace(plan, people=tuple(_before(person) for person in plan.people))


def _before(person: PlannedPerson) -> PlannedPerson:
    if person.key == PROVED_WRONG:
        verified = replace(
            FOUND_WRONG, verification=Verification.VERIFIED, verified_on=FOUND_WRONG_VERIFIED_ON
        )
        return replace(person, education=(verified,))
    return replace(person, posts=()) if person.key == ENTERED_LATE else person


def correct(session: Session, plan: Plan, written: Written) -> None:
    """Make the register agree with the plan."""
    session.execute(
        sa.update(Education)
        .where(Education.practitioner_id == written.people[PROVED_WRONG])
        .values(verification=Verification.REJECTED, verified_on=None)
    )
    late = [person for person in plan.people if person.key == ENTERED_LATE]
    codes = Random(LATE_CODES)  # noqa: S311 - a demonstration must be the same each time
    rows = post_rows(late, written.people, written.sites)
    session.execute(sa.insert(Post), with_codes(rows, codes))
