"""A worker that a test starts, kills and starts again: `python -m tests.portal.jobs_program MODE HOME URL`.

Modes: `once` does the snapshot of a day; `cut` stops dead inside the second part and waits to be killed; `worker` works
for a while and is given one scheduled run at once; `document-cut` takes up a document, lays it out, and stops dead
before it is kept; `document` works until no document is waited for. Prints what was counted, as JSON.
"""

import json
import socket
import sys
import threading
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal import jobs, nightly
from portal.documents.files import IssuedFiles
from portal.settings import Profile, Settings
from registry.documents.queries import codes_in_hand
from registry.engine import make_engine

DAY = date(2026, 11, 22)
SECRET = "a secret that is only good for tests"
PATIENCE_SECONDS = 90
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Notes:
    """Files beside the database: which parts were begun, which addresses were called, and the sign to be killed."""

    def __init__(self, home: Path) -> None:
        self.begun, self.called, self.cut = home / "begun", home / "called", home / "cut"

    def write(self, file: Path, line: str) -> None:
        with file.open("a") as open_file:
            open_file.write(line + "\n")


def watch_connections(notes: Notes) -> None:
    """Whatever Python connects to or looks up outside this machine is written down and refused."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            called, address = arguments
            is_local = isinstance(called, socket.socket) and called.family == socket.AF_UNIX
            host = address[0] if isinstance(address, tuple) else address
        elif event == "socket.getaddrinfo":
            host, is_local = arguments[0], False
        else:
            return
        if not is_local and host not in LOOPBACK:
            notes.write(notes.called, f"{event} {host}")
            raise PermissionError(host)

    sys.addaudithook(hook)


def noting(notes: Notes, *, stops_in_second: bool) -> jobs.Job:
    """The nightly job, which writes down each part that it begins."""

    def do(_settings: Settings, session: Session, part: str, on: date, at: datetime) -> int:
        notes.write(notes.begun, part)
        count = nightly.do_part(session, part, on, at)
        if stops_in_second and part == nightly.parts_of_night()[1]:
            notes.write(notes.cut, part)
            time.sleep(PATIENCE_SECONDS)
        return count

    return replace(jobs.SNAPSHOT, do=do)


class UntilTriggered(threading.Event):
    """Has one scheduled run done as soon as the worker waits, and then lets it stop."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def wait(self, timeout: float | None = None) -> bool:
        import dbos

        self.counts = dbos.DBOS.trigger_schedule("snapshot").get_result()
        return True


class ForAWhile(threading.Event):
    """Lets the worker wait for work that others may give it."""

    def wait(self, timeout: float | None = None) -> bool:
        super().wait(8)
        return True


class UntilNothingWaits(threading.Event):
    """Lets the worker stop when every document that was asked for is made."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.engine = make_engine(url)

    def wait(self, timeout: float | None = None) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with Session(self.engine) as session:
                if not codes_in_hand(session):
                    return True
            time.sleep(0.1)
        return False


def stopping_before_it_is_kept(notes: Notes) -> None:
    """The document is laid out, and its file is never written."""

    def keep(_files: IssuedFiles, name: str, _data: bytes) -> None:
        notes.write(notes.cut, name)
        time.sleep(PATIENCE_SECONDS)

    IssuedFiles.keep = keep  # type: ignore[method-assign]  # this program is there to be killed here


def main(mode: str, home: str, url: str, name: str = jobs.WORKER) -> None:
    notes = Notes(Path(home))
    settings = Settings(
        home=Path(home), database_url=url, profile=Profile.DEMO, secret_key=SECRET, audit_key=SECRET
    )
    watch_connections(notes)
    if mode.startswith("document"):
        if mode == "document-cut":
            stopping_before_it_is_kept(notes)
        jobs.run_worker(settings, name=name, stop=UntilNothingWaits(url))
        sys.stdout.write("{}")
        return
    job = noting(notes, stops_in_second=mode == "cut")
    if mode in ("once", "cut"):
        counts = jobs.run_once(settings, job, DAY)
    else:
        jobs.JOBS["snapshot"] = job
        stop = UntilTriggered() if mode == "worker" else ForAWhile()
        jobs.run_worker(settings, name=name, stop=stop)
        counts = stop.counts if isinstance(stop, UntilTriggered) else {}
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
