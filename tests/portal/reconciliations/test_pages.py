"""数据核对 on its pages: what is sent comes back in their own form, no number is repeated, two clicks are one."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.intake.models import ColumnMapping
from registry.reconciliations.models import (
    Corrector,
    Outcome,
    Reconciliation,
    SubjectKind,
)
from tests.factories import (
    HUANGPU,
)
from tests.portal.people_files import PURPOSE
from tests.portal.polite import Polite
from tests.portal.reconciliations.lists import (
    HEADS,
    NUMBER,
    ROWS,
    compare,
    findings,
    run_of,
    send,
    standing,
    their_list,
)
from tests.reconciliation_factories import make_finding, make_reconciliation

SignIn = Callable[..., Actor]


def test_a_list_is_compared_and_counted_and_goes_back_in_its_own_columns(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    sent = send(client, their_list(*ROWS))
    assert sent.status_code == 303
    answer = compare(client, sent.headers["Location"])
    assert answer.status_code == 303, answer.text
    run, found = run_of(session), findings(session)

    assert (run.rows, run.matched, run.only_theirs, run.only_ours) == (2, 1, 1, 1)
    assert found["张小示例", "profession"].theirs == "义工"
    assert found["张小示例", "profession"].ours == "护士"
    assert found["张小示例", "identity_number"].outcome is Outcome.WE_LACK
    assert found["王外人", ""].outcome is Outcome.ONLY_THEIRS
    assert found["李示例", ""].outcome is Outcome.ONLY_OURS
    assert set(found) == {
        ("张小示例", "profession"), ("张小示例", "identity_number"), ("王外人", ""), ("李示例", ""),
    }  # fmt: skip
    page = Polite(client).get(answer.headers["Location"])
    assert NUMBER not in page.response.text
    ticked = [found["张小示例", "profession"].code, found["李示例", ""].code]
    Polite(client).post(f"/reconciliations/{run.code}/mark", {"deed": "them", "finding": ticked}, status=303)
    url, token = f"/reconciliations/{run.code}/correction?format=csv", Polite(client)._token()
    file = client.post(url, data={"csrf_token": token, **PURPOSE})
    lines = list(csv.reader(io.StringIO(file.data.decode("gb18030"))))

    assert lines[0] == [*HEADS, "更正说明", "权威来源", "来源系统", "水印"]
    assert lines[1][:7] == [
        "张小示例",
        NUMBER,
        "1985-03-02",
        "上海市黄浦区示例暖阳中心",
        "注册护士",
        "2020年1月",
        "甲",
    ]
    assert lines[1][7] == "“岗位名称”原为“义工”，应为“注册护士”。"
    assert lines[1][8:10] == ["“岗位名称”：未指定", "示例登记系统"]
    assert (lines[2][0], lines[2][4], lines[2][7]) == ("李示例", "注册护士", "对方没有这一条，请补录。")
    assert len(lines) == 3
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "practitioner.export")).one()
    assert entry.facts["rows"] == 2
    assert entry.reason == PURPOSE["note"]


def test_columns_and_words_are_told_once_and_offered_again(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    strange = [[*row[:4], "某某师", *row[5:]] for row in ROWS]
    url = send(client, their_list(*strange)).headers["Location"]
    page = Polite(client).get(url)
    assert "某某师" in page.text
    compare(client, url, **{"meaning-0": "nurse", "column-6": ""})
    assert ("张小示例", "profession") not in findings(session)

    again = Polite(client).get(send(client, their_list(*strange)).headers["Location"])

    assert "都不是" not in again.text
    assert standing(again.form("开始核对"))["column-4"] == "profession"
    remembered = session.scalars(sa.select(ColumnMapping)).one()
    assert remembered.columns["profession"] == "岗位名称"
    assert remembered.words == {"profession": {"某某师": "nurse"}}
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_code == remembered.code)).one()
    assert (entry.action, entry.facts["what"]) == ("reconciliation.run", "remembered")


def test_another_form_of_the_same_system_keeps_its_words_and_each_form_its_own_columns(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    strange = [[*row[:4], "某某师", *row[5:]] for row in ROWS]
    compare(client, send(client, their_list(*strange)).headers["Location"], **{"meaning-0": "nurse"})
    heads = [*HEADS[:4], "现任岗位", "入职日期"]
    text = io.StringIO()
    csv.writer(text).writerows([heads, *(row[:6] for row in strange)])

    url = send(client, text.getvalue().encode("gb18030")).headers["Location"]
    form = standing(Polite(client).get(url).form("开始核对"))

    assert (form["column-1"], form["column-4"], form["column-5"]) == (
        "identity_number",
        "profession",
        "start_on",
    )
    assert "meaning-0" not in form
    compare(client, url, **{"column-4": ""})
    again = standing(Polite(client).get(send(client, their_list(*ROWS)).headers["Location"]).form("开始核对"))
    assert again["column-4"] == "profession"
    assert session.scalar(sa.select(sa.func.count()).select_from(ColumnMapping)) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"identities": []}, "请至少选择一种识别方式"),
        ({"identities": ["certificate_number"]}, "所选的识别方式需要“证书编号”一列"),
        ({"column-6": "name"}, "同一个项目对应了文件里的两列"),
        ({"column-6": "no such field"}, "请从列表里选择"),
    ],
)
def test_columns_that_tell_nobody_apart_come_back_with_a_word(
    client: FlaskClient, district: Actor, changed: dict[str, Any], said: str
) -> None:
    answer = compare(client, send(client, their_list(*ROWS)).headers["Location"], **changed)

    assert answer.status_code == 400
    assert said in answer.text


def test_a_file_that_cannot_be_read_or_is_too_long_comes_back_with_a_word(
    client: FlaskClient, district: Actor
) -> None:
    broken = send(client, b"PK\x03\x04 no workbook", "a.xlsx")
    long = send(client, their_list(*[ROWS[0]] * 51))

    assert "field__error" in broken.text
    assert "共51行，超过一次50行的上限" in long.text


def test_two_clicks_are_one_comparison(session: Session, client: FlaskClient, district: Actor) -> None:
    key = "a-form-that-is-sent-twice"
    first, second = (send(client, their_list(*ROWS), key=key) for _ in range(2))
    form = standing(Polite(client).get(first.headers["Location"]).form("开始核对"))
    answers = [client.post(first.headers["Location"], data=form) for _ in range(2)]

    assert first.headers["Location"] == second.headers["Location"]
    assert [one.status_code for one in answers] == [303, 409]
    assert session.scalar(sa.select(sa.func.count()).select_from(Reconciliation)) == 1
    compared = sa.select(AuditEntry).where(AuditEntry.action == "reconciliation.compare")
    assert len(session.scalars(compared).all()) == 1


def test_a_city_finds_nobody_by_his_number_and_sees_names_in_part(
    session: Session, client: FlaskClient, district: Actor, sign_in: SignIn
) -> None:
    sign_in(Role.CITY)
    page = Polite(client).get(send(client, their_list(*ROWS)).headers["Location"])
    offered = [one.get("value") for one in page.form("开始核对").iter() if one.get("type") == "checkbox"]
    refused = compare(
        client, f"/reconciliations/{run_of(session).code}/columns", identities=["identity_number"]
    )
    other = make_reconciliation(session, division_code=HUANGPU)
    make_finding(session, other, name="欧阳小明", field="certificate_number", ours="SW12345678")
    session.commit()
    seen = Polite(client).get(f"/reconciliations/{other.code}").text

    assert offered == ["register_number"]
    assert refused.status_code == 400
    assert "欧阳小明" not in seen
    assert "SW12345678" not in seen
    assert client.get(f"/reconciliations/{other.code}/correction").status_code == 403


def test_places_are_compared_too_and_their_correction_is_a_workbook(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["场所名称", "地址", "类型"])
    book.active.append(["示例暖阳中心服务点", "上海市黄浦区示例路２号", "康复点"])
    data = io.BytesIO()
    book.save(data)
    url = send(client, data.getvalue(), "场所.xlsx", kind=SubjectKind.SITES.value).headers["Location"]
    compare(client, url)
    run, found = run_of(session), findings(session)
    assert {(one.field, one.ours) for one in found.values()} == {("address", "示例路1号")}
    codes = [one.code for one in found.values()]
    Polite(client).post(
        f"/reconciliations/{run.code}/mark", {"deed": Corrector.THEM.value, "finding": codes}, status=303
    )

    file = client.get(f"/reconciliations/{run.code}/correction?format=xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [
        "场所名称",
        "地址",
        "类型",
        "更正说明",
        "权威来源",
        "来源系统",
    ]
    assert [cell.value for cell in sheet[2]][:3] == ["示例暖阳中心服务点", "示例路1号", "康复点"]
    assert sheet["B2"].fill.fgColor.rgb == "FFFFF2A8"


def test_a_source_decides_who_corrects_from_its_day_on(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    url = "/reconciliations/authorities/practitioners"
    form = {"field-profession": "own", "valid_from": "2026-01-01", "basis": "示例〔2026〕1号"}
    Polite(client).post(url, form, status=303)
    Polite(client).post(url, form, status=303)
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "field_authority.set")).all()
    earlier = Polite(client).post(url, form | {"valid_from": "2025-01-01"}, status=400)
    compare(client, send(client, their_list(*ROWS)).headers["Location"])

    assert len(entries) == 1
    assert "已有从2026-01-01起的规定" in earlier.text
    assert findings(session)["张小示例", "profession"].corrector is Corrector.THEM
    assert findings(session)["李示例", ""].corrector is Corrector.OPEN
