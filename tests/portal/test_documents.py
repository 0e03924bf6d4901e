"""Briefings by button: the file, its record and its check code, for each role; and what is refused."""

import errno
import hashlib
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from portal import jobs
from portal.documents import making, routes
from portal.documents.files import IssuedFiles
from portal.settings import Settings
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.documents.codes import grouped
from registry.documents.models import DocumentState, IssuedDocument
from registry.organisations.models import Site
from reports.documents import fonts
from tests.factories import make_provider, make_staff
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, XUHUI, lay_out_city

SignIn = Callable[..., Any]
DAY = "2026-11-20"
ASKED = {"figure": "qualified-share", "division": HUANGPU, "on": DAY}


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def centre(session: Session) -> Site:
    """14 of 50 in 南京东路街道."""
    site = make_provider(session, name="示例康复服务中心")
    make_staff(session, site, qualified=14, other=36)
    return site


@pytest.fixture
def home(settings: Settings) -> Path:
    """The folder of issued files."""
    return settings.home / "documents"


def press(client: FlaskClient, **asked: str) -> Any:
    """The button of the figure's page."""
    token = client.get("/").text.partition('name="csrf_token" value="')[2]
    values = {"csrf_token": token.partition('"')[0], "format": "docx", **ASKED, **asked}
    return client.post("/documents/briefing", data=values)


def issued(session: Session) -> IssuedDocument:
    return session.scalars(sa.select(IssuedDocument)).one()


def test_one_click_on_the_figure_gives_a_word_page(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)
    page = polite.get("/figures/qualified-share")
    assert page.form("工作简报 Word") is not None

    answer = press(polite.client)

    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    text = [paragraph.text for paragraph in docx.Document(BytesIO(answer.data)).paragraphs]
    assert any("计入从业人员50人，其中具有相关专业学历的人员14人，占28.0%" in line for line in text)
    assert any(grouped(issued(session).code) in line for line in text)


def test_the_pdf_says_the_same_and_leads_to_its_check_page(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)

    answer = press(client, format="pdf")

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).replace("\n", "")
    assert "占28.0%" in text
    assert grouped(issued(session).code) in text


def test_the_record_holds_what_was_printed_and_the_trail_its_digest(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site, home: Path
) -> None:
    actor = sign_in(Role.DISTRICT)

    answer = press(client)

    document = issued(session)
    assert (document.numerator, document.denominator, document.percent) == (14, 50, "28.0%")
    assert [(part.name, part.numerator, part.denominator) for part in document.printed_parts] == [
        ("南京东路街道", 14, 50),
        ("外滩街道", 0, 0),
        ("半淞园路街道", 0, 0),
    ]
    assert document.sha256 == hashlib.sha256(answer.data).hexdigest()
    assert (home / document.file_name).stat().st_mode & 0o777 == 0o600
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "document.issue")).one()
    assert (entry.actor_code, entry.facts["sha256"]) == (actor.code, document.sha256)


def test_it_is_fetched_again_byte_by_byte_and_that_is_in_the_trail(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)
    first = press(polite.client)
    page = polite.get("/documents/")
    assert [row[1:7] for row in page.rows if row[0].startswith("工作简报")] == [
        ["相关专业学历从业人员占比", DAY, "Word", "28.0%", grouped(issued(session).code), "✓已出具"]
    ]

    again = polite.client.get(page.links["Word"])

    assert again.data == first.data
    assert again.headers["Content-Disposition"] == first.headers["Content-Disposition"]
    assert session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "document.see")).one()


def test_two_figures_of_one_day_are_told_apart_by_the_names_of_their_files(
    client: FlaskClient, sign_in: SignIn, centre: Site
) -> None:
    sign_in(Role.DISTRICT)

    answers = [press(client, figure=figure) for figure in ("qualified-share", "certified-share")]

    names = [unquote(answer.headers["Content-Disposition"].partition("UTF-8''")[2]) for answer in answers]
    assert names == [
        f"工作简报-黄浦区-{title}-{DAY}.docx" for title in ("相关专业学历从业人员占比", "社工持证率")
    ]


def test_after_thirty_days_the_file_is_gone_and_the_record_stays(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site, settings: Settings
) -> None:
    sign_in(Role.DISTRICT)
    press(polite.client)
    document = issued(session)
    url = f"/documents/{document.code}"

    assert IssuedFiles(settings.home).clear(datetime.now(UTC) + timedelta(days=1)) >= 1

    assert "已过30天保留期" in polite.get(url).main
    assert "30天保留期" in polite.get(f"{url}/file", 404).main
    assert "28.0%" in polite.get(f"/check/{document.code}").main


def test_after_thirty_days_a_file_that_nobody_has_cleared_is_not_handed_out(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site, home: Path
) -> None:
    sign_in(Role.DISTRICT)
    press(polite.client)
    document = issued(session)
    document.asked_at -= timedelta(days=31)
    session.commit()

    assert (home / document.file_name).is_file()
    assert "30天保留期" in polite.get(f"/documents/{document.code}/file", 404).main


def test_a_file_that_is_not_made_yet_is_said_to_be_in_hand(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(Role.DISTRICT)
    monkeypatch.setattr("portal.documents.routes.LONGEST_AT_ONCE", 0)
    press(polite.client)

    assert "还没有出具" in polite.get(f"/documents/{issued(session).code}/file", 404).main


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"on": "2010-01-01"}, 400, "登记数据自2023-01-01起"),
        ({"on": "2099-01-01"}, 400, "在今天之后"),
        ({"on": "2026-02-30"}, 400, "无法识别或不存在"),
        ({"figure": "no-such"}, 404, "没有指标"),
        ({"format": "odt"}, 400, "可选：pdf、docx"),
        ({"annex": "everything"}, 400, "可选：none"),
        ({"rule": "nobody"}, 400, "没有口径"),
        ({"division": "999999"}, 404, "没有区划代码"),
        ({"division": XUHUI}, 404, "权限"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_leaves_nothing(
    client: FlaskClient, sign_in: SignIn, session: Session, home: Path, asked: dict, status: int, words: str
) -> None:
    sign_in(Role.DISTRICT)
    before = files_in(home)

    answer = press(client, **asked)

    assert (answer.status_code, words in answer.text) == (status, True)
    assert session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 0
    assert files_in(home) == before


def test_a_provider_issues_no_briefing(client: FlaskClient, sign_in: SignIn, centre: Site) -> None:
    sign_in(Role.PROVIDER, organisation=centre.organisation)

    assert press(client).status_code == 403


def test_a_station_gets_no_paper_with_people_of_other_institutions(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.STATION, division_code="310101002")
    page = polite.get("/figures/qualified-share")
    options = [item.get("value") for item in page.form("工作简报 Word").iter() if item.tag.endswith("option")]

    answer = press(polite.client, division="310101002", annex="people")

    assert options == ["none", "institutions"]
    assert answer.status_code == 403
    assert session.scalars(sa.select(IssuedDocument)).all() == []


def test_a_paper_with_people_is_fetched_by_nobody_who_could_not_have_had_it(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.STREET, division_code="310101002")
    assert press(client, division="310101002", annex="people").status_code == 200
    url = f"/documents/{issued(session).code}/file"
    assert client.get(url).status_code == 200

    sign_in(Role.STATION, division_code="310101002")

    assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "不可写"), (errno.ENOENT, "没有文件夹")]
)
def test_a_disk_that_does_not_take_the_file_is_said_and_nothing_is_half_written(
    client: FlaskClient,
    sign_in: SignIn,
    session: Session,
    home: Path,
    centre: Site,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    words: str,
) -> None:
    sign_in(Role.DISTRICT)
    before = files_in(home)

    def refuse(_file: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr("os.fsync", refuse)

    answer = press(client)

    assert (answer.status_code, words in answer.text) == (503, True)
    assert files_in(home) == before
    assert session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 0


def test_a_record_that_cannot_be_kept_takes_its_file_along(
    client: FlaskClient,
    sign_in: SignIn,
    home: Path,
    centre: Site,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in(Role.DISTRICT)
    before = files_in(home)

    def fail(*_arguments: object, **_options: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("the database went away"))

    monkeypatch.setattr("portal.documents.issuing.issue_document", fail)

    with pytest.raises(sa.exc.OperationalError):
        press(client)

    assert files_in(home) == before


def test_missing_fonts_are_said_with_the_package(
    client: FlaskClient, sign_in: SignIn, centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(Role.DISTRICT)
    monkeypatch.setattr(fonts, "is_installed", lambda family: False)

    answer = press(client, format="pdf")

    assert answer.status_code == 503
    assert "安装软件包fonts-noto-cjk，重新启动系统服务后再试" in answer.text


def test_another_district_finds_no_document(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)
    press(polite.client)
    code = issued(session).code
    sign_in(Role.DISTRICT, division_code=XUHUI)

    polite.get(f"/documents/{code}", 404)
    polite.get(f"/documents/{code}/file", 404)


def test_a_long_document_is_given_to_a_worker_and_its_page_says_that_none_runs(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(Role.DISTRICT)
    asked_for: list[str] = []
    monkeypatch.setattr(routes, "LONGEST_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "ask_for", lambda _settings, _errand, code: asked_for.append(code))

    answer = press(polite.client, annex="people")

    document = issued(session)
    assert (answer.status_code, asked_for) == (303, [document.code])
    page = polite.get(answer.headers["Location"])
    assert "排队中" in page.main
    assert "可离开此页" in page.main
    assert "后台任务没有在运行" in page.main
    part = polite.client.get(page.url, headers={"HX-Request": "true"}).text
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part


def test_a_queue_that_cannot_be_reached_loses_no_document(
    client: FlaskClient, sign_in: SignIn, session: Session, centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(Role.DISTRICT)

    def refuse(*_arguments: object) -> None:
        raise jobs.JobStoreFailed("no store")

    monkeypatch.setattr(routes, "LONGEST_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "ask_for", refuse)

    assert press(client).status_code == 303
    assert issued(session).state is DocumentState.WAITING


def test_the_length_of_a_document_is_known_before_its_list_is_read(session: Session, centre: Site) -> None:
    from registry.documents.models import Annex
    from tests.reports.documents.papers import briefing_on

    briefing = briefing_on(session, HUANGPU, on=date(2026, 11, 20))

    pages = {annex: making.expected_pages(briefing, annex) for annex in Annex}

    # 50 people and one institution at 15 lines to a page: 3 pages more.
    assert pages == {Annex.NONE: 5, Annex.INSTITUTIONS: 5, Annex.PEOPLE: 8}


def test_the_home_page_has_the_button_of_the_own_place(
    polite: Polite, sign_in: SignIn, centre: Site, app: Flask
) -> None:
    sign_in(Role.DISTRICT)

    form = polite.get("/").form("工作简报 PDF")

    values = {field.get("name"): field.get("value") for field in form.iter() if field.get("name")}
    assert (values["division"], values["figure"]) == (HUANGPU, "qualified-share")


def files_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} if folder.is_dir() else set()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    from registry.errors import CannotIssue

    blocked = Path(tempfile.mkdtemp(dir=tmp_path)) / "home"
    blocked.write_text("a file where a folder should be")

    with pytest.raises(CannotIssue, match="home/documents"):
        IssuedFiles(blocked).keep("a.pdf", b"bytes")
