"""A register, two workers, and long files that are sent in, checked, loaded, and cut off by kill -9."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import jobs
from portal.intake.files import UploadedFiles
from portal.intake.judging import Upload, kind_of, read
from portal.intake.progress import FOLDER
from portal.sealing import key_ring
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.verification import examine_trail
from registry.clock import utc_now
from registry.engine import make_engine
from registry.intake.coordinates import Crs
from registry.intake.errands import ask_to_check, ask_to_load, ask_to_undo
from registry.intake.models import IntakeRun, IntakeState
from registry.workflow.models import Todo
from registry.workforce.models import Post, Practitioner
from tests.factories import make_account, make_division, make_parameter, make_provider
from tests.portal.long_files_program import SECRET, settings_of
from tests.sealing import fixed_keys

WORKERS = ("worker-1", "worker-2")
HEADS = "人员编号,姓名,出生年份,站点编号,岗位,用工形式,是否从事社区康复服务,任职日期"
PATIENCE = 120
PEOPLE = 2_000
UNDO_DAYS = 7
PARTS = (IntakeState.CHECKING, IntakeState.UNDOING, IntakeState.LOADING)
LONGEST = 0.3
"""Seconds from the moment when a worker takes a file up: about as long as it needs for it."""


class World:
    """One institution, one officer of its district, and files of people who are all new."""

    def __init__(self, home: Path, url: str, *, people: int = PEOPLE) -> None:
        self.settings, self.engine, self.people = settings_of(home, url), make_engine(url), people
        fixed_keys(home / "keys")
        with Session(self.engine) as session:
            for code in ("31", "3101", "310101", "310101002"):
                make_division(session, code)
            for key, value in (
                ("intake.max_rows", 50_000),
                ("intake.keep_days", 30),
                ("intake.undo_days", UNDO_DAYS),
            ):
                make_parameter(session, key, value)
            self.site = make_provider(session).code
            self.actor = Actor.of(make_account(session, Role.DISTRICT).positions[0])
            session.commit()

    def send(self, name: str, *, last: str = "", is_queued: bool = True) -> str:
        """The code of the run; `last` is one more row."""
        rows = [
            f"{name}-{number},示例{number},1990,{self.site},社会工作者,专职,是,2024-03-01"
            for number in range(self.people)
        ]
        sent = Upload(f"{name}.csv", "\n".join([HEADS, *rows, last]).encode())
        kind = kind_of("practitioners")
        with Session(self.engine) as session:
            run = ask_to_check(session, kind, read(kind, sent), crs=Crs.WGS84, actor=self.actor, at=utc_now())
            UploadedFiles(self.settings.uploads, key_ring(self.settings)).keep(run, sent.data)
            session.commit()
            code = run.code
        if is_queued:
            jobs.ask_for(self.settings, jobs.INTAKE_CHECK, code)
        return code

    def order(self, code: str, *, is_queued: bool = True) -> None:
        """Whoever sent it saw the preview and presses the button."""
        with Session(self.engine) as session:
            assert ask_to_load(session, self.run(session, code), actor=self.actor, at=utc_now())
            session.commit()
        if is_queued:
            jobs.ask_for(self.settings, jobs.INTAKE_LOAD, code)

    def take_back(self, code: str, *, is_queued: bool = True) -> bool:
        """Whoever loaded it wants it undone; whether a worker is to do so now."""
        with Session(self.engine) as session:
            is_asked = ask_to_undo(session, self.run(session, code), actor=self.actor, at=utc_now())
            session.commit()
        if is_queued:
            jobs.ask_for(self.settings, jobs.INTAKE_UNDO, code)
        return is_asked

    def run(self, session: Session, code: str) -> IntakeRun:
        return session.scalars(sa.select(IntakeRun).where(IntakeRun.code == code)).one()

    def state(self, code: str) -> IntakeState:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(IntakeRun.state).where(IntakeRun.code == code)).scalar_one()

    def is_taken_up(self, code: str, state: IntakeState) -> bool:
        """Whether a worker has begun with it."""
        begun = sa.select(IntakeRun.begun_at).where(IntakeRun.code == code, IntakeRun.state == state)
        with self.engine.connect() as connection:
            return connection.execute(begun).scalar_one_or_none() is not None

    def counts(self) -> dict[str, int]:
        """How many people each file brought in."""
        with self.engine.connect() as connection:
            people = connection.execute(
                sa.select(Practitioner.person_no).join(Post, Post.practitioner_id == Practitioner.id)
            )
            return Counter(number.partition("-")[0] for number in people.scalars())

    def close(self) -> None:
        self.engine.dispose()


@dataclass
class Crew:
    """The two workers of a world, as processes that are killed and started again."""

    world: World
    processes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = self.world.settings
        program = [sys.executable, "-m", "tests.portal.long_files_program", str(settings.home)]
        self._program = subprocess.Popen(
            [*program, settings.database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, *names: str) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        for name in names:
            self._program.stdin.write(f"{name}\n")
            self._program.stdin.flush()
            self.processes[name] = int(self._program.stdout.readline())
            lock = self.world.settings.home / f"jobs-{name}.lock"
            wait_for(lambda: lock.exists() and jobs._is_held(lock), f"{name} did not start")  # noqa: B023  # at once
        wait_for(self._has_store, "the job store was not made")

    def kill(self, *names: str) -> None:
        for name in names:
            with suppress(ProcessLookupError):
                os.kill(self.processes.pop(name), signal.SIGKILL)
            lock = self.world.settings.home / f"jobs-{name}.lock"
            wait_for(lambda: not jobs._is_held(lock), f"{name} did not end")  # noqa: B023  # at once

    def _has_store(self) -> bool:
        """The first worker on a SQLite makes it."""
        try:
            jobs.ask_for(self.world.settings, jobs.INTAKE_CHECK, "nothing")
        except jobs.JobStoreFailed:
            return False
        return True

    def close(self) -> None:
        self.kill(*tuple(self.processes))
        self._program.kill()
        self._program.communicate()


@dataclass
class Kills:
    """Where the work stood when a worker was killed, and the files whose load was undone."""

    at: Counter[str] = field(default_factory=Counter)
    undone: set[str] = field(default_factory=set)


def killed_again_and_again(world: World, crew: Crew, cycles: int, dice: random.Random) -> Kills:
    """Each cycle is one file: a worker, or both, are killed at some moment of its check, its load, or its undoing."""
    kills = Kills()
    for number in range(cycles):
        name, part = f"F{number:03d}", PARTS[number % len(PARTS)]
        code = world.send(name)
        if part is IntakeState.CHECKING:
            kills.at[_cut_off(world, crew, code, part, dice)] += 1
        settled(world, code, IntakeState.PREVIEWED)
        world.order(code)
        if part is IntakeState.LOADING:
            kills.at[_cut_off(world, crew, code, part, dice)] += 1
        settled(world, code, IntakeState.COMMITTED)
        if part is IntakeState.UNDOING:
            world.take_back(code)
            kills.at[_cut_off(world, crew, code, part, dice)] += 1
            settled(world, code, IntakeState.UNDONE)
            kills.undone.add(name)
    return kills


def _cut_off(world: World, crew: Crew, code: str, state: IntakeState, dice: random.Random) -> str:
    """The state that the file was left in: mostly in the middle, sometimes still in the queue or just done."""
    before = (IntakeState.WAITING, IntakeState.CHECKING) if state is IntakeState.CHECKING else (state,)
    if dice.random() < 0.8:
        wait_for(lambda: world.is_taken_up(code, state) or world.state(code) not in before, code, pause=0.002)
    time.sleep(dice.uniform(0, LONGEST))
    victims = dice.choice([WORKERS, WORKERS, WORKERS[:1], WORKERS[1:]])
    crew.kill(*victims)
    left = world.state(code)
    crew.start(*victims)
    return left.value


def settled(world: World, code: str, wanted: IntakeState) -> None:
    """No other end will do."""
    wait_for(lambda: world.state(code) is wanted, f"{code} did not become {wanted}")


def wait_for(holds: object, otherwise: str, *, pause: float = 0.02) -> None:
    assert callable(holds)
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(pause)


@dataclass(frozen=True)
class Findings:
    """What a world looks like in the end."""

    wrong: dict[str, int]
    """Files of which more or fewer people came in than stood there."""
    entries: set[int]
    """How many entries each load left in the trail, beside one for its undoing."""
    notices: set[int]
    """How many notices each file left: one for its check, one for its load, beside one for its undoing."""
    trail: object
    left: list[str]
    """News of workers that are done."""


def found(world: World) -> Findings:
    with Session(world.engine) as session:
        undone = {run.code: run.state is IntakeState.UNDONE for run in session.scalars(sa.select(IntakeRun))}
        loaded = Counter(session.scalars(sa.select(AuditEntry.subject_code)))
        told = Counter(session.scalars(sa.select(Todo.subject_code).where(Todo.is_notice)))
        trail = examine_trail(session, key=SECRET[::-1].encode()).broken
    counts = world.counts()
    return Findings(
        wrong={name: count for name, count in counts.items() if count != world.people},
        entries={loaded[code] - more for code, more in undone.items()},
        notices={told[code] - more for code, more in undone.items()},
        trail=trail,
        left=[path.name for path in (world.settings.home / FOLDER).iterdir()],
    )
