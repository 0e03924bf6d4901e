"""How far a worker has come with a file, in a small file of its own that no backup takes along.

The load is one transaction, and while it runs SQLite lets nobody else write: what is only news is kept outside. It may
be lost without harm, and belongs to no row of the register.
"""

import json
import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = "progress"
EVERY_SECONDS = 0.5


class Stage(StrEnum):
    """What a worker does with a file, in this order: the third where it loads; the last by itself, with no file."""

    READING = "reading"
    JUDGING = "judging"
    WRITING = "writing"
    UNDOING = "undoing"


@dataclass(frozen=True)
class Progress:
    """One look at a worker."""

    stage: Stage
    rows: int
    """Of the file; where a load is undone, records of the register."""
    done: int
    """Rows that are judged; while it writes or undoes, records of the register that are dealt with."""
    seconds: float
    """Since the stage began."""
    judged_in: float = 0.0
    """Seconds that the judging took, once it is over."""

    @property
    def seconds_left(self) -> int | None:
        """From the speed so far, until the file is judged or undone; None where nothing can be said yet."""
        if self.stage not in (Stage.JUDGING, Stage.UNDOING) or self.done <= 0:
            return None
        return round(self.seconds / self.done * max(0, self.rows - self.done))


class ProgressFile:
    """Written by the worker, read by the page."""

    def __init__(self, home: Path, code: str) -> None:
        self._path = home / FOLDER / f"{code}.json"

    def read(self) -> Progress | None:
        """The last look; None where there is none, or none that can be read."""
        try:
            kept = json.loads(self._path.read_text())
            return Progress(**kept | {"stage": Stage(kept["stage"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, progress: Progress) -> None:
        """Whole or not at all; a disk that is full keeps no news."""
        draft = self._path.with_suffix(".new")
        try:
            draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_text(json.dumps(asdict(progress)))
            draft.replace(self._path)
        except OSError:
            return

    def remove(self) -> None:
        """The worker is done."""
        self._path.unlink(missing_ok=True)


class Reporter:
    """Notes what a worker tells it, twice a second at most."""

    def __init__(self, file: ProgressFile, rows: int) -> None:
        self._file, self._rows = file, rows
        self._written = self._judged_in = 0.0
        self._counted = 0
        self._stage, self._since = Stage.READING, time.monotonic()
        self.begin(Stage.READING)

    def begin(self, stage: Stage) -> None:
        """From here on it does something else."""
        now = time.monotonic()
        if self._stage is Stage.JUDGING and stage is Stage.WRITING:
            self._judged_in = now - self._since
        self._stage, self._since, self._written = stage, now, 0.0
        self._counted = 0
        self.note(0)

    def note(self, done: int) -> None:
        """So many rows are done in this stage."""
        now = time.monotonic()
        if now - self._written >= EVERY_SECONDS:
            self._written = now
            seconds = now - self._since
            self._file.write(Progress(self._stage, self._rows, done, seconds, self._judged_in))

    def undone(self, done: int, of: int) -> None:
        """So many records of all were dealt with."""
        self._rows = of
        self.note(done)

    def add(self, written: int) -> None:
        """So many rows more were written."""
        if self._stage is Stage.WRITING:
            self._counted += written
            self.note(self._counted)
