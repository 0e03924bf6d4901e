"""One register and one backup of it for a module; copies for whoever tampers with them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.backups.taking import Taken, take_backup
from portal.cli import main
from tests.databases import Databases
from tests.factories import NOW
from tests.portal.backups.worlds import Place, empty_place, full_place


@pytest.fixture(scope="module")
def source(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Nobody changes it."""
    return full_place(databases, tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def taken(source: Place, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """A backup of it, made by the serving role."""
    return take_backup(source.settings, tmp_path_factory.mktemp("backups"), at=NOW)


@pytest.fixture
def copy(taken: Taken, tmp_path: Path) -> Path:
    """A copy of the backup, to be spoilt."""
    return shutil.copytree(taken.folder, tmp_path / taken.folder.name)


@pytest.fixture
def target(databases: Databases, source: Place, tmp_path: Path) -> Place:
    """A new machine: an empty database and a copy of the keys."""
    return empty_place(databases, tmp_path / "target", source.settings.keys)


@pytest.fixture(scope="module")
def run() -> Callable[..., Result]:
    """`portal …` on a place."""
    return lambda place, *words: CliRunner().invoke(main, words, env=place.environment)
