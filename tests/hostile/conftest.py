"""One stage for all the tests of a worker; they keep together (tests/together.py), so that it is raised once a run."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from registry.access import passwords
from registry.access.models import SignIn
from registry.clock import utc_now
from tests.databases import Databases
from tests.demonstration import Demonstration
from tests.hostile.crawling import Finds, distinct, finds_of, look_for_missing
from tests.hostile.forms import FoundForm
from tests.hostile.scene import QUICK_VISITORS, set_scene
from tests.hostile.stage import Stage, cheap_hashing, raised_stage

HASHER = passwords.HASHER


@pytest.fixture(scope="session")
def stage(
    demonstration: Demonstration, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with raised_stage(databases.copy_of(demonstration.url), tmp_path_factory.mktemp("hostile")) as stage:
        set_scene(stage, demonstration)
        passwords.HASHER = HASHER  # the tests of others go on in this worker meanwhile
        yield stage


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with cheap_hashing():
        yield


@pytest.fixture(autouse=True)
def _proved_just_now(stage: Stage) -> None:
    """The tests of a stage may take longer than a proof holds for sensitive acts: each begins with a new one."""
    stage.session.execute(sa.update(SignIn).values(proved_at=utc_now()))
    stage.session.commit()


@pytest.fixture(scope="session")
def everything(stage: Stage) -> list[Finds]:
    """What those visitors find who between them find every form: tests/soak asks whether they still do."""
    everything = [finds_of(stage, stage.visitors[name]) for name in QUICK_VISITORS]
    look_for_missing(stage, everything)
    return everything


@pytest.fixture(scope="session")
def forms(everything: list[Finds]) -> list[FoundForm]:
    """Each form that changes something once, for the visitor who sees least."""
    return distinct(form for finds in everything for form in finds.forms if form.method == "POST")
