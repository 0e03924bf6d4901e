"""Writes what the judge put into the ledgers: people first, then their posts, education and certificates."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.audit.trail import Trail
from registry.base import new_codes
from registry.intake.bulk import chunks, insert_rows, last_id, new_ids, update_rows
from registry.intake.declaration import Context, Judged
from registry.intake.kinds.practitioner_registrations import renewed_registrations
from registry.intake.kinds.practitioner_rows import PractitionerLookups, PractitionerRow
from registry.workforce.merging import propose_merges
from registry.workforce.models import (
    INDIRECT,
    Certificate,
    CertificateRegistration,
    Education,
    Post,
    Practitioner,
)
from registry.workforce.verifying import PENDING, ask_for_verification, settle

WORKBOOK = "工作簿导入"

Row = TypeVar("Row")


def apply(
    session: Session,
    judged: Sequence[Judged[PractitionerRow]],
    lookups: PractitionerLookups,
    context: Context,
) -> None:
    """A file is loaded whole, so that the ledgers hold exactly what `judged` says; the caller commits."""
    if not judged:
        return
    ids = _write_people(session, lookups, context)
    _write_posts(session, lookups, ids)
    _write_education(session, lookups, ids)
    _write_certificates(session, lookups, ids, context)


def leave_to_officers(
    session: Session, lookups: PractitionerLookups, actor: Actor, at: datetime, trail: Trail
) -> None:
    """An identity number that two register numbers hold by now, and diplomas that nobody has verified yet."""
    propose_merges(session, lookups.same_people, actor=actor, at=at, trail=trail)
    for keys in chunks([key for key, _facts in lookups.education.changed()]):
        settle(session, keys, at=at)
    people = {key.person_no for key, facts in lookups.education.said.items() if facts.verification is PENDING}
    for numbers in chunks(sorted(people)):
        ask_for_verification(session, numbers, actor=actor, at=at, trail=trail)


def _write_people(session: Session, lookups: PractitionerLookups, context: Context) -> dict[str, int]:
    """Register number to integer key, for everybody whom the file names."""
    new = lookups.people.new()
    same = {"source": WORKBOOK, "is_example": False, "updated_at": context.at, "version": 1}
    people = (
        {"code": code, "person_no": person_no, "name": facts.name, "birth_year": facts.birth_year}
        | same
        | lookups.identities.sealed(facts, code)
        for (person_no, facts), code in zip(new, new_codes(len(new)), strict=True)
    )
    before = last_id(session, Practitioner.id)
    insert_rows(session, Practitioner, people)
    changed = [
        {"id": key, "updated_at": context.at, "name": facts.name, "birth_year": facts.birth_year}
        for key, facts in lookups.people.changed()
    ]
    update_rows(session, Practitioner, changed)
    _write_identities(session, lookups)
    known = {person_no: key for person_no, (key, _facts) in lookups.people.known.items()}
    return known | new_ids(session, Practitioner.person_no, after=before)


def _write_identities(session: Session, lookups: PractitionerLookups) -> None:
    """What is sealed of people whom the register knows: only values that are new or were corrected."""
    for name in ("identity_index", "phone_index"):
        changed = []
        for person_no, facts in lookups.people.said.items():
            key, before = lookups.people.known.get(person_no, (0, facts))
            if getattr(before, name) != getattr(facts, name):
                sealed = lookups.identities.sealed(facts, lookups.codes[person_no])
                part = name.removesuffix("index")
                changed.append(
                    {"id": key}
                    | {column: value for column, value in sealed.items() if column.startswith(part)}
                )
        update_rows(session, Practitioner, changed)


def _with_codes(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Each row with the code by which it is known outside: as many drawn at once."""
    return zip(rows, new_codes(len(rows)), strict=True)


def _write_posts(session: Session, lookups: PractitionerLookups, ids: dict[str, int]) -> None:
    rows: Iterator[dict[str, Any]] = (
        {
            "practitioner_id": ids[key.person_no],
            "site_id": key.site_id,
            "profession": key.profession,
            "start_on": key.start_on,
            "engagement": facts.engagement,
            "serves_programme": facts.serves_programme,
            "direct_service": key.profession not in INDIRECT
            if facts.direct_service is None
            else facts.direct_service,
            "end_on": facts.end_on,
            "code": code,
        }
        for (key, facts), code in _with_codes(lookups.posts.new())
    )
    insert_rows(session, Post, rows)
    update_rows(session, Post, [{"id": key} | facts._asdict() for key, facts in lookups.posts.changed()])


def _write_education(session: Session, lookups: PractitionerLookups, ids: dict[str, int]) -> None:
    rows: Iterator[dict[str, Any]] = (
        {
            "practitioner_id": ids[key.person_no],
            "form": key.form,
            "level": key.level,
            "catalogue": key.catalogue,
            "major_code": key.major_code,
            "school": key.school,
            "major_name": facts.major_name,
            "obtained_on": facts.obtained_on,
            "verification": facts.verification,
            "verified_on": facts.verified_on,
            "code": code,
        }
        for (key, facts), code in _with_codes(lookups.education.new())
    )
    insert_rows(session, Education, rows)
    changed = [{"id": key} | facts._asdict() for key, facts in lookups.education.changed()]
    update_rows(session, Education, changed)


def _write_certificates(
    session: Session, lookups: PractitionerLookups, ids: dict[str, int], context: Context
) -> None:
    rows: Iterator[dict[str, Any]] = (
        {
            "practitioner_id": ids[facts.person_no],
            "kind": key.kind,
            "number": key.number,
            "grade": facts.grade,
            "issued_on": facts.issued_on,
            "valid_from": facts.valid_from,
            "valid_to": facts.valid_to,
            "code": code,
        }
        for (key, facts), code in _with_codes(lookups.certificates.new())
    )
    insert_rows(session, Certificate, rows)
    renewed = renewed_registrations(lookups, source=WORKBOOK, at=context.at)
    insert_rows(session, CertificateRegistration, renewed)
    changed = [
        {"id": key} | {name: value for name, value in facts._asdict().items() if name != "person_no"}
        for key, facts in lookups.certificates.changed()
    ]
    update_rows(session, Certificate, changed)
