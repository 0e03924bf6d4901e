"""A register that really commits, and the command line on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from portal.cli import main
from registry.access.models import Role
from registry.engine import make_engine
from tests.factories import make_account, make_division, make_provider
from tests.portal.commands.running import Command


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Command:
    """Runs `portal …` in the demonstration profile; `env` overrides its settings."""
    environment = {
        "PORTAL_HOME": str(tmp_path),
        "PORTAL_DATABASE_URL": database_url,
        "PORTAL_PROFILE": "demo",
        "PORTAL_AS": "",
    }
    return lambda *words, env=None: CliRunner().invoke(main, words, env=environment | (env or {}))


@pytest.fixture
def register(database_url: str) -> Iterator[Session]:
    """Two streets with a site each, and accounts of three cities' offices."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        for code in ("31", "3101", "310101", "310101001", "310101002"):
            make_division(session, code, name=f"{code}街道" if len(code) == 9 else code)
        for code in ("310101001", "310101002"):
            make_provider(session, division_code=code)
        make_account(session, Role.CITY, username="demo-city")
        make_account(session, Role.CITY, username="elsewhere", division_code="36")
        make_account(session, Role.DISTRICT, username="district")
        session.commit()
        yield session
    engine.dispose()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """A file with this text; its path."""

    def written(text: str) -> str:
        path = tmp_path / "变更.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written
