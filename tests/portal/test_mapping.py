"""对应列 on the pages: foreign heads are asked about once, remembered for the organisation, changed and forgotten."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.intake.models import ColumnMapping, IntakeRun, IntakeState
from registry.organisations.models import Site
from registry.policy.loading import load_policy
from registry.workforce.models import Practitioner, Profession
from tests.factories import make_provider
from tests.portal.pages import Page
from tests.portal.polite import Polite
from tests.reports.figures.worlds import lay_out_city
from tests.sealing import identity_number

SignIn = Callable[..., Actor]
HEADS = (
    "员工编号",
    "员工姓名",
    "出生年",
    "站点",
    "职务",
    "用工方式",
    "服务社区康复",
    "入职日期",
    "证件",
    "备注",
)
MEANT = {
    "员工编号": "person_no",
    "员工姓名": "name",
    "出生年": "birth_year",
    "站点": "site_code",
    "职务": "profession",
    "用工方式": "engagement",
    "服务社区康复": "serves_programme",
    "入职日期": "start_on",
    "证件": "identity_number",
    "备注": "",
}
NUMBER = identity_number(1)
SAVE = "保存对应列并预检"


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_city(session)
    load_policy(session)
    site = make_provider(session)
    session.commit()
    return site


def foreign(site: Site, job: str = "护士", heads: tuple[str, ...] = HEADS) -> bytes:
    """A list as another system writes it, in the encoding that it uses."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerow(
        ["示例-901", "示例新", "1990", site.code, job, "专职", "是", "2026-01-05", NUMBER, "电话15400000021"]
    )
    return text.getvalue().encode("gb18030")


def sent(client: FlaskClient, data: bytes, name: str = "名册.csv") -> str:
    """Where the upload leads."""
    token = Polite(client).get("/intake/practitioners").form("上传并预检").find(".//*[@name='csrf_token']")
    assert token is not None
    form = {"csrf_token": token.get("value"), "file": (BytesIO(data), name)}
    answer = client.post("/intake/practitioners", data=form)
    assert answer.status_code == 303
    return answer.headers["Location"]


def said(page: Page) -> dict[str, str]:
    """What is meant, by the labels of the page."""
    return {f"文件中的“{head}”对应": key for head, key in MEANT.items()}


def run_of(session: Session) -> IntakeRun:
    session.expire_all()
    return session.scalars(sa.select(IntakeRun).order_by(IntakeRun.id.desc()).limit(1)).one()


def test_foreign_heads_are_asked_about_with_three_values_and_nothing_sealed(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site
):
    sign_in(Role.PROVIDER, organisation=site.organisation)

    address = sent(client, foreign(site))
    page = polite.get(address)

    assert address.endswith("/columns")
    assert [row[0] for row in page.rows] == list(HEADS)
    assert NUMBER not in page.html
    assert "15400000021" not in page.html
    assert page.rows[1][1] == "示例新"
    assert "名称相近" in page.rows[1][3]


def test_what_is_said_is_read_loaded_and_remembered(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    page = polite.get(sent(client, foreign(site)))

    preview = polite.submit(page, said(page), button=SAVE)

    assert "已记住对应列" in preview.main
    assert run_of(session).errors == 0
    polite.submit(preview, button="导入 1 行")
    person = session.scalars(sa.select(Practitioner).where(Practitioner.person_no == "示例-901")).one()
    assert (person.name, person.birth_year) == ("示例新", 1990)
    again = polite.get(sent(client, foreign(site)))
    assert not again.url.endswith("/columns")
    assert "已按记住的对应列读取" in again.main
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_type == "column_mapping")).all()
    assert [entry.facts["what"] for entry in entries] == ["remembered"]


def test_their_words_are_asked_about_and_remembered_too(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    page = polite.get(sent(client, foreign(site, job="社工")))

    words = polite.submit(page, said(page), button=SAVE)
    assert words.heading == "对应词"
    preview = polite.submit(words, {"“社工”（岗位）": "社会工作者"}, button="保存对应词并预检")

    assert run_of(session).errors == 0, preview.main
    polite.submit(preview, button="导入 1 行")
    person = session.scalars(sa.select(Practitioner).where(Practitioner.person_no == "示例-901")).one()
    assert person.posts[0].profession is Profession.SOCIAL_WORKER
    sent(client, foreign(site, job="社工"))
    assert run_of(session).errors == 0


def test_a_required_column_that_is_left_out_is_named_and_nothing_chosen_is_lost(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    page = polite.get(sent(client, foreign(site)))

    again = polite.submit(page, said(page) | {"文件中的“职务”对应": ""}, button=SAVE, status=200)

    assert "必填的列还没有对应：岗位" in again.main
    chosen = {again.label_of(one): one for one in again.all("select")}
    picked = chosen["文件中的“证件”对应"].find(".//*[@selected]")
    assert picked is not None
    assert picked.get("value") == "identity_number"
    assert session.scalars(sa.select(ColumnMapping)).all() == []


def test_one_column_filled_twice_is_refused_beside_the_second(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    page = polite.get(sent(client, foreign(site)))

    again = polite.submit(page, said(page) | {"文件中的“备注”对应": "name"}, button=SAVE, status=200)

    assert any("已由“员工姓名”对应" in error for error in again.errors)


def test_what_a_colleague_said_meanwhile_is_not_passed_over(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    first = polite.get(sent(client, foreign(site)))
    second = polite.get(sent(client, foreign(site)))
    polite.submit(second, said(second) | {"文件中的“证件”对应": ""}, button=SAVE)

    answer = polite.submit(first, said(first), button=SAVE, status=409)

    assert "同事刚刚改过" in answer.main
    polite.submit(answer, button=SAVE)
    assert session.scalars(sa.select(ColumnMapping.columns)).one()["identity_number"] == "证件"


def test_forgotten_columns_are_asked_about_again(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    page = polite.get(sent(client, foreign(site)))
    polite.submit(page, said(page), button=SAVE)
    page = polite.get(page.url)
    assert "这种表的对应列由" in page.main

    polite.submit(page, button="忘记这种表的对应列")

    assert session.scalars(sa.select(ColumnMapping)).all() == []
    assert run_of(session).state is IntakeState.REFUSED
    assert sent(client, foreign(site)).endswith("/columns")


def test_a_number_that_nobody_maps_is_not_kept(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session, settings: Any
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    page = polite.get(sent(client, foreign(site)))
    kept = settings.uploads / f"{run_of(session).code}.bin"
    assert kept.exists()
    assert NUMBER.encode() not in kept.read_bytes()

    polite.submit(page, said(page) | {"文件中的“证件”对应": ""}, button=SAVE)

    assert run_of(session).state is IntakeState.REFUSED
    assert not kept.exists()


def test_another_organisation_is_asked_for_itself(
    sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site, session: Session
):
    sign_in(Role.PROVIDER, organisation=site.organisation)
    page = polite.get(sent(client, foreign(site)))
    polite.submit(page, said(page), button=SAVE)
    other = make_provider(session)
    session.commit()
    sign_in(Role.PROVIDER, organisation=other.organisation)

    polite.get(page.url, status=404)
    assert sent(client, foreign(other)).endswith("/columns")


def test_a_template_never_sees_the_step(sign_in: SignIn, client: FlaskClient, polite: Polite, site: Site):
    import openpyxl

    sign_in(Role.PROVIDER, organisation=site.organisation)
    book = openpyxl.load_workbook(BytesIO(client.get("/intake/practitioners/template.xlsx").data))
    sheet = book.worksheets[0]
    sheet["A2"] = "示例-902"
    sheet.cell(1, sheet.max_column + 1).value = "我自己的备注"
    data = BytesIO()
    book.save(data)

    address = sent(client, data.getvalue(), "名册.xlsx")

    assert not address.endswith("/columns")
    assert client.get(f"{address}/columns").status_code == 303
