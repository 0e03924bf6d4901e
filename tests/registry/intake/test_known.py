"""更新已有、跳过已有: rows that the register has are left out where somebody chose so, and the totals still add up."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.intake.declaration import Known, Outcome
from registry.intake.kinds.dossiers import CHARITIES
from registry.intake.kinds.sites import SITES
from registry.intake.models import IntakeRun
from registry.intake.operations import commit, record_preview
from registry.intake.partial import without_errors
from registry.intake.preview import Preview, preview
from registry.organisations.models import Site
from tests.factories import make_division
from tests.registry.intake.tables import NOW, context, table

ACTOR = Actor(1, "a1", "demo-district", "示例", Role.DISTRICT, "31")
HEADS = ("机构名称", "类型", "所在区划", "地址")


@pytest.fixture
def known(session: Session) -> Session:
    """One site is registered."""
    make_division(session, "310101")
    load(session, judged(session, row("示例甲中心", "示例路1号"), known=Known.UPDATE))
    return session


def row(name: str, address: str, kind: str = "社区康复点") -> tuple[str, ...]:
    return name, kind, "310101", address


def judged(session: Session, *rows: tuple[str, ...], known: Known = Known.SKIP, **facts: Any) -> Preview:
    return preview(session, SITES, table(HEADS, *rows, **facts), context(known=known))


def load(session: Session, found: Preview) -> IntakeRun:
    run = record_preview(session, found, actor=ACTOR, at=NOW)
    part, left_out = without_errors(session, found)
    commit(session, part, run=run, actor=ACTOR, at=NOW, trail=Trail(b"key"), left_out=left_out)
    session.expire_all()
    return run


def outcomes(found: Preview) -> list[str]:
    return [one.outcome.value for one in found.judged]


ROWS = (
    row("示例甲中心", "示例路2号"),
    row("示例乙中心", "示例路3号"),
    row("示例甲中心", "示例路2号"),
    row("示例丙中心", "示例路4号", "咖啡馆"),
)


def test_updates_are_loaded_unless_somebody_chose_otherwise(known: Session):
    found = judged(known, *ROWS[:3], known=Known.UPDATE)
    assert outcomes(found) == ["update", "create", "duplicate"]


def test_known_rows_are_left_out_and_counted(known: Session):
    found = judged(known, *ROWS)
    assert outcomes(found) == ["skip", "create", "skip", "error"]
    assert sum(found.counts.values()) == 4
    run = record_preview(known, found, actor=ACTOR, at=NOW)
    assert (run.skipped, run.unjudged, run.options["known"]) == (2, 0, "skip")


def test_what_is_left_out_is_not_written_and_is_on_record(known: Session):
    run = load(known, judged(known, *ROWS))
    found = known.execute(sa.select(Site.name, Site.address))
    assert {site.name: site.address for site in found} == {
        "示例甲中心": "示例路1号",
        "示例乙中心": "示例路3号",
    }
    assert (run.create, run.update, run.skipped, run.left_out, run.unjudged) == (1, 0, 2, 1, 0)
    entry = known.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.facts["skipped"], entry.facts["left_out"]) == (2, 1)


def test_rows_that_say_nothing_new_stay_the_same(known: Session):
    found = judged(known, row("示例甲中心", "示例路1号"), ROWS[1])
    assert outcomes(found) == ["same", "create"]
    assert found.count(Outcome.SKIP) == 0


def test_a_file_that_was_taken_out_and_a_whole_list_skip_nothing(known: Session):
    with pytest.raises(InvalidInput, match="不能跳过已有"):
        judged(known, ROWS[0], hidden=[("{}", "x")])
    assert CHARITIES.is_whole
    with pytest.raises(InvalidInput, match="不能跳过已有"):
        preview(known, CHARITIES, table(("名称",), ("甲",)), context(known=Known.SKIP))
