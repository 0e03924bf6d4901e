"""Rooms, sizes and costs: what keeps the house as it was drawn."""

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "reports", "registry", "migrations", "tests", "benchmarks", "scripts")
LONGEST_FILE = 400
LOCKS = [
    "requirements.lock",
    "requirements-run.lock",
    "package-lock.json",
    *sorted((ROOT / "benchmarks" / "peers").glob("*.lock")),
]
HEAVY = (
    "dbos",
    "docx",
    "folium",
    "numpy",
    "openpyxl",
    "pandas",
    "scipy",
    "shapely",
    "weasyprint",
    "xlsxwriter",
)


def source_files() -> list[Path]:
    return [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


def test_the_import_contracts_hold(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True, show_timings=False) == 0, capsys.readouterr().out


def test_no_source_file_is_longer_than_the_eye_can_hold():
    too_long = {
        str(file.relative_to(ROOT)): lines
        for file in source_files()
        if (lines := line_count(file)) > LONGEST_FILE
    }

    assert too_long == {}, "split it: it has two subjects"


def line_count(file: Path) -> int:
    return len(file.read_text().splitlines())


def test_no_file_is_a_bag_of_utilities():
    bags = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}

    assert [str(file) for file in source_files() if file.name in bags] == []


def test_the_command_line_starts_without_the_heavy_libraries():
    question = f"import sys, portal.cli; print(sorted(set(sys.modules) & set({HEAVY!r})))"
    answer = subprocess.run(
        [sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_host(lock):
    assert "://" not in (ROOT / lock).read_text()


def test_a_lock_file_pins_every_package_by_its_hash():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]

    assert packages
    assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []


def test_what_running_needs_is_part_of_what_testing_needs():
    everything = packages_of("requirements.lock")

    assert packages_of("requirements-run.lock").items() <= everything.items()


def test_running_needs_no_tool_of_the_tests():
    assert (
        packages_of("requirements-run.lock")
        .keys()
        .isdisjoint({"pytest", "playwright", "mypy", "ruff", "hypothesis"})
    )


def packages_of(lock: str) -> dict[str, list[str]]:
    """Name to version and hashes."""
    packages: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text().splitlines():
        name, is_package, version = line.partition("==")
        if is_package:
            packages[name] = held = [version.split()[0]]
        elif "--hash=" in line:
            held.append(line.strip(" \\"))
    return packages


def test_only_one_file_names_the_job_library():
    naming = {
        str(file.relative_to(ROOT))
        for room in ("portal", "reports", "registry")
        for file in (ROOT / room).rglob("*.py")
        if "dbos" in file.read_text()
    }

    assert naming <= {"portal/jobs.py"}
