"""What a killed process leaves: files of no row, drafts that nobody finishes. Cleared away at the next start.

Only what was left alone for an hour: another process may be about to write the row.
"""

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.attachments.files import folder_of
from portal.backups import sqlite
from portal.backups.contents import KEPT
from portal.backups.restoring import STAGED
from portal.backups.taking import DRAFTS
from portal.documents.files import IssuedFiles
from portal.intake.files import FILES, run_code
from portal.intake.progress import FOLDER as PROGRESS
from portal.settings import Settings
from portal.unsent.keeping import FOLDER as UNSENT
from registry.attachments.queries import names_in_use
from registry.clock import utc_now
from registry.documents.models import IssuedDocument
from registry.engine import make_engine, snapshot_of
from registry.intake.models import IntakeRun
from registry.reconciliations.models import Reconciliation

IDLE = timedelta(hours=1)

log = logging.getLogger(__name__)


def clear_leftovers(settings: Settings) -> None:
    """At a start: a register that does not answer now keeps its leftovers until the next one."""
    engine = make_engine(settings.database_url)
    try:
        with Session(snapshot_of(engine)) as session:
            count = sweep(session, settings, at=utc_now())
    except (sa.exc.SQLAlchemyError, OSError) as error:
        log.warning("leftovers were not cleared away: %s", error)
    else:
        if count:
            log.info("cleared away %s leftovers", count)
    finally:
        engine.dispose()


def sweep(session: Session, settings: Settings, *, at: datetime, idle: timedelta = IDLE) -> int:
    """Removes what is left over and has been idle for so long; how many files and folders."""
    found = {*_of_no_row(session, settings), *_drafts(settings)}
    return sum(_removed(path, before=at - idle) for path in found)


def _of_no_row(session: Session, settings: Settings) -> Iterator[Path]:
    """Kept before their rows, which were then never written."""
    runs = set(session.scalars(sa.union_all(sa.select(IntakeRun.code), sa.select(Reconciliation.code))))
    yield from (path for path in settings.uploads.glob(FILES) if run_code(path) not in runs)
    yield from (settings.home / PROGRESS).glob("*")  # a worker that is at it writes anew within a second
    attached = names_in_use(session)
    yield from (path for path in folder_of(settings).glob(FILES) if path.stem not in attached)
    documents = set(session.scalars(sa.select(IssuedDocument.code)))
    folder = IssuedFiles(settings.home).folder
    yield from (path for path in folder.glob("[!.]*") if path.stem not in documents)


def _drafts(settings: Settings) -> Iterator[Path]:
    for name in (*KEPT, UNSENT):
        for pattern in (".*", "*.new"):
            yield from (settings.home / name).glob(pattern)
    for pattern in (sqlite.DRAFTS, f".*{STAGED}*", STAGED, "drill_*"):
        yield from settings.home.glob(pattern)
    yield from settings.backups.glob(DRAFTS)


def _removed(path: Path, *, before: datetime) -> bool:
    try:
        if path.stat().st_mtime >= before.timestamp():
            return False
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    except FileNotFoundError:
        return False  # another process clears away at the same time
    return True
