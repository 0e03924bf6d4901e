"""A worker undoes a long load: once, for whoever asked in time, and the register is as it was or as it is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.intake import job
from portal.intake.job import check_file, load_file, undo_file
from registry.access.models import Position
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from registry.errors import InvalidInput, RequirementUnmet
from registry.intake.errands import ask_to_undo, cancel, reason_of
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.queries import codes_to_undo
from registry.intake.undoing import forget_journals, undoing_from
from registry.workflow.models import Todo
from registry.workforce.models import Practitioner
from tests.portal.long_files import UNDO_DAYS, World


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, database_url, people=30)
    yield world
    world.close()


@pytest.fixture
def code(world: World) -> str:
    """A file that was loaded."""
    code = world.send("F", is_queued=False)
    check_file(world.settings, world.engine, code, utc_now())
    world.order(code, is_queued=False)
    load_file(world.settings, world.engine, code, utc_now())
    return code


def undone(world: World, code: str) -> None:
    undo_file(world.settings, world.engine, code, utc_now())


def titles(world: World) -> list[str]:
    with Session(world.engine) as session:
        return list(session.scalars(sa.select(Todo.title).order_by(Todo.id)))


def test_a_load_is_undone_once_however_often_it_is_asked_for_and_taken_up(world: World, code: str) -> None:
    assert [world.take_back(code, is_queued=False) for _ in range(2)] == [True, False]
    undone(world, code)
    undone(world, code)

    assert (world.state(code), world.counts()) == (IntakeState.UNDONE, {})
    assert titles(world)[2:] == ["导入已撤销，请查看结果"]
    with Session(world.engine) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
        undoing = undoing_from(world.run(session, code).undone)
    assert [(entry.action, entry.actor_code) for entry in entries] == [
        ("intake.run", world.actor.code),
        ("intake.undo", world.actor.code),
    ]
    assert (undoing.removed["practitioner"], undoing.kept_count) == (30, 0)


def test_what_waits_to_be_undone_is_given_to_a_worker_that_starts(world: World, code: str) -> None:
    world.take_back(code, is_queued=False)

    with Session(world.engine) as session:
        assert codes_to_undo(session) == [code]


def test_what_somebody_changed_since_stays_and_is_named(world: World, code: str) -> None:
    world.take_back(code, is_queued=False)
    with Session(world.engine) as session:
        session.execute(sa.update(Practitioner).where(Practitioner.person_no == "F-3").values(name="示例改"))
        session.execute(sa.update(Practitioner).where(Practitioner.person_no == "F-3").values(version=2))
        session.commit()

    undone(world, code)

    assert world.counts() == {"F": 1}
    with Session(world.engine) as session:
        kept = undoing_from(world.run(session, code).undone).kept
    assert "F-3" in {one.number for one in kept}


def test_whoever_left_his_position_undoes_nothing_any_more(world: World, code: str) -> None:
    world.take_back(code, is_queued=False)
    with Session(world.engine) as session:
        session.execute(sa.update(Position).values(ended_on=today()))
        session.commit()

    undone(world, code)

    assert (world.state(code), world.counts()) == (IntakeState.COMMITTED, {"F": 30})
    assert titles(world)[2:] == ["导入未能撤销，请查看原因"]
    with Session(world.engine) as session:
        assert "已不在原岗位" in str(reason_of(world.run(session, code)))


def test_a_fault_leaves_the_load_as_it_is_and_it_may_be_undone_again(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.take_back(code, is_queued=False)
    with monkeypatch.context() as broken:
        broken.setattr(job, "tell_undone", None)
        with pytest.raises(TypeError):
            undone(world, code)
    assert (world.state(code), world.counts()) == (IntakeState.COMMITTED, {"F": 30})
    with Session(world.engine) as session:
        assert "登记册没有变动" in str(reason_of(world.run(session, code)))

    assert world.take_back(code, is_queued=False)
    undone(world, code)

    assert world.state(code) is IntakeState.UNDONE


def test_what_was_asked_for_in_time_is_undone_however_late_a_worker_comes(world: World, code: str) -> None:
    world.take_back(code, is_queued=False)
    with Session(world.engine) as session:
        long_ago = IntakeRun.__table__.update().values(committed_at=utc_now() - timedelta(days=UNDO_DAYS + 1))
        session.execute(long_ago)
        assert forget_journals(session, at=utc_now()) == 0
        session.commit()

    undone(world, code)

    assert world.state(code) is IntakeState.UNDONE


def test_after_the_days_no_worker_is_asked(world: World, code: str) -> None:
    with Session(world.engine) as session:
        run = world.run(session, code)
        with pytest.raises(InvalidInput, match="超过可以撤销的期限"):
            ask_to_undo(session, run, actor=world.actor, at=utc_now() + timedelta(days=UNDO_DAYS))
    assert world.state(code) is IntakeState.COMMITTED


def test_undoing_is_not_cancelled(world: World, code: str) -> None:
    world.take_back(code, is_queued=False)
    with Session(world.engine) as session, pytest.raises(RequirementUnmet):
        cancel(session, world.run(session, code), actor=world.actor, at=utc_now(), trail=Trail(b"key"))
    assert world.state(code) is IntakeState.UNDOING
