"""Old entries leave the trail: written to a file first, covered by a checkpoint, then removed, all of it an entry.

Cybersecurity Law as amended in 2025, Art. 23(3): logs are kept for six months at least. Six calendar months are 184
days at most: a floor that no parameter undercuts, and that both databases guard by themselves.
"""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.actions import Deed
from registry.audit.archives import RetiredPart
from registry.audit.listing import midnight
from registry.audit.models import AuditCheckpoint, AuditEntry, Result
from registry.audit.operations import record_entry
from registry.audit.queries import beginning
from registry.audit.trail import Trail
from registry.clock import today
from registry.divisions.codes import NATION
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.policy.queries import parameter

LEAST_DAYS = 184
KEEP_DAYS = "trail.keep_days"
"""The parameter with the days for which entries stay in the register."""


def latest_day(session: Session, at: datetime) -> date:
    """The day before which entries may be retired; InvalidInput where the parameter undercuts the law."""
    days = int(parameter(session, KEEP_DAYS, NATION, today(at)))
    if days < LEAST_DAYS:
        sentence = N_("参数“%(key)s”为%(days)s天，少于法律要求的%(least)s天，不能据此归档；请先更正参数。")
        raise InvalidInput("before", message(sentence, key=KEEP_DAYS, days=days, least=LEAST_DAYS))
    return today(at) - timedelta(days=days)


def last_to_retire(session: Session, before: date, *, at: datetime) -> int:
    """The number of the last entry before a day, in Shanghai; InvalidInput where the day is too late or nothing is."""
    latest = latest_day(session, at)
    if before > latest:
        sentence = N_("%(before)s之后的操作留痕还在保存期内，最多可归档到%(latest)s（不含当日）。")
        raise InvalidInput("before", message(sentence, before=before.isoformat(), latest=latest.isoformat()))
    first, last = session.execute(
        sa.select(sa.func.min(AuditEntry.sequence), sa.func.max(AuditEntry.sequence))
    ).one()
    staying = sa.select(sa.func.min(AuditEntry.sequence)).where(AuditEntry.at >= midnight(before))
    stays = session.scalar(staying)
    until = last if stays is None else stays - 1
    if first is None or until < first:
        raise InvalidInput("before", message(N_("%(before)s之前没有操作留痕。"), before=before.isoformat()))
    return int(until)


def part_until(session: Session, until: int, *, at: str, file_name: str, sha256: str) -> RetiredPart:
    """What is about to be retired, from the first entry in the table up to and with a number."""
    start = beginning(session)
    entry_hash = session.execute(sa.select(AuditEntry.entry_hash).where(AuditEntry.sequence == until))
    return RetiredPart(
        first_sequence=start.sequence + 1,
        sequence=until,
        previous_hash=start.entry_hash,
        entry_hash=entry_hash.scalar_one(),
        retired_at=at,
        file_name=file_name,
        sha256=sha256,
    )


def retire(
    session: Session,
    part: RetiredPart,
    *,
    actor_code: str,
    actor_name: str,
    division_code: str,
    trail: Trail,
) -> None:
    """Cover the part by a checkpoint, remove its entries and say so; its file was written and read back before."""
    at = datetime.fromisoformat(part.retired_at)
    session.add(
        AuditCheckpoint(
            first_sequence=part.first_sequence,
            sequence=part.sequence,
            previous_hash=part.previous_hash,
            entry_hash=part.entry_hash,
            at=at,
            file_name=part.file_name,
            sha256=part.sha256,
            seal=part.sealed(trail.key),
        )
    )
    session.flush()  # the guard of the entries looks for the checkpoint
    covered = sa.delete(AuditEntry).where(AuditEntry.sequence <= part.sequence)
    session.execute(covered.execution_options(synchronize_session=False))
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor_code,
        actor_name=actor_name,
        action=Deed.AUDIT_RETIRE,
        result=Result.DONE,
        subject_type="trail",
        subject_code=part.file_name,
        division_code=division_code,
        facts={"first": part.first_sequence, "last": part.sequence, "sha256": part.sha256},
    )
