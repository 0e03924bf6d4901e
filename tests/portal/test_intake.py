"""The journey of a workbook on the pages: refused with every fault named, annotated, corrected, loaded, share moved."""

import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.intake.models import IntakeRun, IntakeState
from registry.organisations.models import Organisation
from registry.workforce.models import Post
from tests.demonstration import Demonstration
from tests.portal.pages import Page
from tests.portal.polite import Polite

FAULTY, RIGHT, BANNED = (f"示例-从业人员-{end}.xlsx" for end in ("含错误", "已改正", "含身份证号"))
SignIn = Callable[..., Actor]


@pytest.fixture
def connection(demo_connection: sa.Connection) -> sa.Connection:
    return demo_connection


@pytest.fixture
def send(client: FlaskClient, demonstration: Demonstration) -> Callable[..., Any]:
    """Sends a sample file, or bytes of the test's own, to the upload page of a kind."""

    def sent(name: str, *, kind: str = "practitioners", data: bytes | None = None) -> Any:
        token = Polite(client).get(f"/intake/{kind}").form("上传并预检").find(".//*[@name='csrf_token']")
        assert token is not None
        content = (demonstration.samples / name).read_bytes() if data is None else data
        form = {"csrf_token": token.get("value"), "file": (BytesIO(content), name), "crs": "wgs84"}
        return client.post(f"/intake/{kind}", data=form)

    return sent


def run_of(session: Session) -> IntakeRun:
    """The newest run."""
    return session.scalars(sa.select(IntakeRun).order_by(IntakeRun.id.desc()).limit(1)).one()


def findings(page: Page) -> list[list[str]]:
    """The rows of the list of findings: the summary by cause has two columns less."""
    return [row for row in page.rows if len(row) == 8]


def test_every_fault_of_a_file_is_listed_with_its_place_and_remedy(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite
) -> None:
    sign_in(Role.CITY)

    page = polite.get(send(FAULTY).headers["Location"])

    assert [row[2:6] for row in findings(page)] == [
        ["4", "G", "岗位*", "心理师"],
        ["6", "B", "姓名*", "--"],
        ["8", "K", "离任日期", "2023-06-30"],
        ["35", "J", "任职日期*", "2026-11-01"],
        ["36", "E", "统一社会信用代码", "523101010000123450"],
        ["37", "D", "站点编号", "zzzzzzzzzz"],
        ["38", "J", "任职日期*", "2026/2/30"],
    ]
    assert all(row[6] and row[7] for row in findings(page))


def test_nothing_of_a_file_with_faults_can_be_loaded(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite, session: Session
) -> None:
    sign_in(Role.CITY)
    posts = session.scalar(sa.select(sa.func.count()).select_from(Post))
    address = send(FAULTY).headers["Location"]

    polite.post(f"{address}/commit", {}, status=400)

    assert session.scalar(sa.select(sa.func.count()).select_from(Post)) == posts
    assert run_of(session).state is IntakeState.REFUSED


def test_the_annotated_copy_has_its_reasons_and_comments_in_the_faulty_rows(
    sign_in: SignIn, send: Callable[..., Any], client: FlaskClient
) -> None:
    sign_in(Role.CITY)
    address = send(FAULTY).headers["Location"]

    answer = client.get(f"{address}/annotated")

    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    reasons = {row: sheet.cell(row, sheet.max_column).value for row in range(2, sheet.max_row + 1)}
    assert [row for row, reason in reasons.items() if reason] == [4, 6, 8, 35, 36, 37, 38]
    assert sheet["J38"].comment is not None
    assert "2026年2月只有28天" in sheet["J38"].comment.text


def test_loading_the_corrected_file_moves_the_share_of_its_institution(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite, session: Session
) -> None:
    sign_in(Role.CITY)
    page = polite.get(send(RIGHT).headers["Location"])

    result = polite.submit(page, button="导入 5 行")

    moved = {row[0]: row[1:3] for row in result.rows}
    assert moved["黄浦暖阳社区康复服务中心（示例）"] == ["29.4% 5/17", "45.0% 9/20"]
    assert "上海市" in moved
    assert "黄浦区" in moved
    assert (
        session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "intake.run"
    )
    assert polite.get(result.links["黄浦暖阳社区康复服务中心（示例）"]).response.status_code == 200


def test_the_same_file_is_recognised_and_is_not_loaded_twice(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite
) -> None:
    sign_in(Role.CITY)
    polite.submit(polite.get(send(RIGHT).headers["Location"]), button="导入 5 行")

    again = polite.get(send(RIGHT).headers["Location"])

    assert "同一个文件已在" in again.main
    assert "无需导入" in again.main


def test_a_double_click_on_load_shows_the_result_and_loads_once(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite, session: Session
) -> None:
    sign_in(Role.CITY)
    address = send(RIGHT).headers["Location"]
    polite.post(f"{address}/commit", {})
    posts = session.scalar(sa.select(sa.func.count()).select_from(Post))

    second = polite.post(f"{address}/commit", {})

    assert second.response.headers["Location"] == address
    assert session.scalar(sa.select(sa.func.count()).select_from(Post)) == posts


def test_a_file_with_an_identity_number_is_neither_kept_nor_repeated(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite, settings: Any, session: Session
) -> None:
    sign_in(Role.CITY)

    page = polite.get(send(BANNED).headers["Location"])

    assert "11010519491231002X" not in page.html
    assert "没有保存" in page.main
    assert not (settings.uploads / f"{run_of(session).code}.bin").exists()
    polite.get(f"{page.url}/annotated", status=400)


def test_a_file_is_forgotten_when_policy_says_so_and_the_page_says_it(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite, settings: Any, session: Session
) -> None:
    sign_in(Role.CITY)
    old = send(RIGHT).headers["Location"]
    run = run_of(session)
    file = settings.uploads / f"{run.code}.bin"
    long_ago = run.at - timedelta(days=31)
    run.at = long_ago
    session.commit()
    os.utime(file, (long_ago.timestamp(), long_ago.timestamp()))

    send(FAULTY)

    assert not file.exists()
    assert (settings.uploads / f"{run_of(session).code}.bin").exists()
    assert "超过保存期限" in polite.get(old).main


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.xlsx", b"", "空"),
        ("名册.txt", b"text", "不能导入"),
        ("名册.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("名册.xlsx", b"<html><table></table></html>", "网页"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    sign_in: SignIn, send: Callable[..., Any], name: str, data: bytes, said: str
) -> None:
    sign_in(Role.CITY)

    answer = send(name, data=data)

    page = Page("/intake/practitioners", answer)
    assert answer.status_code == 200
    assert any(said in error for error in page.errors), page.errors
    assert page.title.startswith("错误：")


def test_a_run_is_not_found_by_another_place(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite
) -> None:
    sign_in(Role.CITY)
    address = send(FAULTY).headers["Location"]

    sign_in(Role.DISTRICT, division_code="310104")

    for path in ("", "/annotated"):
        polite.get(address + path, status=404)


def test_whoever_sees_masked_names_does_not_read_them_in_the_file_of_somebody_else(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite
) -> None:
    sign_in(Role.DISTRICT)
    address = send(FAULTY).headers["Location"]
    own = polite.get(address)
    sign_in(Role.CITY)

    page = polite.get(address)

    assert findings(own)[0][5] == "心理师"
    assert {row[5] for row in findings(page)} == {"--"}
    assert "下载标注后的文件" not in page.links
    polite.get(f"{address}/annotated", status=403)


def test_who_loaded_the_same_file_elsewhere_is_not_told(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite
) -> None:
    sign_in(Role.CITY, name="市里的经办")
    polite.submit(polite.get(send(RIGHT).headers["Location"]), button="导入 5 行")
    sign_in(Role.DISTRICT)

    page = polite.get(send(RIGHT).headers["Location"])

    assert "同一个文件已在" not in page.main
    assert "市里的经办" not in page.html


def test_a_provider_loads_its_own_people_only(
    sign_in: SignIn, send: Callable[..., Any], polite: Polite, session: Session
) -> None:
    other = session.scalars(
        sa.select(Organisation).where(Organisation.uscc.is_not(None)).order_by(Organisation.id)
    ).first()
    sign_in(Role.PROVIDER, organisation=other)

    page = polite.get(send(RIGHT).headers["Location"])

    assert page.rows
    assert all(row[0].endswith("错误") for row in page.rows)
    assert run_of(session).state is IntakeState.REFUSED


def test_roles_that_load_nothing_do_not_see_the_wizard(sign_in: SignIn, polite: Polite) -> None:
    sign_in(Role.STREET)

    polite.get("/intake/", status=403)


def test_the_template_of_each_kind_can_be_downloaded(
    sign_in: SignIn, client: FlaskClient, tmp_path: Path
) -> None:
    sign_in(Role.CITY)

    for kind, sheet in (("practitioners", "从业人员"), ("sites", "机构和站点")):
        book = openpyxl.load_workbook(BytesIO(client.get(f"/intake/{kind}/template.xlsx").data))
        assert book.sheetnames[0] == sheet
    assert client.get("/intake/unknown/template.xlsx").status_code == 404
