"""The lists of institutions, sites and practitioners: page, count and file agree; names are masked."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.organisations.models import OrganisationKind
from registry.workforce.models import Profession
from tests.factories import (
    NANJING_EAST_ROAD,
    make_certificate,
    make_division,
    make_education,
    make_export_caps,
    make_major,
    make_organisation,
    make_post,
    make_practitioner,
    make_provider,
    make_site,
    make_staff,
    make_target,
)
from tests.portal.pages import Page
from tests.portal.people_files import taken
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]
PUDONG_STREET = "310115004"
LISTS = ("/providers", "/sites", "/workforce")


@pytest.fixture
def shanghai(session: Session) -> None:
    """The divisions that the lists name."""
    make_division(session, "31", name="上海市")
    make_division(session, "3101", name="市辖区", kind="pseudo")
    make_division(session, "310101", name="黄浦区")
    make_division(session, "310115", name="浦东新区")
    make_division(session, NANJING_EAST_ROAD, name="南京东路街道")
    make_division(session, PUDONG_STREET, name="潍坊新村街道")
    make_export_caps(session)


def rows_of(page: Page) -> dict[str, list[str]]:
    """The rows of the table by what stands in their first cell, without the mark of made-up data."""
    return {row[0]: row[1:] for row in page.rows if row}


def csv_rows(client: FlaskClient, url: str) -> list[dict[str, str]]:
    return rows_in(client.get(url))


def people_of(client: FlaskClient, url: str) -> list[dict[str, str]]:
    return rows_in(taken(client, url))


def rows_in(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


@pytest.mark.usefixtures("shanghai")
def test_a_district_opens_the_list_cut_to_itself(polite: Polite, session: Session, sign_in: SignIn) -> None:
    make_provider(session, name="示例黄浦中心")
    make_provider(session, name="示例浦东中心", division_code=PUDONG_STREET)
    sign_in(Role.DISTRICT)

    page = polite.get("/providers")

    assert "共 1 家机构（黄浦区，含下级）" in page.text
    assert "示例黄浦中心" in page.text
    assert "示例浦东中心" not in page.text


@pytest.mark.usefixtures("shanghai")
def test_every_business_role_may_read_the_institutions_of_other_places(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    make_provider(session, name="示例浦东中心", division_code=PUDONG_STREET)
    for role in (Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.STREET, Role.STATION, Role.PROVIDER):
        sign_in(role)

        assert "示例浦东中心" in polite.get("/providers?division=310115").text
        assert "示例浦东中心" in polite.get("/sites?division=310115").text


@pytest.mark.usefixtures("shanghai")
def test_an_institution_is_shown_with_its_share_and_its_verdict(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    make_major(session)
    make_target(session)
    make_staff(session, make_provider(session, name="示例达标中心"), qualified=3, other=7)
    make_staff(session, make_provider(session, name="示例差一点中心"), qualified=29, other=71)
    make_provider(session, name="示例无人中心")
    make_organisation(session, name="示例未入库单位", uscc=None)
    sign_in(Role.DISTRICT)

    page = polite.get("/providers")

    assert rows_of(page)["示例达标中心"][-3:] == ["10", "30.0%", "✓达标"]
    assert rows_of(page)["示例差一点中心"][-3:] == ["100", "29.0%", "✗未达标"]
    assert rows_of(page)["示例无人中心"][-3:] == ["0", "--", "—不适用（无人员）"]
    assert rows_of(page)["示例未入库单位"][-3:] == ["--", "--", "--"]


@pytest.mark.usefixtures("shanghai")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_exactly_the_filtered_rows_of_all_pages(
    client: FlaskClient, polite: Polite, session: Session, sign_in: SignIn, kind: str
) -> None:
    for number in range(53):
        make_organisation(session, name=f"示例医院{number:03d}", kind=OrganisationKind.HOSPITAL)
    make_provider(session, name="示例社会服务机构")
    sign_in(Role.DISTRICT)

    page = polite.get("/providers?kind=hospital&sort=-name")
    shown = [*rows_of(page), *rows_of(polite.follow(page, "下一页 ›"))]
    content = client.get(page.links[kind]).get_data()

    assert shown == [f"示例医院{number:03d}" for number in reversed(range(53))]
    assert names_in(content, kind) == shown


def names_in(content: bytes, kind: str) -> list[str]:
    if kind == "csv":
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        table = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    column = table[0].index("机构名称")
    return [row[column] for row in table[1:]]


def test_an_export_leaves_an_entry_that_names_the_list_its_filters_and_its_rows(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    make_provider(session)
    actor = sign_in(Role.DISTRICT)

    client.get("/providers/export?format=csv&standing=listed")

    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_code, entry.subject_code) == (
        "directory.export",
        actor.code,
        "organisations",
    )
    assert entry.facts["rows"] == 1
    assert entry.facts["filters"] == {"division": "310101", "standing": "listed"}


def test_a_text_that_looks_like_a_formula_stays_text_in_the_file(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    make_organisation(session, name="=HYPERLINK(1)")
    sign_in(Role.DISTRICT)

    (row,) = csv_rows(client, "/providers/export?format=csv")

    assert not row["机构名称"].startswith("=")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "sort=name;drop table organisation",
        "sort=-",
        "page=0",
        "page=x",
        "division=31' or 1=1",
        "origin=EXAMPLE",
        "on=2026-02-30",
        "on=tomorrow",
        "q=" + "x" * 101,
    ],
)
def test_a_value_that_a_list_does_not_know_is_a_clear_400(
    polite: Polite, sign_in: SignIn, path: str, query: str
) -> None:
    sign_in(Role.CITY)

    page = polite.get(f"{path}?{query}", status=400)

    assert query.partition("=")[0] in page.text or "日期" in page.text


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query", ["on=9999-12-31&post-ends=30&certificate-ends=30", "on=9999-12-31", "on=0001-01-01"]
)
def test_a_day_that_no_register_reaches_is_a_clear_400(
    polite: Polite, sign_in: SignIn, path: str, query: str
) -> None:
    sign_in(Role.CITY)

    assert "日期" in polite.get(f"{path}?{query}", status=400).main


@pytest.mark.usefixtures("shanghai")
def test_a_day_is_read_in_any_way_that_people_write_one(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    make_provider(session, name="示例中心")
    sign_in(Role.CITY)

    assert list(rows_of(polite.get("/providers?on=2026年11月23日"))) == ["示例中心"]


@pytest.mark.usefixtures("shanghai")
@pytest.mark.parametrize("code", ["310101000000", "310100", "310000"])
def test_a_padded_code_names_its_division(
    polite: Polite, session: Session, sign_in: SignIn, code: str
) -> None:
    make_provider(session, name="示例中心")
    sign_in(Role.CITY)

    assert list(rows_of(polite.get(f"/providers?division={code}"))) == ["示例中心"]


@pytest.mark.usefixtures("shanghai")
@pytest.mark.parametrize(
    "query", ["/providers?division=310199", "/workforce?division=99", "/sites?located=999999"]
)
def test_a_division_that_does_not_exist_is_said_and_is_no_empty_list(
    polite: Polite, sign_in: SignIn, query: str
) -> None:
    sign_in(Role.CITY)

    assert "没有区划代码" in polite.get(query, status=404).text


def test_an_unknown_format_is_refused(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    polite.get("/providers/export?format=exe", status=400)


@pytest.mark.usefixtures("shanghai")
def test_nothing_found_says_which_filters_are_in_force_and_clears_them(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    make_provider(session, name="示例中心")
    sign_in(Role.DISTRICT)

    page = polite.get("/providers?q=没有这家&kind=hospital")
    cleared = polite.follow(page, "清除筛选")

    assert "没有符合条件的记录" in page.text
    assert "名称、信用代码或入库编号：没有这家" in page.text
    assert list(rows_of(cleared)) == ["示例中心"]


def test_an_empty_tab_is_no_empty_register(polite: Polite, session: Session, sign_in: SignIn) -> None:
    make_organisation(session)
    sign_in(Role.DISTRICT)

    page = polite.get("/providers?standing=ended")

    assert "没有符合条件的记录" in page.main
    assert "入库状态：已退出" in page.main
    assert "批量导入" not in page.main


def test_an_empty_register_says_how_to_begin(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.DISTRICT)

    for path in LISTS:
        assert "批量导入" in polite.get(path).text
        assert "没有符合条件" not in polite.get(path).text


@pytest.mark.usefixtures("shanghai")
def test_a_filter_form_keeps_what_it_does_not_show(polite: Polite, session: Session, sign_in: SignIn) -> None:
    make_provider(session, name="示例在库中心")
    make_organisation(session, name="示例未入库单位")
    sign_in(Role.DISTRICT)

    page = polite.submit(polite.get("/providers?standing=none&sort=-name"), button="筛选")

    assert list(rows_of(page)) == ["示例未入库单位"]
    assert "sort=-name" in page.url


@pytest.mark.usefixtures("shanghai")
def test_sites_show_where_they_lie_and_which_have_no_point(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    organisation = make_organisation(session)
    make_site(session, organisation, name="张家浜分部", located_code=PUDONG_STREET)
    make_site(session, organisation, name="本部", latitude=31.2, longitude=121.4, precision="exact")
    sign_in(Role.DISTRICT)

    assert list(rows_of(polite.get("/sites?point=missing"))) == ["张家浜分部"]
    assert list(rows_of(polite.get("/sites?lying=elsewhere"))) == ["张家浜分部"]
    assert "浦东新区潍坊新村街道" in polite.get("/sites?lying=elsewhere").text
    assert list(rows_of(polite.get("/sites?division=0&located=310115"))) == ["张家浜分部"]


@pytest.mark.usefixtures("shanghai")
@pytest.mark.parametrize(
    ("role", "name"),
    [(Role.DISTRICT, "张示例甲"), (Role.CITY, "张**甲"), (Role.STREET, "张**甲"), (Role.PROVINCE, "张**甲")],
)
def test_names_are_masked_by_role_on_the_page_and_in_the_file(
    client: FlaskClient, polite: Polite, session: Session, sign_in: SignIn, role: Role, name: str
) -> None:
    make_post(session, make_practitioner(session, name="张示例甲"), make_provider(session))
    sign_in(role)

    page = polite.get("/workforce")
    (row,) = people_of(client, "/workforce/export?format=csv")

    assert name in page.text
    assert row["姓名"] == name


@pytest.mark.usefixtures("shanghai")
def test_practitioners_outside_the_scope_are_neither_listed_nor_counted_nor_exported(
    client: FlaskClient, polite: Polite, session: Session, sign_in: SignIn
) -> None:
    pudong = make_provider(session, division_code=PUDONG_STREET)
    make_post(session, make_practitioner(session), pudong)
    sign_in(Role.DISTRICT)

    assert "共 0 人" in polite.get("/workforce?division=0").text
    assert people_of(client, "/workforce/export?format=csv&division=0") == []


@pytest.mark.usefixtures("shanghai")
def test_the_list_of_practitioners_is_cut_by_what_ends(
    polite: Polite, session: Session, sign_in: SignIn
) -> None:
    site = make_provider(session, name="示例中心")
    person = make_practitioner(session, person_no="P1")
    make_post(session, person, site, profession=Profession.NURSE)
    make_certificate(session, person)
    make_education(session, person)
    make_post(session, make_practitioner(session, person_no="P2"), site)
    sign_in(Role.DISTRICT)

    page = polite.get("/workforce?certificate-ends=180&on=2027-10-01")

    assert list(rows_of(page)) == ["P1"]
    assert rows_of(page)["P1"][1:] == ["示例中心", "护士", "专职", "本科 社会工作", "✓已核验", "2028-01-01"]


def test_a_system_administrator_reads_no_list(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.SYSADMIN)

    for path in LISTS:
        polite.get(path, status=403)


def test_a_list_without_a_sign_in_leads_to_the_door(client: FlaskClient) -> None:
    for path in LISTS:
        answer: Any = client.get(path)
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")


@pytest.mark.usefixtures("shanghai")
def test_a_list_costs_the_same_few_statements_however_long_it_is(
    client: FlaskClient, connection: sa.Connection, session: Session, sign_in: SignIn
) -> None:
    sign_in(Role.DISTRICT)
    make_provider(session)
    sent: list[str] = []
    sa.event.listen(connection, "before_cursor_execute", lambda _c, _cursor, text, *_rest: sent.append(text))

    client.get("/providers")
    few = sum(text.lstrip().startswith("SELECT") for text in sent)
    for _number in range(60):
        make_provider(session)
    session.commit()
    sent.clear()
    client.get("/providers")
    many = sum(text.lstrip().startswith("SELECT") for text in sent)

    assert many == few + 1 <= 12  # the longer list is counted
