"""Rows of the workbook of training: the person whom each names, and the course that it tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.base import new_codes
from registry.divisions.codes import within
from registry.intake.bulk import chunks, insert_rows, update_rows
from registry.intake.declaration import Context, Findings, Judged, Outcome
from registry.intake.kinds.training_reach import Reach, reach_of
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.sealing.providers import KeysMissing
from registry.workforce.models import Post, Practitioner, Training
from registry.workforce.sealed_fields import IDENTITY_NUMBER


class TrainingRow(NamedTuple):
    """One person at one course; blanks and what could not be read are None."""

    number: int
    person_no: str | None
    name: str | None
    held_on: date | None
    hours: Decimal | None
    subject: str | None
    organiser: str | None
    proof_no: str | None
    is_rehabilitation: bool | None
    is_continuing: bool | None
    identity_number: str | None


class CourseKey(NamedTuple):
    """What tells one course of a person from another."""

    person_id: int
    held_on: date
    subject: str


class CourseFacts(NamedTuple):
    """What is said of it."""

    hours: Decimal
    organiser: str
    proof_no: str | None
    is_rehabilitation: bool
    is_continuing: bool


class KnownPerson(NamedTuple):
    """Somebody in the loader's reach."""

    id: int
    person_no: str
    name: str


@dataclass
class TrainingLookups:
    """The people whom the file names, their courses, and what the file says."""

    session: Session
    context: Context
    by_number: dict[str, KnownPerson] = field(default_factory=dict)
    by_index: dict[str, KnownPerson] = field(default_factory=dict)
    known: dict[CourseKey, tuple[int, CourseFacts]] = field(default_factory=dict)
    said: dict[CourseKey, tuple[CourseFacts, int]] = field(default_factory=dict)
    """With the row that says it first."""
    reach: Reach = field(default_factory=Reach)


def prepare(session: Session, context: Context) -> TrainingLookups:
    """Nothing is known before the rows are: only the people whom they name are asked for."""
    return TrainingLookups(session, context)


def judge(rows: Sequence[TrainingRow], lookups: TrainingLookups, findings: Findings) -> list[Outcome]:
    """A row creates a course or changes what the register says of it."""
    _recall(rows, lookups)
    return [_judge_row(row, lookups, findings) for row in rows]


def apply(
    session: Session, judged: Sequence[Judged[TrainingRow]], lookups: TrainingLookups, _context: Context
) -> None:
    """Writes what `said` holds; the caller commits."""
    if not judged:
        return
    new = [
        _columns(key) | facts._asdict()
        for key, (facts, _row) in lookups.said.items()
        if key not in lookups.known
    ]
    codes = new_codes(len(new))
    insert_rows(session, Training, (row | {"code": code} for row, code in zip(new, codes, strict=True)))
    changed = [
        {"id": lookups.known[key][0]} | facts._asdict()
        for key, (facts, _row) in lookups.said.items()
        if key in lookups.known and lookups.known[key][1] != facts
    ]
    update_rows(session, Training, changed)


def _columns(key: CourseKey) -> dict[str, Any]:
    return {"practitioner_id": key.person_id, "held_on": key.held_on, "subject": key.subject}


def _judge_row(row: TrainingRow, lookups: TrainingLookups, findings: Findings) -> Outcome:
    person = _person_of(row, lookups, findings)
    _check_course(row, lookups.context.on, findings)
    if person is None or row.held_on is None or row.subject is None:
        return Outcome.SAME
    if row.hours is None or row.organiser is None:
        return Outcome.SAME
    if row.is_rehabilitation is None or row.is_continuing is None:
        return Outcome.SAME
    key = CourseKey(person.id, row.held_on, row.subject)
    facts = CourseFacts(row.hours, row.organiser, row.proof_no, row.is_rehabilitation, row.is_continuing)
    outcome = _say(key, facts, row, lookups, findings)
    refusal = lookups.reach.refusal(person.id, person.person_no, row.held_on, outcome)
    if refusal is not None:
        findings.error(row.number, *refusal)
    return outcome


def _say(
    key: CourseKey, facts: CourseFacts, row: TrainingRow, lookups: TrainingLookups, findings: Findings
) -> Outcome:
    before = lookups.known.get(key)
    if before is not None and facts.proof_no is None:
        facts = facts._replace(proof_no=before[1].proof_no)  # a blank says nothing
    first, number = lookups.said.setdefault(key, (facts, row.number))
    if first != facts:
        findings.error(
            row.number,
            "subject",
            message(N_("与第%(row)s行是同一人的同一次培训，其他各列却不同。"), row=number),
            message(N_("请核对后把两行改成一致，或只留一行。")),
        )
        return Outcome.SAME
    if number != row.number:
        return Outcome.SAME
    if before is None:
        return Outcome.CREATE
    return Outcome.SAME if before[1] == facts else Outcome.UPDATE


def _person_of(row: TrainingRow, lookups: TrainingLookups, findings: Findings) -> KnownPerson | None:
    """By the identity number where one is typed, else by the register number; the name has to be his."""
    if row.person_no is None and row.identity_number is None:
        _report_nobody(row, findings)
        return None
    by_number = lookups.by_number.get(row.person_no or "")
    by_identity = lookups.by_index.get(_index(lookups, row.identity_number))
    found = by_identity or by_number
    if row.identity_number is not None and by_identity is None:
        _report_unknown(row, "identity_number", findings)
        return None
    if row.person_no is not None and by_number is None:
        _report_unknown(row, "person_no", findings)
        return None
    if by_identity is not None and by_number is not None and by_identity != by_number:
        findings.error(
            row.number,
            "identity_number",
            message(N_("身份证号与人员编号不是同一人。")),
            message(N_("请核对两列；不清楚的，只填其中一列。")),
        )
        return None
    if found is not None and row.name is not None and row.name != found.name:
        findings.error(
            row.number,
            "name",
            message(N_("姓名与登记的不同。")),
            message(N_("请核对人员编号、身份证号和姓名。")),
        )
        return None
    return found


def _report_nobody(row: TrainingRow, findings: Findings) -> None:
    flawed = any(findings.is_flawed(row.number, key) for key in ("person_no", "identity_number"))
    if not flawed:
        findings.error(
            row.number,
            "person_no",
            message(N_("没有写明是谁的培训。")),
            message(N_("请填人员编号，或填身份证号。")),
        )


def _report_unknown(row: TrainingRow, key: str, findings: Findings) -> None:
    findings.error(
        row.number,
        key,
        message(N_("您可以导入的范围内没有这名人员。")),
        message(N_("请核对号码；新人请先登记任职，再导入培训。")),
    )


def _check_course(row: TrainingRow, on: date, findings: Findings) -> None:
    if row.held_on is not None and row.held_on > on:
        findings.error(
            row.number,
            "held_on",
            message(N_("培训结束日期在今天之后。")),
            message(N_("培训结束后再导入；填错的请更正。")),
        )
    if row.is_rehabilitation is False and row.is_continuing is False:
        findings.error(
            row.number,
            "is_rehabilitation",
            message(N_("康复培训和继续教育都填了“否”。")),
            message(N_("至少一项填“是”；两项都不是的，删去这一行。")),
        )


def _recall(rows: Sequence[TrainingRow], lookups: TrainingLookups) -> None:
    numbers = sorted({row.person_no for row in rows if row.person_no})
    for chunk in chunks(numbers):
        for person in _people(lookups, Practitioner.person_no.in_(chunk)):
            lookups.by_number[person.person_no] = person
    indexes = {
        index: _index(lookups, row.identity_number)
        for row in rows
        if row.identity_number
        for index in _indexes(lookups, row.identity_number)
    }
    for chunk in chunks(sorted(indexes)):
        _recall_by_identity(lookups, chunk, indexes)
    people = {one.id: one.person_no for one in (*lookups.by_number.values(), *lookups.by_index.values())}
    lookups.reach = reach_of(lookups.session, people.items(), lookups.context)
    _recall_courses(lookups, sorted(people))


def _recall_courses(lookups: TrainingLookups, people: Sequence[int]) -> None:
    session = lookups.session
    for ids in chunks(people):
        for course in session.scalars(sa.select(Training).where(Training.practitioner_id.in_(ids))):
            key = CourseKey(course.practitioner_id, course.held_on, course.subject)
            facts = CourseFacts(
                course.hours,
                course.organiser,
                course.proof_no,
                course.is_rehabilitation,
                course.is_continuing,
            )
            lookups.known[key] = course.id, facts


def _recall_by_identity(lookups: TrainingLookups, chunk: Sequence[str], indexes: dict[str, str]) -> None:
    column = Practitioner.identity_index
    holds = sa.select(Practitioner.id, column).where(column.in_(chunk))
    current = {key: indexes[index] for key, index in lookups.session.execute(holds) if index is not None}
    for person in _people(lookups, Practitioner.id.in_(current)):
        lookups.by_index[current[person.id]] = person


def _people(lookups: TrainingLookups, condition: sa.ColumnElement[bool]) -> list[KnownPerson]:
    """Of those, who ever held a post where the loader answers."""
    context = lookups.context
    here = [Post.practitioner_id == Practitioner.id, Post.site_id == Site.id]
    here.append(within(Site.division_code, context.division_code))
    if context.organisation_id is not None:
        here.append(Site.organisation_id == context.organisation_id)
    statement = sa.select(Practitioner.id, Practitioner.person_no, Practitioner.name)
    found = lookups.session.execute(statement.where(condition, sa.exists().where(*here)))
    return [KnownPerson(*row) for row in found]


def _index(lookups: TrainingLookups, number: str | None) -> str:
    """As it would be made now; empty where nothing is typed."""
    return _indexes(lookups, number)[0] if number else ""


def _indexes(lookups: TrainingLookups, number: str) -> Sequence[str]:
    seals = lookups.context.seals
    if seals is None:
        raise KeysMissing("There is nothing to look identity numbers up with.")
    return seals.indexes(number, IDENTITY_NUMBER.name)
