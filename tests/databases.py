"""Throw-away databases: SQLite files, or those of a PostgreSQL 15 server that the test run starts and stops itself."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from portal.migrating import upgrade_database
from portal.shipped import shipped

POSTGRESQL_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PATIENCE_SECONDS = 30
LONGEST_STATEMENT_SECONDS = 120
"""A statement that never ends fails its test instead of holding up the run."""
ROOM = 6 * 2**30
"""Bytes that must be free."""

SERVER_OPTIONS = [
    "-F",
    *("-c", "listen_addresses="),
    *("-c", "full_page_writes=off"),
    *("-c", "max_connections=60"),
    # Two workers restore at once: each holds a lock on whatever its one transaction makes.
    *("-c", "max_locks_per_transaction=256"),
    *("-c", f"statement_timeout={LONGEST_STATEMENT_SECONDS}s"),
]


class Databases(Protocol):
    """Where the tests of one worker get their databases from."""

    def empty_url(self) -> str:
        """A new database without tables, opened as its owner."""
        ...

    def migrated_url(self) -> str:
        """A new database at the newest migration, opened as the application opens it."""
        ...

    def copy_of(self, url: str) -> str:
        """A new database with all that another one holds, to which nobody may be connected."""
        ...


class SqliteDatabases:
    """Files of one folder; a migrated one is a copy of a template."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._template = folder / "template.sqlite"
        upgrade_database(f"sqlite:///{self._template}")

    def empty_url(self) -> str:
        return f"sqlite:///{self._new_file()}"

    def migrated_url(self) -> str:
        file = self._new_file()
        shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"

    def copy_of(self, url: str) -> str:
        file = self._new_file()
        shutil.copyfile(str(sa.make_url(url).database), file)
        return f"sqlite:///{file}"

    def _new_file(self) -> Path:
        self._made += 1
        return self._folder / f"{self._made}.sqlite"


class PostgresqlDatabases:
    """Databases of a running server, named after the worker; migrated as `owner`, used as `app`."""

    def __init__(self, server_folder: Path, worker: str) -> None:
        self._folder = server_folder
        self._worker = worker
        self._made = 0
        self._template = f"template_{worker}"
        self._create(self._template, "template0")
        upgrade_database(self._url("owner", self._template))

    def empty_url(self) -> str:
        return self._url("owner", self._new_database("template0"))

    def migrated_url(self) -> str:
        return self._url("app", self._new_database(self._template))

    def copy_of(self, url: str) -> str:
        return self._url("app", self._new_database(str(sa.make_url(url).database)))

    def owner_url(self, url: str) -> str:
        """The same database, opened as its owner."""
        return url.replace("//app@", "//owner@")

    def _new_database(self, template: str) -> str:
        self._made += 1
        name = f"test_{self._worker}_{self._made}"
        self._create(name, template)
        return name

    def _create(self, name: str, template: str) -> None:
        run_as_superuser(self._folder, f"CREATE DATABASE {name} TEMPLATE {template} OWNER owner")
        if template == "template0":
            grant_roles(self._folder, name)

    def _url(self, role: str, database: str) -> str:
        return server_url(self._folder, role, database)


def server_url(folder: Path, role: str, database: str) -> str:
    """The address of a database behind the socket in `folder`."""
    return f"postgresql+psycopg://{role}@/{database}?host={folder}"


def run_as_superuser(folder: Path, statements: str, *, database: str = "postgres") -> None:
    """Each statement by itself: a database cannot be created inside a transaction."""
    engine = sa.create_engine(
        server_url(folder, "postgres", database), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(
            statements.replace("%", "%%")
        )  # the driver reads a lone % as a placeholder


def grant_roles(folder: Path, database: str) -> None:
    """What the administrator of a new database runs."""
    run_as_superuser(folder, (shipped("migrations") / "roles.sql").read_text(), database=database)


def roomy_memory() -> Path | None:
    """Linux's folder in memory, where it has room for all the databases of a run: copying them is most of a new one."""
    memory = Path("/dev/shm")  # the folder made in it is this process's own
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if is_roomy else None


class PostgresqlServer:
    """One server on a socket in a folder of its own. It ends with this process, even when this process is killed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jingkangtong-", dir=roomy_memory()))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if not (POSTGRESQL_PROGRAMS / "initdb").exists():
            raise FileNotFoundError(
                f"{POSTGRESQL_PROGRAMS}/initdb is missing: run make setup, or install postgresql-15"
            )
        if is_root():
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        self._run(
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        self._process = self._launch(data)
        self._wait()
        grant_roles(self.folder, "postgres")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # a fast shutdown: open sessions are ended
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self, data: Path) -> subprocess.Popen[bytes]:
        # The kernel sends SIGINT (a fast shutdown) when the test run dies, however it dies.
        command = [
            *as_postgres("--pdeathsig", "INT"),
            POSTGRESQL_PROGRAMS / "postgres",
            "-D",
            data,
            "-k",
            self.folder,
        ]
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                [*command, *SERVER_OPTIONS], stdout=log, stderr=log, cwd="/", env=environment()
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                run_as_superuser(self.folder, "SELECT 1")
            except sa.exc.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [*as_postgres(), POSTGRESQL_PROGRAMS / program, *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/", env=environment())


def as_postgres(*options: str) -> list[str]:
    """The words before a server program: PostgreSQL refuses to run as root, so root lends it another user."""
    if is_root():
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *options]
    return ["setpriv", *options] if options else []


def is_root() -> bool:
    return os.geteuid() == 0


def environment() -> dict[str, str]:
    # Nothing of the caller's PG* variables reaches the server.
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
