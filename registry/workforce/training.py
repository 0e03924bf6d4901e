"""培训学时: hours of a calendar year towards what direct-service staff owe, and of a period of registration."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.errors import UnknownParameter
from registry.periods import Period
from registry.policy.queries import parameter_if_set
from registry.workforce.counting import COUNTED_ENGAGEMENTS
from registry.workforce.holdings import REHABILITATION_TRAINING, TENTHS, entry_days
from registry.workforce.models import (
    Certificate,
    CertificateKind,
    Education,
    Major,
    MajorFamily,
    Practitioner,
    Training,
)
from registry.workforce.registration import registration_on
from registry.workforce.scopes import place_of_person

ASSISTANT_HOURS = "continuing_education.assistant_hours"
WORKER_HOURS = "continuing_education.worker_hours"
DEGREE_HOURS = "continuing_education.degree_hours"
"""Policy parameter: hours that a diploma or degree in social work obtained in the period is taken for."""
ASSISTANT = "助理"
"""The word by which the lowest grade is known."""
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Hours:
    """How many there are, of how many."""

    held: Decimal
    asked: Decimal
    by_degree: Decimal = NOTHING
    """Of those held, what a diploma or degree in social work was taken for."""

    @property
    def are_enough(self) -> bool:
        """Whether nothing is missing."""
        return self.held >= self.asked

    @property
    def missing(self) -> Decimal:
        """What is still to come."""
        return max(self.asked - self.held, NOTHING)


def hours_in_year(session: Session, person_ids: Iterable[int], on: date) -> dict[int, Decimal]:
    """Hours of rehabilitation training from the first of January to the day, for each of these people."""
    ids = list(person_ids)
    is_counted = sa.and_(Training.is_rehabilitation.is_(True), _between(date(on.year, 1, 1), on))
    hours = dict.fromkeys(ids, NOTHING)
    statement = sa.select(Training.practitioner_id, sa.func.sum(Training.hours))
    found = session.execute(
        statement.where(Training.practitioner_id.in_(ids), is_counted).group_by(Training.practitioner_id)
    )
    return hours | {person: Decimal(str(total)) for person, total in found}


def continuing_hours(session: Session, person_id: int, period: Period, on: date) -> Decimal:
    """Hours of continuing education in a period of registration, up to the day."""
    is_counted = [Training.practitioner_id == person_id, Training.is_continuing.is_(True)]
    if period.start is not None:
        is_counted.append(Training.held_on >= period.start)
    if period.end is not None:
        is_counted.append(Training.held_on < period.end)
    total = session.scalar(sa.select(sa.func.sum(Training.hours)).where(*is_counted, Training.held_on <= on))
    return Decimal(str(total or 0))


def year_standing(session: Session, person: Practitioner, on: date) -> Hours | None:
    """Of one person, by the policy of the figure; None where nothing is asked of him, or by no policy."""
    if not works_directly(person, on):
        return None
    try:
        rules = REHABILITATION_TRAINING.bound(session)
    except UnknownParameter:
        return None
    entered = entry_days(session, sa.select(Practitioner.id).where(Practitioner.id == person.id))
    asked = ceil(rules.tenths_for(on, entered.get(person.id)))  # hours are told in tenths
    return Hours(hours_in_year(session, [person.id], on)[person.id], Decimal(asked) / TENTHS)


def continuing_standing(
    session: Session, person: Practitioner, certificate: Certificate, on: date
) -> Hours | None:
    """In the registration that runs; None for other certificates, outside of a registration, and without a policy."""
    period = registration_on(certificate, on)
    if certificate.kind is not CertificateKind.SOCIAL_WORKER or period is None:
        return None
    key = ASSISTANT_HOURS if ASSISTANT in certificate.grade else WORKER_HOURS
    place = place_of_person(person)
    asked = parameter_if_set(session, key, place, on)
    if asked is None:
        return None
    taken_for = parameter_if_set(session, DEGREE_HOURS, place, on) or 0
    by_degree = Decimal(taken_for) if _studied_social_work(session, person.id, period, on) else NOTHING
    return Hours(continuing_hours(session, person.id, period, on) + by_degree, Decimal(asked), by_degree)


def _studied_social_work(session: Session, person_id: int, period: Period, on: date) -> bool:
    """Whether a diploma or degree in social work was obtained in the period and is verified: it counts once."""
    listed = sa.and_(Major.catalogue == Education.catalogue, Major.code == Education.major_code)
    found = sa.select(Education.id).join(Major, listed).where(Education.practitioner_id == person_id)
    found = found.where(
        Major.family == MajorFamily.SOCIAL_WORK, Education.obtained_on <= on, Education.verified_on <= on
    )
    if period.start is not None:
        found = found.where(Education.obtained_on >= period.start)
    return session.scalar(found.limit(1)) is not None


def works_directly(person: Practitioner, on: date) -> bool:
    """Whether a post of that day, no volunteer's and no intern's, is with the people served."""
    return any(
        post.direct_service
        and post.engagement in COUNTED_ENGAGEMENTS
        and Period(post.start_on, post.end_on).holds_on(on)
        for post in person.posts
    )


def _between(first: date, last: date) -> ColumnElement[bool]:
    return sa.and_(Training.held_on >= first, Training.held_on <= last)
