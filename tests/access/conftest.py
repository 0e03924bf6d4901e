"""The door of a portal for work: one application for the run, one rolled-back transaction for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.extensions import db
from tests.access.doors import Door, inside, open_portal
from tests.access.stage import Stage, raised_stage
from tests.databases import Databases
from tests.sealing import fixed_keys


@pytest.fixture(scope="session")
def guarded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("guarded")
    fixed_keys(home / "keys")
    return home


@pytest.fixture(scope="session")
def guarded_portal(databases: Databases, guarded_home: Path) -> Iterator[Flask]:
    """In the profile dengbao3."""
    portal = open_portal(databases.migrated_url(), guarded_home)
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.fixture
def door(
    guarded_portal: Flask, guarded_home: Path, connection: sa.Connection, session: Session
) -> Iterator[Door]:
    with inside(guarded_portal, connection) as app:
        yield Door(app, session, guarded_home)


@pytest.fixture(scope="session")
def stage(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """See tests/access/stage.py."""
    with raised_stage(databases.migrated_url(), tmp_path_factory.mktemp("stage")) as stage:
        yield stage
