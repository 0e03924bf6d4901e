"""Whom two ways of counting tell apart: people of listed providers who hold something by one of them alone."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.organisations.models import Organisation, Site
from registry.workforce.counting import (
    POSTS,
    PROVIDER_SITES,
    STAFF_CONDITIONS,
    Holding,
    Place,
    StaffRule,
)
from registry.workforce.models import Education, EducationForm, Post, Practitioner, Verification


@dataclass(frozen=True)
class Difference:
    """One member of staff of one institution; the name is whole here and is masked where it is shown."""

    organisation_code: str
    person_id: int
    code: str
    person_no: str
    name: str
    gains: bool
    """Holds it by the second way alone; otherwise by the first alone."""


def differences(
    session: Session, *, place: Place, on: date, rule: StaffRule, before: Holding, after: Holding
) -> list[Difference]:
    """Staff by the rule, once for each institution, in the order of their numbers."""
    person = Post.practitioner_id
    held_before, held_after = before.is_held_by(person, on), after.is_held_by(person, on)
    source = (
        PROVIDER_SITES.source.join(Post, Post.site_id == Site.id)
        .join(Practitioner, Practitioner.id == person)
        .join(Organisation, Organisation.id == Site.organisation_id)
    )
    who = (Organisation.code, Practitioner.id, Practitioner.code, Practitioner.person_no, Practitioner.name)
    found = (
        sa.select(*who, held_after.label("gains"))
        .select_from(source)
        .where(PROVIDER_SITES.on(on), place.condition, POSTS.on(on), STAFF_CONDITIONS[rule])
        .where(held_before != held_after)
        .distinct()
        .order_by(Practitioner.person_no, Organisation.code)
    )
    return [Difference(*row) for row in session.execute(found)]


def majors_studied(session: Session, people: list[int]) -> dict[int, list[Education]]:
    """The verified diplomas of these people, by person."""
    diplomas = sa.select(Education).where(
        Education.practitioner_id.in_(people),
        Education.form == EducationForm.DIPLOMA,
        Education.verification == Verification.VERIFIED,
    )
    found: dict[int, list[Education]] = {person: [] for person in people}
    for one in session.scalars(diplomas.order_by(Education.id)):
        found[one.practitioner_id].append(one)
    return found
