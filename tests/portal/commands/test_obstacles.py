"""What the machine puts in the way: said in one sentence with its remedy, never as a trace of calls."""

import errno
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from portal.commands.obstacles import obstacle, refuse_busy_port
from portal.settings import Settings, SettingsError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_refused_with_another_to_take(busy_port):
    with pytest.raises(SettingsError, match=r"in use.*make run PORT=8080"):
        refuse_busy_port("127.0.0.1", busy_port)


def test_the_demonstration_looks_at_the_port_before_it_builds(run, busy_port, tmp_path):
    answer = run("demo", "--port", str(busy_port))

    assert answer.exit_code == 2
    assert "in use" in answer.stderr
    assert not (tmp_path / "samples").exists()


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(SettingsError, match="--host"):
        refuse_busy_port("192.0.2.1", 8000)


def test_a_full_disk_under_the_database_is_said(tmp_path):
    with closing(sqlite3.connect(tmp_path / "small.sqlite")) as database:
        database.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as full:
            database.execute("CREATE TABLE a AS SELECT zeroblob(100000) AS bytes")

    assert "full; make room" in str(obstacle(full.value))


def test_a_full_disk_under_a_file_is_said(tmp_path):
    error = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "samples" / "x.xlsx"))

    assert f"{tmp_path / 'samples'} is full" in str(obstacle(error))


def test_a_folder_of_somebody_else_is_said(tmp_path):
    error = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "instance"))

    assert f"may not write to {tmp_path}; give another folder with PORTAL_HOME" in str(obstacle(error))


def test_a_file_in_place_of_the_folder_ends_the_command_with_a_sentence(run, tmp_path):
    place = tmp_path / "file"
    place.touch()

    answer = run("demo", "--no-serve", env={"PORTAL_HOME": str(place)})

    assert answer.exit_code == 2
    assert (
        answer.stderr
        == f"Error: {place} is a file where a folder is needed; give another folder with PORTAL_HOME.\n"
    )


def test_our_own_faults_keep_their_trace():
    assert obstacle(ValueError("a slip")) is None
    assert obstacle(OSError(errno.EIO, "Input/output error")) is None


def test_a_key_that_could_not_be_written_whole_is_no_key(tmp_path, monkeypatch):
    def fill_up(file: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr(Path, "write_text", fill_up)
    with pytest.raises(OSError, match="No space"):
        Settings.from_env({"PORTAL_HOME": str(tmp_path), "PORTAL_PROFILE": "demo"})

    assert not (tmp_path / "keys" / "secret_key").exists()


def test_the_address_is_the_last_line_and_ctrl_c_ends_it(demo_url: str, database_kind: str, tmp_path):
    """The server as a process of its own, as a newcomer starts it."""
    if database_kind != "sqlite":
        pytest.skip(
            "a newcomer's demonstration is a SQLite file; PostgreSQL has its job store from `portal upgrade`"
        )
    with subprocess.Popen(
        [sys.executable, "-c", "from portal.cli import main; main()", "demo", "--port", str(free_port())],
        env={
            **os.environ,
            "PORTAL_HOME": str(tmp_path),
            "PORTAL_DATABASE_URL": demo_url,
            "PORTAL_PROFILE": "demo",
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        seen = lines_until_address(process)
        wait_until_answered(seen.split()[-1])
        os.killpg(process.pid, 2)
        rest, _ = process.communicate(timeout=60)

    assert "demo-city" in seen
    assert "Password of every account: jingkangtong-demo" in seen
    assert rest.split() == ["Stopped."], rest
    assert process.returncode == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_until_answered(address: str) -> None:
    """A newcomer looks before he leaves."""
    for _attempt in range(300):
        with (
            suppress(OSError),
            closing(HTTPConnection(address.removeprefix("http://"), timeout=60)) as server,
        ):
            server.request("GET", "/healthz")
            assert server.getresponse().status == 200
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def lines_until_address(process: "subprocess.Popen[str]") -> str:
    seen = ""
    for line in process.stdout or ():
        seen += line
        if line.startswith("http://127.0.0.1:"):
            return seen
    raise AssertionError(f"no address was said:\n{seen}")
