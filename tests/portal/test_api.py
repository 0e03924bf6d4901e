"""The interface for programs: what the pages give, read strictly, masked and entered in the trail as there."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from tests.factories import (
    NANJING_EAST_ROAD,
    make_organisation,
    make_post,
    make_practitioner,
    make_provider,
    make_staff,
)
from tests.portal.people_files import IN_ADDRESS
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, XUHUI, lay_out_city

SignIn = Callable[..., Actor]
ROWS = f"/api/v1/figures/qualified-share/rows?{IN_ADDRESS}"
ADDRESSES = (
    "/api/v1/figures",
    "/api/v1/figures/qualified-share",
    ROWS,
    "/api/v1/providers",
    "/api/v1/sites",
    "/api/v1/divisions",
    "/api/v1/openapi.json",
)


@pytest.fixture
def city(session: Session) -> None:
    """3 of 10 in 黄浦区, nobody in 徐汇区."""
    lay_out_city(session)
    make_staff(session, make_provider(session, name="示例中心"), qualified=3, other=7)


@pytest.mark.usefixtures("city")
def test_the_definitions_say_what_is_counted_by_which_rules(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    items = client.get("/api/v1/figures").json["items"]

    assert [item["code"] for item in items] == [
        "qualified-share",
        "certified-share",
        "trained-share",
        "registered-share",
        "staff",
        "staff-per-10000",
    ]
    assert items[0]["title"] == "相关专业学历从业人员占比"
    assert [rule["code"] for rule in items[0]["rules"]] == ["assigned", "all-staff"]
    assert "沪民残福发〔2023〕4号" in items[0]["clause"]


@pytest.mark.usefixtures("city")
def test_the_definitions_are_english_where_the_address_says_so(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    figures = client.get("/api/v1/figures?lang=en").json["items"]

    assert figures[1]["denominator"] == "Practitioners"
    assert client.get("/api/v1/figures?lang=zh").json["items"][1]["denominator"] == "从业人员"


@pytest.mark.usefixtures("city")
def test_the_rows_add_up_to_the_reading(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    answer = client.get(f"{ROWS}&on=2026-11-23").json

    standings = [row["standing"] for row in answer["rows"]]
    assert (standings.count("holder"), standings.count("staff"), len(standings)) == (3, 7, 10)
    assert (answer["division"], answer["organisation"]) == ("31", None)
    assert answer["counting_rule"] == "assigned"


@pytest.mark.parametrize(("role", "name"), [(Role.CITY, "欧阳*明"), (Role.DISTRICT, "欧阳小明")])
def test_names_are_masked_by_role(
    client: FlaskClient, session: Session, sign_in: SignIn, role: Role, name: str
) -> None:
    lay_out_city(session)
    make_post(session, make_practitioner(session, name="欧阳小明"), make_provider(session))
    sign_in(role)

    rows = client.get(f"{ROWS}&division={HUANGPU}").json["rows"]

    assert [row["name"] for row in rows] == [name]


@pytest.mark.usefixtures("city")
def test_whoever_asked_for_people_is_entered_in_the_trail(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    actor = sign_in(Role.CITY)
    client.get(f"{ROWS}&division={HUANGPU}")

    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()

    assert (entry.actor_code, entry.action, entry.subject_code) == (
        actor.code,
        "practitioner.export",
        "qualified-share",
    )
    assert entry.division_code == HUANGPU
    assert (entry.facts["format"], entry.facts["what"], entry.facts["rows"]) == ("json", "people", 10)


def test_one_institution_can_be_asked_for(client: FlaskClient, session: Session, sign_in: SignIn) -> None:
    lay_out_city(session)
    make_staff(session, make_provider(session, name="示例甲"), qualified=1, other=0)
    second = make_provider(session, name="示例乙")
    make_staff(session, second, qualified=0, other=2)
    sign_in(Role.PROVIDER, organisation=second.organisation)

    answer = client.get(f"{ROWS}&organisation={second.organisation.code}").json

    assert [row["organisation_name"] for row in answer["rows"]] == ["示例乙", "示例乙"]
    assert answer["organisation"] == second.organisation.code


@pytest.mark.parametrize(
    "query",
    [f"division={XUHUI}", "division=0", "division=99", "organisation=2222222222"],
    ids=["another district", "the whole country", "no such division", "no such institution"],
)
def test_people_elsewhere_are_answered_like_people_who_do_not_exist(
    client: FlaskClient, session: Session, sign_in: SignIn, query: str
) -> None:
    lay_out_city(session)
    make_staff(session, make_provider(session, division_code=f"{XUHUI}003"), qualified=1, other=0)
    sign_in(Role.DISTRICT)

    assert client.get(f"{ROWS}&{query}").status_code == 404


def test_an_institution_elsewhere_is_not_shown(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    lay_out_city(session)
    elsewhere = make_provider(session, division_code=f"{XUHUI}003")
    make_staff(session, elsewhere, qualified=1, other=0)
    sign_in(Role.DISTRICT)

    assert client.get(f"{ROWS}&organisation={elsewhere.organisation.code}").status_code == 404


@pytest.mark.usefixtures("city")
def test_a_provider_comes_with_its_staff_and_its_target(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    answer = client.get("/api/v1/providers?standing=listed&on=2026-11-23").json

    (item,) = answer["items"]
    assert (item["name"], item["division_code"]) == ("示例中心", NANJING_EAST_ROAD)
    assert (item["staff"], item["qualified"], item["share_state"]) == (10, 3, "met")
    assert item["target"] == {"numerator": 3, "denominator": 10}
    assert (answer["count"], answer["capped"], answer["page"], answer["on"]) == (1, False, 1, "2026-11-23")


def test_an_organisation_that_is_not_listed_has_no_staff_to_speak_of(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    make_organisation(session, name="示例协会")
    sign_in(Role.CITY)

    (item,) = client.get("/api/v1/providers").json["items"]

    assert (item["standing"], item["staff"], item["target"]) == ("none", None, None)


def test_a_long_list_leads_from_page_to_page(client: FlaskClient, session: Session, sign_in: SignIn) -> None:
    for number in range(101):
        make_organisation(session, name=f"示例机构{number:03}")
    sign_in(Role.CITY)

    found, url = [], "/api/v1/providers?sort=name&on=2026-11-23&origin=real&division=31"
    while url:
        answer = client.get(url).json
        found += [item["name"] for item in answer["items"]]
        url = answer["next"]

    assert found == [f"示例机构{number:03}" for number in range(101)]
    assert (answer["page"], answer["count"]) == (3, 101)
    assert client.get(answer["previous"]).json["page"] == 2


@pytest.mark.parametrize("name", ["providers", "sites"])
@pytest.mark.usefixtures("city")
def test_a_list_holds_the_rows_of_its_page(
    polite: Polite, client: FlaskClient, session: Session, sign_in: SignIn, name: str
) -> None:
    make_provider(session, name="示例徐汇中心", division_code=f"{XUHUI}003")
    sign_in(Role.DISTRICT)

    shown = [row[0] for row in polite.get(f"/{name}?sort=-name&division=31").rows]
    items = client.get(f"/api/v1/{name}?sort=-name&division=31").json["items"]

    assert len(items) == 2
    assert all(item["name"] in row for item, row in zip(items, shown, strict=True))


@pytest.mark.usefixtures("city")
def test_divisions_are_listed_below_a_place(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    below = client.get("/api/v1/divisions?on=2026-11-23").json
    streets = client.get("/api/v1/divisions?level=township").json
    padded = client.get("/api/v1/divisions?under=310101000000").json

    assert (below["under"], below["on"]) == ("31", "2026-11-23")
    assert [one["name"] for one in below["items"]] == ["黄浦区", "徐汇区"]
    assert below["items"][0] == {
        "code": HUANGPU,
        "name": "黄浦区",
        "level": "district",
        "kind": "district",
    }
    assert {one["level"] for one in streets["items"]} == {"township"}
    assert padded["under"] == HUANGPU


@pytest.mark.parametrize(
    ("url", "parameter", "words"),
    [
        ("/api/v1/providers?standng=listed", "standng", "没有参数“standng”，可用的参数：division、standing"),
        ("/api/v1/providers?standing=lsted", "standing", "可选：listed、ended、other、none"),
        ("/api/v1/providers?standing=", "standing", "的值“”不在可选范围内"),
        ("/api/v1/providers?page=1&page=2", "page", "只能写一次"),
        ("/api/v1/providers?page=0", "page", "1至100000的整数"),
        ("/api/v1/providers?page=01", "page", "1至100000的整数"),
        ("/api/v1/providers?page=１", "page", "1至100000的整数"),
        ("/api/v1/providers?sort=share", "sort", "可选：name、-name、division_code、-division_code"),
        ("/api/v1/providers?q=", "q", "1至100个字符"),
        ("/api/v1/providers?q=%20康复", "q", "首尾不留空格"),
        ("/api/v1/providers?q=a%00b", "q", "无法保存的空字符"),
        (f"/api/v1/providers?q={'康' * 101}", "q", "1至100个字符"),
        ("/api/v1/sites?located=5", "located", "2、4、6、9或12位数字"),
        ("/api/v1/sites?division=上海", "division", "2、4、6、9或12位数字"),
        ("/api/v1/sites?on=20261123", "on", "写成2026-11-23这样的形式"),
        ("/api/v1/sites?on=2026-02-30", "on", "写成2026-11-23这样的形式"),
        ("/api/v1/sites?on=1999-12-31", "on", "2000-01-01至2099-12-31"),
        ("/api/v1/figures/qualified-share/rows", "reason", "请写明参数“reason”"),
        ("/api/v1/figures/qualified-share/rows?reason=reporting", "note", "请写明参数“note”"),
        ("/api/v1/figures/qualified-share/rows?reason=fun&note=2026-Q4", "reason", "可选：inspection"),
        ("/api/v1/figures/qualified-share/rows?reason=other&note=abc", "note", "4至100个字符"),
        (f"{ROWS}&organisation=1", "organisation", "名单中的编号"),
        (f"{ROWS}&by=site", "by", "没有参数“by”"),
        ("/api/v1/figures/qualified-share?by=community", "by", "township"),
        ("/api/v1/figures/qualified-share?rule=all", "rule", "可选：assigned、all-staff"),
        (f"/api/v1/figures/qualified-share?division={HUANGPU}&by=city", "by", "不在区划310101之下"),
        ("/api/v1/divisions?under=310101&level=district", "level", "不在区划310101之下"),
        ("/api/v1/divisions?lang=fr", "lang", "可选：zh、en"),
    ],
)
@pytest.mark.usefixtures("city")
def test_what_is_not_understood_is_refused_by_name_with_the_remedy(
    client: FlaskClient, sign_in: SignIn, url: str, parameter: str, words: str
) -> None:
    sign_in(Role.CITY)

    answer = client.get(url)

    assert (answer.status_code, answer.json["parameter"]) == (400, parameter)
    assert words in answer.json["message"]
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_a_refusal_speaks_the_language_of_the_address(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    answer = client.get("/api/v1/sites?kind=tent&lang=en").json

    assert answer["message"].startswith(
        "The value “tent” of the parameter “kind” is not one of those offered"
    )


@pytest.mark.parametrize("url", [url for url in ADDRESSES if "/rows" not in url])  # people are kept by nobody
@pytest.mark.usefixtures("city")
def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient, sign_in: SignIn, url: str) -> None:
    sign_in(Role.CITY)
    first = client.get(url)

    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert first.headers["Cache-Control"] == ("no-store" if "/rows" in url else "private, no-cache")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_nobody_is_answered_without_a_sign_in(client: FlaskClient, url: str) -> None:
    answer = client.get(f"{url}{'&' if '?' in url else '?'}no-such-name=1")

    assert (answer.status_code, answer.json["error"]) == (401, "请重新登录")


@pytest.mark.parametrize("url", ADDRESSES[:5])
def test_a_role_without_the_page_has_no_answer_either(client: FlaskClient, sign_in: SignIn, url: str) -> None:
    sign_in(Role.SYSADMIN)

    assert client.get(url).status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("url", ADDRESSES)
def test_the_interface_only_reads(client: FlaskClient, sign_in: SignIn, url: str, method: str) -> None:
    sign_in(Role.CITY)

    answer: Any = getattr(client, method)(url)

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
