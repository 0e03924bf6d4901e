"""T6: people save and load files while their server is killed; afterwards all that was answered must be there."""

import http.client
import itertools
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.intake.files import FILES, run_code
from portal.sweeping import sweep
from registry.access.models import Role
from registry.access.passwords import hash_password
from registry.audit.verification import examine_trail
from registry.clock import today, utc_now
from registry.engine import make_engine
from registry.intake.models import IntakeRun
from registry.organisations.models import AddressChange, AddressChangeState
from registry.workflow.models import WorkflowStep
from registry.workforce.models import Practitioner
from tests.access.crash_program import SECRET, settings_of
from tests.factories import make_account, make_address_change, make_division, make_parameter, make_provider
from tests.sealing import fixed_keys

PASSWORD = "Yi-Er-San-456!"
SAVERS, LOADERS, PEOPLE = 3, 1, 20
PATIENCE = 30
HEADS = "人员编号,姓名,出生年份,站点编号,岗位,用工形式,是否从事社区康复服务,任职日期"


@dataclass
class Asked:
    """One form that was sent: `answered` once its answer came."""

    url: str
    form: dict[str, str]
    key: str
    number: int
    answered: bool = False


@dataclass
class Batch:
    """One file: its run once it was previewed, loaded once that was answered."""

    name: str
    run: str = ""
    loaded: bool = False


@dataclass
class Browser:
    """Somebody signed in, on one connection at a time."""

    port: int
    username: str
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def request(self, method: str, url: str, body: bytes = b"", kind: str = "") -> tuple[int, Any, bytes]:
        """Raises OSError or HTTPException where the server is gone."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        try:
            self.connection.request(method, url, body, headers | ({"Content-Type": kind} if kind else {}))
            answer = self.connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers, data

    def hang_up(self) -> None:
        """The next request finds its own way: the server behind this connection may be gone."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def post(self, url: str, form: dict[str, str]) -> tuple[int, Any, bytes]:
        text = urlencode({"csrf_token": self.token()} | form).encode()
        return self.request("POST", url, text, "application/x-www-form-urlencoded")

    def send_file(self, url: str, name: str, data: str) -> tuple[int, Any, bytes]:
        parts = (
            f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token()}\r\n'
            f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{data}\r\n--x--\r\n'
        )
        return self.request("POST", url, parts.encode(), "multipart/form-data; boundary=x")

    def token(self) -> str:
        return str(json.loads(self.request("GET", "/sign-in/token")[2])["token"])

    def sign_in(self) -> None:
        status, _, _ = self.post("/sign-in", {"username": self.username, "password": PASSWORD})
        assert status == 303, status


class Server:
    """Started and killed; it never ends by itself."""

    def __init__(self, home: Path, url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        program = [sys.executable, "-m", "tests.access.crash_program", str(home), url, str(self.port)]
        self._program = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._group = 0

    def start(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write("start\n")
        self._program.stdin.flush()
        self._group = int(self._program.stdout.readline())
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.01)

    def kill(self) -> None:
        os.killpg(self._group, signal.SIGKILL)

    def close(self) -> None:
        if self._group:
            with suppress(ProcessLookupError):
                self.kill()
        self._program.kill()
        self._program.communicate()

    def _answers(self) -> bool:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


class Saver:
    """Edits one draft again and again; each form has a key and the version that it was filled in against."""

    def __init__(self, browser: Browser, code: str, street: str) -> None:
        self.browser, self.code, self.street = browser, code, street
        self.asked: list[Asked] = []
        self._numbers = itertools.count(1)

    def work(self, version: int) -> None:
        """Until the server is gone."""
        try:
            for next_version in itertools.count(version):
                self._save(next_version)
        except (OSError, http.client.HTTPException):
            return

    def ask_again(self) -> None:
        """What was not answered is sent once more, as a browser does.

        What had been carried out is answered with its first result; what had not meets a newer version by now, and its
        author is told so.
        """
        for asked in self.asked:
            if not asked.answered:
                status, _, _ = self.browser.post(asked.url, asked.form)
                assert status in (303, 409), status
                asked.answered = status == 303

    def _save(self, version: int) -> None:
        number, key = next(self._numbers), uuid4().hex
        form = {
            "key": key,
            "version": str(version),
            "division_code": self.street,
            "address": f"示例路{number}号",
            "effective_on": (today() + timedelta(days=7)).isoformat(),
            "crs": "wgs84",
        }
        asked = Asked(f"/address-changes/{self.code}/edit", form, key, number)
        self.asked.append(asked)
        status, _, data = self.browser.post(asked.url, form)
        assert status == 303, (status, data.decode()[:2000])
        asked.answered = True


class Loader:
    """Sends one file of people after another and loads it."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.batches: list[Batch] = []

    def work(self) -> None:
        """Until the server is gone."""
        try:
            while True:
                self._load()
        except (OSError, http.client.HTTPException):
            return

    def ask_again(self) -> None:
        for batch in self.batches:
            if batch.run and not batch.loaded:
                self._commit(batch)

    def _load(self) -> None:
        batch = Batch(f"B{len(self.batches):05d}")
        self.batches.append(batch)
        rows = (
            f"{batch.name}-{number},示例{number},1990,{self.site},社会工作者,专职,是,2024-03-01"
            for number in range(PEOPLE)
        )
        status, headers, data = self.browser.send_file(
            "/intake/practitioners", f"{batch.name}.csv", "\n".join([HEADS, *rows])
        )
        assert status == 303, (status, data.decode()[:3000])
        batch.run = headers["Location"].rpartition("/")[2]
        self._commit(batch)

    def _commit(self, batch: Batch) -> None:
        status, _, data = self.browser.post(f"/intake/runs/{batch.run}/commit", {})
        assert status == 303, (status, data.decode()[:3000])
        batch.loaded = True


class World:
    """A register of one institution, its server, and the people at work on it."""

    def __init__(self, home: Path, url: str) -> None:
        self.settings, self.engine = settings_of(home, url), make_engine(url)
        fixed_keys(home / "keys")
        codes = self._filled()
        self.server = Server(home, url)
        self.savers = [
            Saver(Browser(self.server.port, "provider"), code, "310101002") for code in codes["changes"]
        ]
        self.loaders = [
            Loader(Browser(self.server.port, "district"), codes["site"][0]) for _ in range(LOADERS)
        ]

    def _filled(self) -> dict[str, list[str]]:
        with Session(self.engine) as session:
            for code in ("31", "3101", "310101", "310101002", "310101013"):
                make_division(session, code)
            for key, value in PARAMETERS.items():
                make_parameter(session, key, value)
            sites = [make_provider(session) for _ in range(SAVERS)]
            for site in sites[1:]:
                site.organisation = sites[0].organisation
            known = {"password_hash": hash_password(PASSWORD)}
            provider = make_account(
                session, Role.PROVIDER, username="provider", organisation=sites[0].organisation, **known
            )
            make_account(session, Role.DISTRICT, username="district", **known)
            changes = [
                make_address_change(session, site, state=AddressChangeState.DRAFT, asked_by_id=provider.id)
                for site in sites
            ]
            session.commit()
            return {"changes": [change.code for change in changes], "site": [sites[0].code]}

    def start(self) -> None:
        """A server that knows nothing of the one before."""
        for worker in (*self.savers, *self.loaders):
            worker.browser.hang_up()
        self.server.start()

    def sign_in(self) -> None:
        for worker in (*self.savers, *self.loaders):
            worker.browser.sign_in()

    def cycle(self, dice: random.Random, *, longest: float) -> None:
        """Everybody works until the server is killed, so many seconds at most after two of them were answered."""
        answered = self._answered()
        versions = self._versions()
        threads = [threading.Thread(target=saver.work, args=(versions[saver.code],)) for saver in self.savers]
        threads += [threading.Thread(target=loader.work) for loader in self.loaders]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + PATIENCE
        while self._answered() < answered + 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(dice.uniform(0, longest))
        self.server.kill()
        for thread in threads:
            thread.join(PATIENCE)

    def ask_again(self) -> None:
        for worker in (*self.savers, *self.loaders):
            worker.ask_again()

    def close(self) -> None:
        for worker in (*self.savers, *self.loaders):
            worker.browser.hang_up()
        self.server.close()
        self.engine.dispose()

    def _answered(self) -> int:
        return sum(asked.answered for saver in self.savers for asked in saver.asked)

    def _versions(self) -> dict[str, int]:
        with Session(self.engine) as session:
            return dict(session.execute(sa.select(AddressChange.code, AddressChange.version)).all())


PARAMETERS = {
    "address_change.confirm_workdays": 5,
    "address_change.days_ahead": 60,
    "intake.max_rows": 1000,
    "intake.keep_days": 30,
    "intake.undo_days": 7,
}


@dataclass(frozen=True)
class Findings:
    """What a world looks like after it was killed again and again."""

    answered: int
    lost: list[str]
    doubled: list[str]
    halves: list[str]
    wrong: list[str]
    """Drafts that hold something older than the last answer said."""
    integrity: str
    trail: object
    swept: int
    """Files that the start-up sweep would clear away."""
    orphans: list[str]
    """Files that it leaves though they belong to no row."""


def found(world: World) -> Findings:
    """Asked of the database itself, past everything that serves."""
    with Session(world.engine) as session:
        keys = list(session.scalars(sa.select(WorkflowStep.idempotency_key)))
        people = list(session.scalars(sa.select(Practitioner.person_no)))
        runs = set(session.scalars(sa.select(IntakeRun.code)))
        drafts = dict(session.execute(sa.select(AddressChange.code, AddressChange.address)).all())
        trail = examine_trail(session, key=SECRET[::-1].encode()).broken
        session.rollback()
        swept = sweep(session, world.settings, at=utc_now() + timedelta(seconds=5), idle=timedelta(0))
    asked = [one for saver in world.savers for one in saver.asked]
    batches = [one for loader in world.loaders for one in loader.batches]
    counts = {one.name: sum(number.startswith(f"{one.name}-") for number in people) for one in batches}
    file = str(sa.make_url(world.settings.database_url).database)
    with closing(sqlite3.connect(file)) as connection:
        integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return Findings(
        answered=sum(one.answered for one in asked) + sum(one.loaded for one in batches),
        lost=[one.key for one in asked if one.answered and one.key not in keys]
        + [one.name for one in batches if one.loaded and counts[one.name] != PEOPLE],
        doubled=[key for key in set(keys) if key is not None and keys.count(key) > 1],
        halves=[name for name, count in counts.items() if count not in (0, PEOPLE)],
        wrong=[saver.code for saver in world.savers if drafts[saver.code] != _expected(saver, set(keys))],
        integrity=integrity,
        trail=trail,
        swept=swept,
        orphans=[path.name for path in world.settings.uploads.glob(FILES) if run_code(path) not in runs],
    )


def _expected(saver: Saver, keys: set[str | None]) -> str:
    """The address of the last form that was carried out."""
    done = [one for one in saver.asked if one.key in keys]
    return done[-1].form["address"] if done else "示例路88号"
