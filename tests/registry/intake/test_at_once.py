"""Two clicks on the load button of one run at the same instant: the file is loaded once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.engine import make_engine
from registry.intake.kinds.sites import SITES
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.operations import commit, hold, record_preview
from registry.intake.preview import preview
from registry.organisations.models import Site
from tests.factories import make_division
from tests.registry.intake.tables import NOW, context, table_of

ACTOR = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
FILE = table_of({"机构名称": "示例中心", "类型": "社区康复点", "所在区划": "310101"})


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """A database of its own: these transactions really commit."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        for code in ("31", "3101", "310101"):
            make_division(session, code)
        record_preview(session, preview(session, SITES, FILE, context()), actor=ACTOR, at=NOW)
        session.commit()
    yield engine
    engine.dispose()


def test_two_clicks_at_once_load_a_file_once(engine: sa.Engine) -> None:
    gate = Barrier(2)

    def click(_: int) -> bool:
        with Session(engine) as session:
            gate.wait()
            run = session.scalars(sa.select(IntakeRun)).one()
            if hold(session, run) is IntakeState.COMMITTED:
                return False
            found = preview(session, SITES, FILE, context())
            commit(session, found, run=run, actor=ACTOR, at=NOW, trail=Trail(b"key"))
            session.commit()
            return True

    with ThreadPoolExecutor(2) as clicks:
        loaded = list(clicks.map(click, range(2)))

    assert sorted(loaded) == [False, True]
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Site)) == 1
