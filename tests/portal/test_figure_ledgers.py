"""The ledger by both rules and the changes of a month: what they show, to whom, and that they leave with a purpose."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.organisations.models import Site
from tests.factories import make_education, make_post, make_practitioner, make_provider, make_staff
from tests.portal.people_files import taken
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, STREET, XUHUI, XUHUI_STREET, lay_out_city

SignIn = Callable[..., Any]
LEDGER, CHANGES = "/figures/qualified-share/ledger", "/figures/qualified-share/changes"
SPAN = "since=2026-10-23&on=2026-11-23"


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def hospital(session: Session) -> Site:
    """One qualified of two in the programme; one more who does other business."""
    site = make_provider(session, name="示例康复医院")
    make_staff(session, site, qualified=1, other=1)
    other = make_practitioner(session, name="欧阳小明", person_no="外-1")
    make_post(session, other, site, serves_programme=False)
    return site


def changed(session: Session, site: Site) -> None:
    """Since October one was hired with a diploma, one left without one, and one diploma was verified."""
    hired = make_practitioner(session, name="尉迟新进")
    make_post(session, hired, site, start_on=date(2026, 11, 3))
    make_education(session, hired)
    left = make_practitioner(session, name="令狐离开")
    make_post(session, left, site, end_on=date(2026, 11, 4))
    verified = make_practitioner(session, name="司马核验")
    make_post(session, verified, site)
    make_education(session, verified, verified_on=date(2026, 11, 5))


def test_each_rule_has_its_total_and_its_column(polite: Polite, sign_in: SignIn, hospital: Site) -> None:
    sign_in(Role.DISTRICT)

    page = polite.get(f"{LEDGER}?on=2026-11-23")

    assert page.heading == "逐人台账：相关专业学历从业人员占比 黄浦区 · 截至 2026-11-23"
    assert "口径：从事本项服务的人员 50.0%" in page.main
    assert "口径：机构全部人员 33.3%" in page.main
    assert "1 / 2 人" in page.main
    assert "1 / 3 人" in page.main
    assert len(page.rows) == 3


def test_only_those_on_whom_the_rules_differ_are_shown(
    polite: Polite, sign_in: SignIn, hospital: Site
) -> None:
    sign_in(Role.DISTRICT)

    page = polite.follow(polite.get(LEDGER), "只看两种口径不同的 1 行")

    (row,) = page.rows
    assert "外-1" in row[0]
    assert row[3].startswith("—不计")
    assert row[4].startswith("○只计入分母")


def test_where_the_rules_agree_the_page_says_so(polite: Polite, sign_in: SignIn, session: Session) -> None:
    make_staff(session, make_provider(session), qualified=1, other=0)
    sign_in(Role.DISTRICT)

    assert "没有两种口径不同的人员。" in polite.get(f"{LEDGER}?only=differing").main


def test_the_changes_explain_the_difference_of_two_readings(
    polite: Polite, sign_in: SignIn, session: Session, hospital: Site
) -> None:
    changed(session, hospital)
    sign_in(Role.DISTRICT)

    page = polite.get(f"{CHANGES}?{SPAN}")

    # 2026-10-23: 1 of 4 (two of the programme, who left, whose diploma was in hand).
    sums = [
        ["2026-10-23", "--", "1", "4"],
        ["✓首次计入", "1", "+1", "0"],
        ["◐新进", "1", "+1", "+1"],
        ["—离开", "1", "0", "−1"],
    ]
    assert [row for row in page.rows if len(row) == 4] == sums
    assert "2026-11-23--34" in page.main
    assert len([row for row in page.rows if len(row) == 7]) == 3
    assert "2026-11-03到岗。" in page.main
    assert "任职已于2026-11-04结束。" in page.main


def test_a_month_is_taken_where_no_day_is_named(
    polite: Polite, sign_in: SignIn, session: Session, hospital: Site
) -> None:
    changed(session, hospital)
    sign_in(Role.DISTRICT)

    page = polite.get(f"{CHANGES}?on=2026-11-23")

    assert page.heading.startswith("本月变化：")
    assert ["2026-10-31", "--", "1", "4"] in page.rows


def test_where_nothing_changed_the_page_says_so(polite: Polite, sign_in: SignIn, hospital: Site) -> None:
    sign_in(Role.DISTRICT)

    assert "这段时间没有人员变化，分子和分母都没有变。" in polite.get(f"{CHANGES}?{SPAN}").main


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"{CHANGES}?since=2026-11-23&on=2026-11-23", "比较起点2026-11-23不早于统计日期2026-11-23"),
        (f"{CHANGES}?since=2022-12-31", "登记数据自2023-01-01起才有历史记录"),
        (f"{CHANGES}?since=never", "日期“never”无法识别"),
        (f"{LEDGER}?only=same", "“only”的值“same”不在可选范围内"),
        (f"{LEDGER}?page=0", "“page”的值“0”不在可选范围内"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_is_wrong(
    polite: Polite, sign_in: SignIn, url: str, words: str
) -> None:
    sign_in(Role.CITY)

    assert words in polite.get(url, 400).main


@pytest.mark.parametrize("page", [LEDGER, CHANGES])
def test_a_district_sees_no_other_district(client: FlaskClient, sign_in: SignIn, page: str) -> None:
    sign_in(Role.DISTRICT)

    assert client.get(f"{page}?division={XUHUI}").status_code == 404
    assert client.get(f"{page}?division=31").status_code == 404


def test_a_provider_is_led_to_its_own_people_and_sees_nobody_elses(
    polite: Polite, sign_in: SignIn, session: Session, hospital: Site
) -> None:
    foreign = make_provider(session, division_code=XUHUI_STREET)
    sign_in(Role.PROVIDER, organisation=hospital.organisation)

    page = polite.follow_redirect(LEDGER)
    changes = polite.follow_redirect(f"{CHANGES}?{SPAN}")

    assert "示例康复医院" in page.heading
    assert "示例康复医院" in changes.heading
    polite.get(f"/figures/qualified-share/organisations/{foreign.organisation.code}/ledger", 404)
    polite.get(f"/figures/qualified-share/organisations/{foreign.organisation.code}/changes", 404)


@pytest.mark.parametrize(("role", "shown"), [(Role.CITY, "欧阳*明"), (Role.DISTRICT, "欧阳小明")])
def test_names_are_masked_by_role_and_who_looked_is_in_the_trail(
    polite: Polite, sign_in: SignIn, session: Session, hospital: Site, role: Role, shown: str
) -> None:
    sign_in(role)

    page = polite.get(f"{LEDGER}?only=differing&division={HUANGPU}")

    assert shown in page.main
    assert ("欧阳小明" in page.html) == (role is Role.DISTRICT)
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.facts["what"], entry.facts["rows"], entry.division_code) == ("rules", 1, HUANGPU)


def test_a_station_reads_register_numbers_of_its_neighbours_people(
    polite: Polite, sign_in: SignIn, session: Session, hospital: Site
) -> None:
    own = make_provider(session)
    sign_in(Role.STATION, division_code=STREET, organisation=own.organisation)

    page = polite.get(f"{LEDGER}?division={STREET}&only=differing")

    assert "欧阳" not in page.html
    assert "外-1" in page.main


def test_the_file_holds_the_rows_of_the_page(
    client: FlaskClient, sign_in: SignIn, session: Session, hospital: Site
) -> None:
    changed(session, hospital)
    sign_in(Role.DISTRICT)

    export = "/figures/qualified-share/export?format=csv&on=2026-11-23"
    ledger = rows_of(taken(client, f"{export}&what=rules&only=differing").data)
    changes = rows_of(taken(client, f"{export}&what=changes&since=2026-10-23").data)

    assert [row[0] for row in ledger[1:]] == ["外-1"]
    assert ledger[0][6:9] == [
        "从事本项服务的人员：是否计入",
        "从事本项服务的人员：原因",
        "机构全部人员：是否计入",
    ]
    said = sorted((row[1], row[4], row[5], row[6], row[7]) for row in changes[1:])
    assert said == sorted(
        [
            ("尉迟新进", "新进", "2026-11-03", "1", "1"),
            ("令狐离开", "离开", "2026-11-04", "0", "-1"),
            ("司马核验", "首次计入", "2026-11-05", "1", "0"),
        ]
    )


def test_an_institution_takes_its_own_changes_along(
    client: FlaskClient, sign_in: SignIn, session: Session, hospital: Site
) -> None:
    changed(session, hospital)
    sign_in(Role.PROVIDER, organisation=hospital.organisation)

    url = f"/figures/qualified-share/organisations/{hospital.organisation.code}/export"
    changes = rows_of(taken(client, f"{url}?what=changes&format=csv&{SPAN}").data)
    ledger = rows_of(taken(client, f"{url}?what=rules&format=csv&on=2026-11-23").data)

    assert len(changes) == 1 + 3
    assert len(ledger) == 1 + 6


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
