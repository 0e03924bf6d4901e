"""恢复演练: a backup is taken, restored where it never comes into force, verified, cleared away; the report stays."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.backups.engines import engine_of
from portal.backups.keeping import backups_in
from portal.backups.manifest import DATABASE, MANIFEST, BackupRefused
from portal.backups.restoring import Opened, examined, open_backup, unpacked
from portal.backups.taking import take_backup
from portal.documents.files import write_whole
from portal.settings import Settings
from portal.trail import read_only
from registry.actions import Deed
from registry.audit.chain import instant
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, today
from registry.divisions.codes import NATION
from registry.policy.queries import parameter
from reports.documents.drill_paper import Check, CheckKind, Drill, Step, StepKind, drill_facts, drill_paper

LOST_GOAL, RESTORED_GOAL = "backup.rpo_minutes", "backup.rto_minutes"
"""The parameters: minutes of work that may be lost, minutes until it can go on."""

BY = "portal restore --drill"
CUT_AT = 4096


@dataclass
class _Times:
    """How long each step took."""

    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def of(self, kind: StepKind) -> Iterator[None]:
        """Around what is timed."""
        begun = time.monotonic()
        yield
        self.steps.append(Step(kind, round(time.monotonic() - begun, 3)))


def rehearse(settings: Settings, folder: Path, *, at: datetime) -> Drill:
    """The whole way of a backup; the register that is in use is only read."""
    before, times = backups_in(folder), _Times()
    with times.of(StepKind.BACKUP):
        taken = take_backup(settings, folder, at=at)
    with times.of(StepKind.UNSEAL):
        backup = open_backup(taken.folder, settings)
    scratch = Path(tempfile.mkdtemp(prefix="drill_", dir=settings.home))
    try:
        checks = (*_restored(settings, backup, scratch, times, at=at), *refusals(settings, backup, scratch))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    manifest, goals = taken.manifest, _goals(settings, at)
    return Drill(
        at=instant(at),
        backup=taken.folder.name,
        engine=manifest.engine,
        migration=manifest.migration,
        head=manifest.head.entry_hash,
        rows=manifest.rows,
        files=len(manifest.files),
        size=sum(part.size for part in manifest.parts.values()),
        steps=tuple(times.steps),
        checks=checks,
        age_before=(at - before[0].taken_at).total_seconds() / 60 if before else None,
        lost_goal=goals[0],
        restored_goal=goals[1],
    )


def write_report(drill: Drill, folder: Path) -> tuple[Path, Path]:
    """The report for programs and for the file. CannotIssue without Chinese fonts."""
    from reports.documents.pdf import to_pdf
    from reports.documents.speech import Speech

    at = datetime.fromisoformat(drill.at).astimezone(SHANGHAI)
    facts = folder / f"drill-{at:%Y%m%d-%H%M%S}.json"
    text = json.dumps(drill_facts(drill), ensure_ascii=False, indent=1)
    write_whole(facts, f"{text}\n".encode())
    say = Speech(str, "zh")
    page = facts.with_suffix(".pdf")
    write_whole(page, to_pdf(drill_paper(drill, say), say))
    return facts, page


def record_drill(session: Session, drill: Drill, *, trail: Trail) -> None:
    """The trail says that it was rehearsed, and whether it went well. The caller commits."""
    record_entry(
        session,
        trail=trail,
        at=datetime.fromisoformat(drill.at),
        actor_code="",
        actor_name=BY,
        action=Deed.BACKUP_DRILL,
        result=Result.DONE,
        subject_type="backup",
        subject_code=drill.backup,
        division_code=NATION,
        facts={"holds": drill.holds, "in_time": drill.is_in_time},
    )


def refusals(settings: Settings, backup: Opened, scratch: Path) -> tuple[Check, ...]:
    """A backup that was tampered with must not be opened: tried on copies of its first bytes."""
    return tuple(
        _refused(kind, tamper, settings, backup, Path(tempfile.mkdtemp(dir=scratch)))
        for kind, tamper in TAMPERINGS.items()
    )


def _restored(
    settings: Settings, backup: Opened, scratch: Path, times: _Times, *, at: datetime
) -> tuple[Check, ...]:
    engine, begun = engine_of(settings.database_url), time.monotonic()
    with (
        unpacked(backup, scratch / "files"),
        engine.rehearsed(backup.database, settings.database_url, scratch) as register,
    ):
        times.steps.append(Step(StepKind.RESTORE, round(time.monotonic() - begun, 3)))
        with times.of(StepKind.VERIFY):
            return examined(register, settings, backup.manifest, at=at)


def _goals(settings: Settings, at: datetime) -> tuple[int, int]:
    with read_only(settings) as session:
        lost, restored = (
            int(parameter(session, key, NATION, today(at))) for key in (LOST_GOAL, RESTORED_GOAL)
        )
    return lost, restored


def _refused(
    kind: CheckKind,
    tamper: Callable[[Path, Path, Opened], None],
    settings: Settings,
    backup: Opened,
    folder: Path,
) -> Check:
    copy, keys = folder / backup.folder.name, folder / "keys"
    for place in (copy, keys):
        place.mkdir(mode=0o700)
    (copy / MANIFEST).write_bytes((backup.folder / MANIFEST).read_bytes())
    for name in backup.manifest.parts:
        (copy / name).symlink_to((backup.folder / name).resolve())
    (keys / backup.key.name).touch(mode=0o600)
    (keys / backup.key.name).write_text(backup.key.secret.hex())
    tamper(copy, keys, backup)
    try:
        open_backup(copy, replace(settings, keys_folder=keys))
    except BackupRefused as refusal:
        return Check(kind, "", str(refusal).partition(str(folder))[0])
    return Check(kind, "it was opened", "")


def _with_another_key(_copy: Path, keys: Path, backup: Opened) -> None:
    (keys / backup.key.name).write_text(bytes(len(backup.key.secret)).hex())


def _edited(copy: Path, _keys: Path, backup: Opened) -> None:
    text = (copy / MANIFEST).read_text(encoding="utf-8")
    (copy / MANIFEST).write_text(text.replace(backup.manifest.head.entry_hash, "0" * 64), encoding="utf-8")


def _cut(copy: Path, _keys: Path, backup: Opened) -> None:
    with (backup.folder / DATABASE).open("rb") as whole:
        beginning = whole.read(CUT_AT)
    (copy / DATABASE).unlink()
    (copy / DATABASE).write_bytes(beginning[:-1])


TAMPERINGS: dict[CheckKind, Callable[[Path, Path, Opened], None]] = {
    CheckKind.WRONG_KEY: _with_another_key,
    CheckKind.EDITED: _edited,
    CheckKind.CUT: _cut,
}
