"""The page of a long file: it waits, is checked, loaded, perhaps undone, and can be left or cancelled meanwhile."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import jobs
from portal.intake.files import UploadedFiles
from portal.intake.judging import Upload, judged, kind_of
from portal.intake.progress import Progress, ProgressFile, Stage
from portal.sealing import key_ring
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import utc_now
from registry.intake.errands import finish_checking, take_up
from registry.intake.models import IntakeRun, IntakeState
from registry.messages import message
from registry.policy.models import Parameter
from tests.demonstration import Demonstration
from tests.portal.polite import Polite

RIGHT, BANNED = "示例-从业人员-已改正.xlsx", "示例-从业人员-含身份证号.xlsx"
SignIn = Callable[..., Actor]


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What workers are asked for, in place of the queue."""
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(
        jobs, "ask_for", lambda _settings, errand, *codes: asked.extend((errand.name, code) for code in codes)
    )
    return asked


@pytest.fixture
def send(
    client: FlaskClient, demonstration: Demonstration, session: Session, asked: list[tuple[str, str]]
) -> Callable[..., Any]:
    """Sends a sample; three rows are many."""
    session.execute(sa.update(Parameter).where(Parameter.key == "intake.job_rows").values(value=3))
    session.commit()

    def sent(name: str = RIGHT) -> str:
        token = (
            Polite(client).get("/intake/practitioners").form("上传并预检").find(".//*[@name='csrf_token']")
        )
        assert token is not None
        content = (demonstration.samples / name).read_bytes()
        form = {"csrf_token": token.get("value"), "file": (BytesIO(content), name)}
        answer = client.post("/intake/practitioners", data=form)
        assert answer.status_code == 303
        return str(answer.headers["Location"])

    return sent


def run_of(session: Session) -> IntakeRun:
    return session.scalars(sa.select(IntakeRun).order_by(IntakeRun.id.desc()).limit(1)).one()


def check(session: Session, settings: Settings, actor: Actor) -> IntakeRun:
    """What a worker does with the newest run."""
    run, ring = run_of(session), key_ring(settings)
    data = UploadedFiles(settings.uploads, ring).data(run.code)
    assert data is not None
    found = judged(
        session, kind_of(run.kind), Upload(run.file_name, data), actor=actor, at=utc_now(), seals=ring
    )
    take_up(run, at=utc_now())
    finish_checking(session, run, found, at=utc_now())
    session.commit()
    return run


def test_a_long_file_waits_and_the_page_may_be_left(
    sign_in: SignIn, send: Callable[..., str], polite: Polite, session: Session, asked: list[tuple[str, str]]
) -> None:
    sign_in(Role.CITY)
    page = polite.get(send())
    run = run_of(session)
    assert (run.state, run.rows) == (IntakeState.WAITING, 36)
    assert asked == [("intake-check", run.code)]
    assert "排队等待预检" in page.main
    assert "可离开此页" in page.main
    assert "后台任务没有在运行，文件在排队，不会丢失" in page.main
    assert "排队等待预检" in polite.get("/intake/").main


def test_a_short_file_waits_for_nobody(
    sign_in: SignIn, send: Callable[..., str], session: Session, asked: list[tuple[str, str]]
) -> None:
    sign_in(Role.CITY)
    session.execute(sa.update(Parameter).where(Parameter.key == "intake.job_rows").values(value=36))
    session.commit()
    send()
    assert (run_of(session).state, asked) == (IntakeState.PREVIEWED, [])


def test_a_long_file_that_may_not_be_kept_is_judged_at_once(
    sign_in: SignIn, send: Callable[..., str], session: Session, settings: Settings
) -> None:
    sign_in(Role.CITY)
    session.execute(sa.update(Parameter).where(Parameter.key == "intake.job_rows").values(value=0))
    session.commit()
    send(BANNED)
    assert run_of(session).state is IntakeState.REFUSED
    assert not (settings.uploads / f"{run_of(session).code}.bin").exists()


def test_a_checked_file_is_looked_at_and_then_loaded_by_a_worker(
    sign_in: SignIn,
    send: Callable[..., str],
    polite: Polite,
    session: Session,
    settings: Settings,
    asked: list[tuple[str, str]],
) -> None:
    actor = sign_in(Role.CITY)
    address = send()
    check(session, settings, actor)
    page = polite.get(address)
    assert "待导入" in page.main
    polite.submit(page, button="导入 5 行")
    polite.post(f"{address}/commit", {})
    run = run_of(session)
    assert run.state is IntakeState.LOADING
    assert asked[1:] == [("intake-load", run.code)]
    assert "排队等待导入" in polite.get(address).main


@pytest.fixture
def loaded(
    sign_in: SignIn, send: Callable[..., str], polite: Polite, session: Session, asked: list[tuple[str, str]]
) -> str:
    """The address of a load that is too long to be undone at once."""
    actor = sign_in(Role.CITY)
    limit = sa.update(Parameter).where(Parameter.key == "intake.job_rows")
    session.execute(limit.values(value=36))
    address = send()
    polite.submit(polite.get(address), button="导入 5 行")
    session.execute(limit.values(value=3))
    session.commit()
    assert (run_of(session).state, run_of(session).actor_code) == (IntakeState.COMMITTED, actor.code)
    return address


def test_a_long_load_waits_to_be_undone_and_the_page_may_be_left(
    loaded: str, polite: Polite, session: Session, asked: list[tuple[str, str]]
) -> None:
    page = polite.submit(polite.get(f"{loaded}/undo"), button="撤销本次导入")
    polite.post(f"{loaded}/undo", {})

    run = run_of(session)
    assert run.state is IntakeState.UNDOING
    assert asked == [("intake-undo", run.code)]
    assert "排队等待撤销" in page.main
    assert "可离开此页，撤销完成后" in page.main
    assert "取消，不导入这个文件" not in page.main
    assert polite.get(f"{loaded}/undo", status=303).response.headers["Location"] == loaded


def test_a_load_that_could_not_be_undone_says_why_and_may_be_undone_again(
    loaded: str, polite: Polite, session: Session
) -> None:
    from portal.intake.job import NOT_UNDONE
    from registry.intake.errands import fail

    polite.submit(polite.get(f"{loaded}/undo"), button="撤销本次导入")
    fail(session, run_of(session), message(NOT_UNDONE), at=utc_now())
    session.commit()

    page = polite.get(loaded)
    assert "登记册没有变动" in page.main
    assert page.links["撤销本次导入…"] == f"{loaded}/undo"


def test_whoever_sent_a_long_file_is_told_in_his_inbox(
    sign_in: SignIn, send: Callable[..., str], polite: Polite, session: Session, settings: Settings
) -> None:
    actor = sign_in(Role.CITY)
    address = send()
    check(session, settings, actor)
    inbox = polite.get("/inbox")
    assert "文件已预检，请查看结果并导入" in inbox.main
    assert address in inbox.links.values()


def test_a_file_is_cancelled_and_its_bytes_are_gone(
    sign_in: SignIn, send: Callable[..., str], polite: Polite, session: Session, settings: Settings
) -> None:
    sign_in(Role.CITY)
    address = send()
    file = settings.uploads / f"{run_of(session).code}.bin"
    assert file.exists()
    page = polite.submit(polite.get(address), button="取消，不导入这个文件")
    assert "已取消，没有导入任何一行" in page.main
    assert not file.exists()
    assert run_of(session).state is IntakeState.CANCELLED
    polite.post(f"{address}/cancel", {})


def test_a_load_that_has_begun_is_not_cancelled(
    sign_in: SignIn, send: Callable[..., str], polite: Polite, session: Session
) -> None:
    sign_in(Role.CITY)
    address = send()
    run = run_of(session)
    run.state, run.begun_at = IntakeState.LOADING, utc_now()
    session.commit()
    assert "取消，不导入这个文件" not in polite.get(address).html
    answer = polite.post(f"{address}/cancel", {}, status=409)
    assert "已经开始导入" in answer.main
    assert run_of(session).state is IntakeState.LOADING


@pytest.mark.parametrize(
    ("state", "progress", "said"),
    [
        (IntakeState.CHECKING, None, "读取文件，共 36 行"),
        (IntakeState.CHECKING, Progress(Stage.JUDGING, 36, 9, 5.0), "已核对 9 行，共 36 行"),
        (IntakeState.CHECKING, Progress(Stage.JUDGING, 36, 9, 5.0), "约还需 15 秒"),
        (IntakeState.LOADING, Progress(Stage.JUDGING, 36, 9, 5.0), "约还需 35 秒"),
        (IntakeState.LOADING, Progress(Stage.WRITING, 36, 90, 5.0, 12.0), "已写入 90 条记录"),
        (IntakeState.LOADING, Progress(Stage.WRITING, 36, 90, 5.0, 12.0), "约还需 7 秒"),
        (IntakeState.UNDOING, Progress(Stage.UNDOING, 36, 0, 0.0), "核对导入后的变动"),
        (IntakeState.UNDOING, Progress(Stage.UNDOING, 144, 36, 5.0), "已处理 36 条记录，共 144 条"),
        (IntakeState.UNDOING, Progress(Stage.UNDOING, 144, 36, 5.0), "约还需 15 秒"),
    ],
)
def test_the_page_says_how_far_a_worker_is(
    sign_in: SignIn,
    send: Callable[..., str],
    polite: Polite,
    session: Session,
    settings: Settings,
    state: IntakeState,
    progress: Progress | None,
    said: str,
) -> None:
    sign_in(Role.CITY)
    address = send()
    run = run_of(session)
    run.state, run.begun_at = state, utc_now() - timedelta(seconds=20)
    run.committed_at = utc_now() if state is IntakeState.UNDOING else None
    session.commit()
    if progress is not None:
        ProgressFile(settings.home, run.code).write(progress)
    assert said in " ".join(polite.get(address).main.split())


def test_a_script_that_waits_is_told_to_look_anew_once_there_is_a_result(
    sign_in: SignIn, send: Callable[..., str], client: FlaskClient, session: Session, settings: Settings
) -> None:
    actor = sign_in(Role.CITY)
    address = send()
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert waiting.text.lstrip().startswith('<div id="progress"')
    assert "HX-Refresh" not in waiting.headers
    check(session, settings, actor)
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_file_that_failed_says_why_and_where_to_go_on(
    sign_in: SignIn, send: Callable[..., str], polite: Polite, session: Session
) -> None:
    from portal.intake.job import NO_LONGER_HELD
    from registry.intake.errands import fail

    sign_in(Role.CITY)
    address = send()
    fail(session, run_of(session), message(NO_LONGER_HELD), at=utc_now())
    session.commit()
    page = polite.get(address)
    assert "已不在原岗位" in page.main
    assert page.links["重新上传"] == "/intake/practitioners"


def test_where_the_queue_cannot_be_reached_the_file_waits_for_the_next_worker(
    sign_in: SignIn, send: Callable[..., str], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise jobs.JobStoreFailed("away")

    sign_in(Role.CITY)
    monkeypatch.setattr(jobs, "ask_for", fail)
    send()
    assert run_of(session).state is IntakeState.WAITING


@pytest.fixture(autouse=True)
def uploads(settings: Settings) -> Any:
    """Nothing is left in the folder that the tests of a run share."""
    yield
    shutil.rmtree(settings.uploads, ignore_errors=True)
