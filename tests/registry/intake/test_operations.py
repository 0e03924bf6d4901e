"""A file is loaded whole or not at all, once, and leaves a run and one entry in the trail."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.intake.kinds.sites import SITES
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.operations import KEPT_PROBLEMS, commit, record_preview
from registry.intake.preview import Preview, preview
from registry.intake.queries import earlier_load, problems_of
from registry.intake.tables import RawTable
from registry.organisations.models import Organisation, Site
from tests.factories import make_division, make_organisation, make_site
from tests.registry.intake.tables import NOW, context, table_of

ACTOR = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
TRAIL = Trail(b"key", "r1")
GOOD = {"机构名称": "示例中心甲", "类型": "社区康复点", "所在区划": "310101"}
BAD = {"机构名称": "示例中心乙", "类型": "咖啡馆", "所在区划": "310101"}


@pytest.fixture
def divided(session: Session) -> Session:
    make_division(session, "310101")
    return session


def previewed(session: Session, raw: RawTable) -> tuple[Preview, IntakeRun]:
    found = preview(session, SITES, raw, context())
    return found, record_preview(session, found, actor=ACTOR, at=NOW)


def count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_preview_writes_nothing_but_its_run(divided: Session):
    _found, run = previewed(divided, table_of(GOOD))
    assert (run.state, run.rows, run.create, run.errors) == (IntakeState.PREVIEWED, 1, 1, 0)
    assert (run.actor_code, run.division_code, run.at) == ("a1", "31", NOW)
    assert count(divided, Site) == 0


def test_a_file_with_one_error_is_refused_whole(divided: Session):
    found, run = previewed(divided, table_of(GOOD, BAD))
    assert (run.state, run.errors) == (IntakeState.REFUSED, 1)
    with pytest.raises(InvalidInput, match="没有导入任何一行"):
        commit(divided, found, run=run, actor=ACTOR, at=NOW, trail=TRAIL)
    assert count(divided, Site) == count(divided, Organisation) == 0


def test_a_load_is_marked_committed_and_enters_the_trail_once(divided: Session):
    found, run = previewed(divided, table_of(GOOD))
    commit(divided, found, run=run, actor=ACTOR, at=NOW, trail=TRAIL)
    assert (run.state, run.committed_at) == (IntakeState.COMMITTED, NOW)
    entry = divided.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.subject_code, entry.request_id) == ("intake.run", run.code, "r1")
    assert entry.facts == {"kind": "sites", "sha256": "0" * 64, "create": 1, "update": 0, "left_out": 0}


def test_a_run_is_loaded_once_only(divided: Session):
    found, run = previewed(divided, table_of(GOOD))
    commit(divided, found, run=run, actor=ACTOR, at=NOW, trail=TRAIL)
    with pytest.raises(InvalidInput, match="已经导入过"):
        commit(divided, found, run=run, actor=ACTOR, at=NOW, trail=TRAIL)
    assert count(divided, Site) == 1


def test_another_file_than_the_previewed_one_is_refused(divided: Session):
    _found, run = previewed(divided, table_of(GOOD))
    other = preview(divided, SITES, table_of(GOOD), context())
    run.sha256 = "1" * 64
    with pytest.raises(InvalidInput, match="文件已经换了"):
        commit(divided, other, run=run, actor=ACTOR, at=NOW, trail=TRAIL)


def test_a_load_that_fails_on_its_way_leaves_nothing(divided: Session):
    found, run = previewed(divided, table_of(GOOD | {"来源编号": "甲-1"}))
    # somebody else registers the same site in between: the organisation goes in, the site is refused
    make_site(divided, make_organisation(divided), source="工作簿导入", source_ref="甲-1")
    with pytest.raises(InvalidInput, match="有了变动"), divided.begin_nested():
        commit(divided, found, run=run, actor=ACTOR, at=NOW, trail=TRAIL)
    assert count(divided, Site) == count(divided, Organisation) == 1


def test_a_file_that_was_loaded_before_is_recognised(divided: Session):
    assert earlier_load(divided, ACTOR, kind="sites", sha256="0" * 64) is None
    found, run = previewed(divided, table_of(GOOD))
    assert earlier_load(divided, ACTOR, kind="sites", sha256="0" * 64) is None
    commit(divided, found, run=run, actor=ACTOR, at=NOW, trail=TRAIL)
    assert earlier_load(divided, ACTOR, kind="sites", sha256="0" * 64) is run


def test_the_same_cells_in_other_bytes_are_recognised(divided: Session):
    found, run = previewed(divided, table_of(GOOD))
    commit(divided, found, run=run, actor=ACTOR, at=NOW, trail=TRAIL)
    anew = table_of(GOOD).content
    assert earlier_load(divided, ACTOR, kind="sites", sha256="1" * 64, content=anew) is run
    other = table_of(GOOD | {"地址": "示例路9号"}).content
    assert earlier_load(divided, ACTOR, kind="sites", sha256="1" * 64, content=other) is None
    assert earlier_load(divided, ACTOR, kind="sites", sha256="1" * 64) is None


def test_the_first_problems_are_kept_and_the_rest_is_counted(divided: Session):
    rows = [BAD | {"机构名称": f"示例中心{number}"} for number in range(KEPT_PROBLEMS + 3)]
    found, run = previewed(divided, table_of(*rows))
    assert run.errors == KEPT_PROBLEMS + 3
    assert run.problems_left_out == 3
    assert [str(kept.message) for kept in problems_of(run, with_values=True)] == [
        str(problem.message) for problem in found.problems[:KEPT_PROBLEMS]
    ]
