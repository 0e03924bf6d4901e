"""The wheel carries all that the product needs at run time."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "reports", "registry")


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the wheel unpacked, as an installation would lay it down."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("jingkangtong-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def files_below(folder: Path) -> set[str]:
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_of_a_room_is_in_the_wheel(installed, room):
    shipped = {name for name in files_below(installed / room) if not name.startswith("_shipped/")}

    assert shipped == files_below(ROOT / room)


@pytest.mark.parametrize("folder", ["migrations", "static"])
def test_migrations_and_browser_files_are_in_the_wheel(installed, folder):
    assert files_below(installed / "portal" / "_shipped" / folder) == files_below(ROOT / folder)


def test_tests_and_tools_are_not_in_the_wheel(installed):
    assert {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")} == set(ROOMS)


def test_a_database_can_be_upgraded_from_the_wheel_alone(installed, tmp_path):
    program = (
        "from portal.migrating import upgrade_database, migration_config; "
        f"upgrade_database('sqlite:///{tmp_path}/portal.sqlite'); "
        "print(migration_config().get_main_option('script_location'))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=installed, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == str(installed / "portal" / "_shipped" / "migrations")
