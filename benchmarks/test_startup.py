"""`portal --help` as a whole process, beside importing the three libraries that any such portal needs."""

import subprocess
import sys
from pathlib import Path

from benchmarks.comparing import Comparison, cpu_of_children, interleaved, record

PORTAL = [str(Path(sys.executable).with_name("portal")), "--help"]
LIBRARIES = [sys.executable, "-c", "import flask, flask_sqlalchemy, flask_login"]


def test_the_help_costs_little_more_than_importing_flask():
    assert "serve" in answer_of(PORTAL)

    ours, libraries = interleaved(
        [lambda: answer_of(PORTAL), lambda: answer_of(LIBRARIES)], rounds=7, clock=cpu_of_children
    )

    record(Comparison("portal --help", "import flask, …", ours, libraries, limit=1.3, is_speedup=False))


def answer_of(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
