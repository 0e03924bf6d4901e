"""Files that hold people are a privilege: a purpose, a cap by role, ten a day, and an entry that says all of it.

The entry is written first and counted with the others: whoever exports twice at once waits for himself at the head of
the trail, and the eleventh file of a day is taken back with its entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.actions import Action
from registry.audit.listing import midnight
from registry.audit.models import AuditEntry, Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import today
from registry.errors import ExportTooLarge, InvalidInput, TooManyExports
from registry.messages import N_, message
from registry.policy.queries import parameter

LEAST_NOTE, LONGEST_NOTE = 4, 100
"""Characters that say what a file is for."""

MOST_ROWS: Mapping[Role, str] = {
    Role.PROVINCE: "export.rows.province",
    Role.CITY: "export.rows.city",
    Role.DISTRICT: "export.rows.district",
    Role.STREET: "export.rows.street",
    Role.STATION: "export.rows.station",
    Role.PROVIDER: "export.rows.provider",
    Role.HR: "export.rows.hr",
}
"""The policy parameter with the cap of each role: people in one file."""

MOST_A_DAY = "export.per_day"


class ExportReason(StrEnum):
    """Why a file with people is needed."""

    INSPECTION = "inspection"
    REPORTING = "reporting"
    CORRECTION = "correction"
    TRAINING = "training"
    LETTERS = "letters"
    OTHER = "other"


@dataclass(frozen=True)
class Purpose:
    """What somebody answers for when he takes people along."""

    reason: ExportReason
    note: str

    @classmethod
    def of(cls, reason: str, note: str) -> "Purpose":
        """From what was typed; InvalidInput names what is missing."""
        if reason not in set(ExportReason):
            raise InvalidInput("reason", message(N_("请选择导出用途。")))
        if not (LEAST_NOTE <= len(note.strip()) <= LONGEST_NOTE and note.isprintable()):
            sentence = N_("请用%(least)s至%(most)s个字写明具体用途，如文号、会议或事项。")
            raise InvalidInput("note", message(sentence, least=LEAST_NOTE, most=LONGEST_NOTE))
        return cls(ExportReason(reason), note.strip())


@dataclass(frozen=True)
class TakenAlong:
    """Which people, by what question, in what form."""

    subject_type: str
    subject_code: str
    division_code: str
    rows: int
    facts: Mapping[str, Any]


def most_rows(session: Session, actor: Actor, at: datetime) -> int:
    """How many people one file of this actor may hold; nobody's file holds any without a cap of his role."""
    key = MOST_ROWS.get(actor.role)
    return int(parameter(session, key, actor.division_code, today(at))) if key else 0


def most_a_day(session: Session, actor: Actor, at: datetime) -> int:
    """How many such files he may take in a day."""
    return int(parameter(session, MOST_A_DAY, actor.division_code, today(at)))


def taken_today(session: Session, actor: Actor, at: datetime) -> int:
    """How many he has taken since midnight in Shanghai, by the trail."""
    taken = (
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.actor_code == actor.code, AuditEntry.at >= midnight(today(at)))
        .where(AuditEntry.action == Action.PRACTITIONER_EXPORT.value, AuditEntry.result == Result.DONE)
    )
    return session.scalar(taken) or 0


def refuse_large(rows: int, most: int) -> None:
    """ExportTooLarge above the cap, with the two ways on."""
    if rows > most:
        sentence = N_(
            "将导出%(rows)s人，超过本岗位一次最多%(most)s人的上限。请缩小筛选范围，或请上级部门导出。"
        )
        raise ExportTooLarge(message(sentence, rows=rows, most=most))


def record_people_export(
    session: Session, taken: TakenAlong, purpose: Purpose, *, actor: Actor, at: datetime, trail: Trail
) -> None:
    """One entry; ExportTooLarge above the cap, TooManyExports beyond the day's number: then the caller rolls back."""
    most = most_rows(session, actor, at)
    record_export_up_to(session, most, taken, purpose, actor=actor, at=at, trail=trail)


def record_export_up_to(
    session: Session,
    most_people: int,
    taken: TakenAlong,
    purpose: Purpose,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> None:
    """The same below another number than the role's cap: a second person let more people go."""
    refuse_large(taken.rows, most_people)
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.PRACTITIONER_EXPORT,
        result=Result.DONE,
        subject_type=taken.subject_type,
        subject_code=taken.subject_code,
        division_code=taken.division_code,
        facts={**taken.facts, "rows": taken.rows, "reason": purpose.reason.value},
        reason=purpose.note,
    )
    most = most_a_day(session, actor, at)
    if taken_today(session, actor, at) > most:
        sentence = N_("今天已导出%(most)s次含人员信息的文件，到了每人每天的上限，请明天再导出。")
        raise TooManyExports(message(sentence, most=most))
