"""Why each person of a place holds what a figure asks for, or why not: read once, said person by person."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from registry.messages import N_, Message, message
from registry.workforce.counting import Place
from registry.workforce.holdings import REHABILITATION_TRAINING, TENTHS
from registry.workforce.models import Certificate, CertificateKind, Education, Training
from registry.workforce.records import (
    certificates_in,
    courses_in,
    education_in,
    entered_in,
    majors_by_code,
)
from reports.figures.definitions import (
    CERTIFIED_SHARE,
    QUALIFIED_SHARE,
    REGISTERED_SHARE,
    STAFF,
    STAFF_PER_RESIDENTS,
    TRAINED_SHARE,
    FigureDefinition,
)
from reports.figures.reasons import certificate_reason, diploma_reason, registration_reason, training_reason

Explain = Callable[[int], Message]
"""Of a person's key."""

Record = TypeVar("Record", Education, Certificate, Training)


def explainer(session: Session, figure: FigureDefinition, place: Place, on: date) -> Explain:
    """What explains a figure on a day."""
    return _EXPLAINERS[figure.code](session, place, on)


def _of_diplomas(session: Session, place: Place, on: date) -> Explain:
    majors = majors_by_code(session)
    education = _of_each(education_in(session, place))
    return lambda person_id: diploma_reason(education.get(person_id, ()), majors, on)


def _of_certificates(session: Session, place: Place, on: date) -> Explain:
    certificates = _of_each(certificates_in(session, place, CertificateKind.SOCIAL_WORKER))
    return lambda person_id: certificate_reason(certificates.get(person_id, ()), on)


def _of_registrations(session: Session, place: Place, on: date) -> Explain:
    certificates = _of_each(certificates_in(session, place, CertificateKind.SOCIAL_WORKER))
    return lambda person_id: registration_reason(certificates.get(person_id, ()), on)


def _of_training(session: Session, place: Place, on: date) -> Explain:
    courses = _of_each(courses_in(session, place, on.year))
    rules, entered = REHABILITATION_TRAINING.bound(session), entered_in(session, place)

    def explain(person_id: int) -> Message:
        attended = [one for one in courses.get(person_id, ()) if one.held_on <= on]
        tenths = sum(int(one.hours * TENTHS) for one in attended)
        return training_reason(tenths, rules.tenths_for(on, entered.get(person_id)))

    return explain


def _of_staff(_session: Session, _place: Place, _on: date) -> Explain:
    return lambda _person_id: message(N_("统计当日在岗。"))


_EXPLAINERS: Mapping[str, Callable[[Session, Place, date], Explain]] = {
    QUALIFIED_SHARE.code: _of_diplomas,
    CERTIFIED_SHARE.code: _of_certificates,
    REGISTERED_SHARE.code: _of_registrations,
    TRAINED_SHARE.code: _of_training,
    STAFF.code: _of_staff,
    STAFF_PER_RESIDENTS.code: _of_staff,
}


def _of_each(records: Iterable[Record]) -> dict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[record.practitioner_id].append(record)
    return found
