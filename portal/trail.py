"""The whole trail, every night: verified against the heads that were kept so far, and its new head put beside them.

A trail that does not hold is written to the log by its number and cause, and no head of it is exported.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.documents.files import write_whole
from portal.settings import Settings
from registry.audit.chain import HeadDigest
from registry.audit.heads import KeptHead, present_head, read_head, write_head
from registry.audit.queries import last_check
from registry.audit.verification import Examination, examine_trail, keep_check
from registry.clock import SHANGHAI
from registry.engine import make_engine, snapshot_of

VERIFY, HEAD = "verify", "head"
BY = "portal jobs"

log = logging.getLogger(__name__)


def parts_of_night() -> tuple[str, ...]:
    """First whether the trail holds, then its head."""
    return VERIFY, HEAD


def do_part(settings: Settings, session: Session, part: str, _on: date, at: datetime) -> int:
    """Do one part; how many entries hold, or how many files were written."""
    if part == VERIFY:
        return _verified(settings, session, at)
    check = last_check(session)
    if check is None or not check.holds:
        return 0
    return len(export_head(session, settings, settings.heads, at=at))


def kept_heads(folder: Path, key: bytes) -> list[HeadDigest]:
    """The heads of a folder; InvalidInput names a file whose seal does not fit."""
    files = sorted(folder.glob("head-*.json"))
    return [read_head(file.read_text(encoding="utf-8"), key, name=file.name).digest for file in files]


def verify_trail(session: Session, settings: Settings, heads: Path | None = None) -> Examination:
    """The whole trail, held against the heads of a folder if one is given."""
    key = settings.audit_key.encode()
    return examine_trail(session, key=key, kept=kept_heads(heads, key) if heads else ())


@contextmanager
def read_only(settings: Settings) -> Iterator[Session]:
    """A session that reads one state of the register for as long as it takes; no writer waits for it."""
    engine = make_engine(settings.database_url)
    try:
        with Session(snapshot_of(engine)) as session:
            yield session
    finally:
        engine.dispose()


def export_head(session: Session, settings: Settings, folder: Path, *, at: datetime) -> tuple[Path, Path]:
    """The head of a trail that holds: a sealed file, and a page to be printed. CannotIssue without Chinese fonts."""
    head = present_head(session, at=at)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder / f"head-{at.astimezone(SHANGHAI):%Y-%m-%d-%H%M%S}.json"
    write_whole(place, write_head(head, settings.audit_key.encode()).encode())
    page = place.with_suffix(".pdf")
    write_whole(page, _page(head))
    return place, page


def _page(head: KeptHead) -> bytes:
    from reports.documents.head_paper import head_paper
    from reports.documents.pdf import to_pdf
    from reports.documents.speech import Speech

    say = Speech(str, "zh")
    return to_pdf(head_paper(head, say), say)


def _verified(settings: Settings, session: Session, at: datetime) -> int:
    with read_only(settings) as reading:
        found = verify_trail(reading, settings, settings.heads)
    keep_check(session, found, at=at, by=BY)
    if found.broken is not None:
        log.error("the trail does not hold: entry %s, %s", found.broken.sequence, found.broken.fault)
    return found.last.sequence
