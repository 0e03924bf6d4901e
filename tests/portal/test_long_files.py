"""A worker checks and loads long files: each once, for whoever asked, as long as he may."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.intake.job import check_file, load_file
from portal.intake.progress import Progress, ProgressFile, Reporter, Stage
from registry.access.models import Delegation, Extent, Position, Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import today, utc_now
from registry.errors import RequirementUnmet
from registry.intake.errands import asker_of, cancel, reason_of
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.queries import codes_to_check, codes_to_load
from registry.workflow.models import Todo
from registry.workforce.models import Practitioner
from tests.factories import make_account
from tests.portal.long_files import World

BAD_ROW = "F-x,示例坏,1990,zzzzzzzzzz,社会工作者,专职,是,2024-03-01"


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, database_url, people=30)
    yield world
    world.close()


def checked(world: World, code: str) -> None:
    check_file(world.settings, world.engine, code, utc_now())


def loaded(world: World, code: str) -> None:
    load_file(world.settings, world.engine, code, utc_now())


def told(world: World) -> list[tuple[str, Role, str]]:
    with Session(world.engine) as session:
        rows = session.execute(sa.select(Todo.title, Todo.role, Todo.division_code).order_by(Todo.id))
        return [tuple(row) for row in rows]


def reason(world: World, code: str) -> str:
    with Session(world.engine) as session:
        return str(reason_of(world.run(session, code)))


def test_a_file_that_waits_is_checked_and_its_sender_told(world: World) -> None:
    code = world.send("F", is_queued=False)
    checked(world, code)
    with Session(world.engine) as session:
        run = world.run(session, code)
        assert (run.state, run.rows, run.create, run.errors) == (IntakeState.PREVIEWED, 30, 30, 0)
    assert told(world) == [("文件已预检，请查看结果并导入", Role.DISTRICT, "310101")]
    assert world.counts() == {}


def test_a_file_with_an_error_is_refused_and_its_sender_told(world: World) -> None:
    code = world.send("F", last=BAD_ROW, is_queued=False)
    checked(world, code)
    assert world.state(code) is IntakeState.REFUSED
    assert told(world)[0][0] == "文件已预检，有错误，请改好后重新上传"


def test_a_file_that_is_taken_up_twice_is_checked_and_loaded_once(world: World) -> None:
    code = world.send("F", is_queued=False)
    checked(world, code)
    checked(world, code)
    world.order(code, is_queued=False)
    loaded(world, code)
    loaded(world, code)
    checked(world, code)
    assert world.state(code) is IntakeState.COMMITTED
    assert world.counts() == {"F": 30}
    assert [title for title, _role, _place in told(world)] == ["文件已预检，请查看结果并导入", "文件已导入"]
    with Session(world.engine) as session:
        entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.actor_code, entry.facts["create"]) == ("intake.run", world.actor.code, 30)


def test_what_is_in_hand_is_given_to_a_worker_that_starts(world: World) -> None:
    first, second = world.send("F", is_queued=False), world.send("G", is_queued=False)
    checked(world, first)
    world.order(first, is_queued=False)
    with Session(world.engine) as session:
        assert (codes_to_check(session), codes_to_load(session)) == ([second], [first])


def test_a_file_that_was_cancelled_is_neither_checked_nor_loaded(world: World) -> None:
    waiting, ordered = world.send("F", is_queued=False), world.send("G", is_queued=False)
    checked(world, ordered)
    world.order(ordered, is_queued=False)
    for code in (waiting, ordered):
        cancelled(world, code)
    checked(world, waiting)
    loaded(world, ordered)
    assert [world.state(code) for code in (waiting, ordered)] == [IntakeState.CANCELLED] * 2
    assert world.counts() == {}


def cancelled(world: World, code: str) -> None:
    with Session(world.engine) as session:
        run = world.run(session, code)
        cancel(session, run, actor=world.actor, at=utc_now(), trail=Trail(b"key"))
        session.commit()


def test_a_file_that_is_cancelled_while_it_is_judged_stays_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = world.send("F", is_queued=False)
    from portal.intake import job

    judge = job.judged_table

    def judged_and_cancelled(*given: object, **more: object) -> object:
        result = judge(*given, **more)  # type: ignore[arg-type]  # passed on as it comes
        cancelled(world, code)
        return result

    monkeypatch.setattr(job, "judged_table", judged_and_cancelled)
    checked(world, code)
    assert world.state(code) is IntakeState.CANCELLED
    assert told(world) == []


def test_a_load_that_has_begun_or_is_over_is_not_cancelled(world: World) -> None:
    code = world.send("F", is_queued=False)
    checked(world, code)
    world.order(code, is_queued=False)
    with Session(world.engine) as session:
        session.execute(sa.update(IntakeRun).values(begun_at=utc_now()))
        session.commit()
    with pytest.raises(RequirementUnmet, match="已经开始导入"):
        cancelled(world, code)
    loaded(world, code)
    with pytest.raises(RequirementUnmet, match="已经开始导入"):
        cancelled(world, code)


def test_whoever_left_his_position_loads_nothing_any_more(world: World) -> None:
    code = world.send("F", is_queued=False)
    checked(world, code)
    world.order(code, is_queued=False)
    with Session(world.engine) as session:
        session.execute(sa.update(Position).values(ended_on=today()))
        session.commit()
    loaded(world, code)
    assert world.state(code) is IntakeState.FAILED
    assert "已不在原岗位" in reason(world, code)
    assert world.counts() == {}


def test_whoever_stands_in_asks_in_both_names(world: World) -> None:
    with Session(world.engine) as session:
        holder = session.scalars(sa.select(Position)).one()
        colleague = make_account(session, Role.DISTRICT)
        given = Delegation(
            position=holder, delegate=colleague, extent=Extent.WORK, from_on=today(), until_on=today(),
            reason="培训", given_at=utc_now(),
        )  # fmt: skip
        session.add(given)
        session.commit()
        code = world.send("F", is_queued=False)
        run = world.run(session, code)
        run.asked_by_code = colleague.code
        asker = asker_of(session, run, today())
        assert asker is not None
        assert (asker.code, asker.principal and asker.principal.code) == (colleague.code, holder.account.code)
        given.ended_at = utc_now()
        assert asker_of(session, run, today()) is None


def test_a_register_that_changed_since_the_check_takes_nothing(world: World) -> None:
    code = world.send("F", is_queued=False)
    checked(world, code)
    world.order(code, is_queued=False)
    with Session(world.engine) as session:
        for number in range(2):
            session.add(
                Practitioner(
                    person_no=f"F-{number}", name="别人", birth_year=1970, source="测试", updated_at=utc_now()
                )
            )
        session.commit()
    loaded(world, code)
    assert world.state(code) in (IntakeState.COMMITTED, IntakeState.FAILED)
    assert world.counts() in ({"F": 30}, {})


def test_a_file_that_is_gone_says_so(world: World) -> None:
    code = world.send("F", is_queued=False)
    (world.settings.uploads / f"{code}.bin").unlink()
    checked(world, code)
    assert world.state(code) is IntakeState.FAILED
    assert "没有保存，或已清理" in reason(world, code)
    assert told(world)[0][0] == "文件未能导入，请查看原因"


def test_a_fault_of_ours_is_told_and_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError("a fault of ours")

    code = world.send("F", is_queued=False)
    checked(world, code)
    world.order(code, is_queued=False)
    monkeypatch.setattr("portal.intake.judging.effects_between", fail)
    with pytest.raises(RuntimeError):
        loaded(world, code)
    assert world.state(code) is IntakeState.FAILED
    assert "故障已记入运行日志" in reason(world, code)
    assert world.counts() == {}


def test_a_database_that_is_busy_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.intake import job

    code, load, tries = world.send("F", is_queued=False), job.load, []

    def busy_once(*given: object, **more: object) -> None:
        load(*given, **more)  # type: ignore[arg-type]  # passed on as it comes
        if not tries:
            tries.append(1)
            raise sa.exc.OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(job, "load", busy_once)
    monkeypatch.setattr(job, "PAUSES", (0, 0))
    checked(world, code)
    world.order(code, is_queued=False)
    loaded(world, code)
    assert world.state(code) is IntakeState.COMMITTED
    assert world.counts() == {"F": 30}


def test_the_news_of_a_worker_are_read_and_removed(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path, "abcd")
    assert file.read() is None
    reporter = Reporter(file, 1000)
    reporter.begin(Stage.JUDGING)
    assert file.read() == Progress(Stage.JUDGING, 1000, 0, file.read().seconds, 0.0)  # type: ignore[union-attr]
    (tmp_path / "progress" / "abcd.json").write_text("{half")
    assert file.read() is None
    file.remove()
    assert list((tmp_path / "progress").iterdir()) == []


@pytest.mark.parametrize(
    ("stage", "done", "seconds", "left"),
    [
        (Stage.READING, 0, 3.0, None),
        (Stage.JUDGING, 0, 3.0, None),
        (Stage.JUDGING, 250, 5.0, 15),
        (Stage.JUDGING, 1000, 20.0, 0),
        (Stage.WRITING, 500, 5.0, None),
    ],
)
def test_the_time_left_follows_from_the_speed_so_far(
    stage: Stage, done: int, seconds: float, left: int | None
) -> None:
    assert Progress(stage, 1000, done, seconds).seconds_left == left
