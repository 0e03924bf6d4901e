"""The product's intake of one file; as a program, it prints the most memory that a load took, in MB."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.intake.declaration import Context
from registry.intake.kinds import KINDS
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from reports.workbooks.reading import read_table

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KIND = KINDS["practitioners"]
CONTEXT = Context(at=AT, on=date(2026, 11, 23), max_rows=200_000)
ACTOR = Actor(1, "bench", "bench", "示例", Role.CITY, "31")


def judged(session: Session, data: bytes) -> Preview:
    """Read the file and judge its rows."""
    return preview(session, KIND, read_table(data, "示例.xlsx", sheets=(KIND.zh, KIND.en)), CONTEXT)


def load(url: str, data: bytes) -> None:
    """From bytes to committed rows, with the record of the run and its entry in the trail."""
    engine = make_engine(url)
    with Session(engine) as session:
        found = judged(session, data)
        run = record_preview(session, found, actor=ACTOR, at=AT)
        commit(session, found, run=run, actor=ACTOR, at=AT, trail=Trail(b"a key for benchmarks only"))
        session.commit()
    engine.dispose()


def peak_megabytes() -> float:
    """Of this process alone, which the usage that a parent passes on is not."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    load(sys.argv[1], Path(sys.argv[2]).read_bytes())
    print(f"{peak_megabytes():.0f}")
