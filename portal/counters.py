"""Counts requests for all processes of this machine together: a small SQLite file beside the register.

What it holds is worth a minute, so nothing of it is put on disk before it is answered (`synchronous=OFF`): a count
costs some microseconds, and a killed process leaves the file whole. Memory of one process would count every worker for
itself; the register's own database would write, and wait, for each page.
"""

import logging
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

WAIT_MS = 50
"""Others hold the file for microseconds; whoever waits longer goes on uncounted."""
SWEPT_EVERY = 60.0

COUNT = """
    INSERT INTO counted VALUES (:key, 1, :ends) ON CONFLICT (key) DO UPDATE SET
        number = CASE WHEN ends <= :now THEN 1 ELSE number + 1 END,
        ends = CASE WHEN ends <= :now THEN excluded.ends ELSE ends END
    RETURNING number, ends
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counted:
    """How many there were since the first, and when counting begins anew (seconds since 1970)."""

    number: int
    until: float


class Counters:
    """One file; threads of a process share its connection, and each process opens its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._swept_at = 0.0

    def count(self, key: str, *, seconds: int, now: float) -> Counted | None:
        """One more; the time begins with the first. None where nothing can be counted: then nobody is held up."""
        with self._lock:
            try:
                return self._counted(key, seconds=seconds, now=now)
            except (sqlite3.OperationalError, OSError) as error:
                log.warning("requests are not counted: %s", error)
            except sqlite3.DatabaseError as error:
                log.warning("the counts of requests are begun anew: %s", error)
                self._begin_anew()
        return None

    def close(self) -> None:
        """For whoever removes the file."""
        with self._lock:
            self._disconnect()

    def _counted(self, key: str, *, seconds: int, now: float) -> Counted:
        connection = self._open()
        if now - self._swept_at > SWEPT_EVERY:
            connection.execute("DELETE FROM counted WHERE ends <= ?", (now,))
            self._swept_at = now
        found = connection.execute(COUNT, {"key": key, "now": now, "ends": now + seconds}).fetchone()
        return Counted(*found)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None or self._process != os.getpid():
            self._connection, self._process = self._connected(), os.getpid()
        return self._connection

    def _connected(self) -> sqlite3.Connection:
        self._file.touch(mode=0o600)
        connection = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        for pragma in (f"busy_timeout = {WAIT_MS}", "journal_mode = WAL", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")  # nosemgrep: sql-from-text  # fixed words
        connection.execute(
            "CREATE TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY, number INTEGER, ends REAL) WITHOUT ROWID"
        )
        return connection

    def _begin_anew(self) -> None:
        self._disconnect()
        for end in ("", "-wal", "-shm"):
            self._file.with_name(f"{self._file.name}{end}").unlink(missing_ok=True)

    def _disconnect(self) -> None:
        if self._connection is not None and self._process == os.getpid():
            self._connection.close()
        self._connection = None
