"""The workbook of legal entities: made, filled up, never renamed, moved, or given a standing."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.intake.declaration import Outcome
from registry.intake.kinds.organisations import ORGANISATIONS
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.organisations.models import Organisation, OrganisationKind, Standing
from tests.dossiers_factories import make_succession
from tests.factories import make_division, make_organisation, make_standing, make_uscc
from tests.registry.intake.tables import NOW, context, places, said, table_of

CITY = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")


def row(number: int = 1, **facts: Any) -> dict[str, Any]:
    return {
        "单位名称": f"示例助康服务中心{number}",
        "统一社会信用代码": make_uscc(9500 + number),
        "所属区划": "310101",
    } | facts


@pytest.fixture
def divided(session: Session) -> Session:
    for code in ("31", "3101", "310101", "310115"):
        make_division(session, code)
    return session


def seen(session: Session, *rows: dict[str, Any], **facts: Any) -> Preview:
    return preview(session, ORGANISATIONS, table_of(*rows), context(**facts))


def loaded(session: Session, *rows: dict[str, Any]) -> None:
    found = seen(session, *rows)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=CITY, at=NOW)
    commit(session, found, run=run, actor=CITY, at=NOW, trail=Trail(b"k" * 32))
    session.expire_all()


def outcomes(found: Preview) -> list[Outcome]:
    return [judged.outcome for judged in found.judged]


def known(session: Session, **facts: Any) -> Organisation:
    defaults = {"name": "示例助康服务中心1", "uscc": make_uscc(9501), "division_code": "310101"}
    return make_organisation(session, **(defaults | facts))


def test_a_row_makes_an_organisation_without_any_standing(divided: Session) -> None:
    loaded(divided, row(成立日期="2019-05-06", 数据来源="示例名录"))
    made = divided.scalars(sa.select(Organisation)).one()
    assert (made.name, made.uscc, made.kind) == (
        "示例助康服务中心1",
        make_uscc(9501),
        OrganisationKind.SOCIAL_SERVICE,
    )
    assert (made.division_code, made.opened_on, made.source) == ("310101", date(2019, 5, 6), "示例名录")
    assert divided.scalar(sa.select(sa.func.count()).select_from(Standing)) == 0


def test_the_same_file_again_says_nothing_new(divided: Session) -> None:
    rows = [row(number, 成立日期="2019-05-06") for number in (1, 2)]
    loaded(divided, *rows)
    assert outcomes(seen(divided, *rows)) == [Outcome.SAME, Outcome.SAME]


def test_what_the_register_leaves_open_is_filled_up(divided: Session) -> None:
    stands = known(divided, uscc=None, kind=OrganisationKind.UNIDENTIFIED, opened_on=None)
    assert outcomes(seen(divided, row(成立日期="2019-05-06"))) == [Outcome.UPDATE]
    loaded(divided, row(成立日期="2019-05-06"))
    assert (stands.uscc, stands.kind, stands.opened_on) == (
        make_uscc(9501),
        OrganisationKind.SOCIAL_SERVICE,
        date(2019, 5, 6),
    )
    assert stands.version == 2


@pytest.mark.parametrize(
    ("stands", "typed", "column", "words"),
    [
        ({"name": "示例别名"}, {}, "单位名称", "已登记在“示例别名”名下"),
        ({}, {"所属区划": "310115"}, "所属区划", "登记的住所在另一个区县（310101）"),
        ({"kind": OrganisationKind.HOSPITAL}, {"单位性质": "企业"}, "单位性质", "与登记的内容不同"),
        ({"opened_on": date(2018, 1, 1)}, {"成立日期": "2019-05-06"}, "成立日期", "与登记的内容不同"),
        ({"opened_on": date(2018, 1, 1)}, {"终止日期": "2017-01-01"}, "终止日期", "不晚于成立日期"),
        ({}, {"单位性质": "未核实单位"}, "单位性质", "不是未核实单位"),
    ],
)
def test_what_is_registered_otherwise_is_not_overwritten(
    divided: Session, stands: dict[str, Any], typed: dict[str, Any], column: str, words: str
) -> None:
    known(divided, **stands)
    found = seen(divided, row(**typed))
    assert column in {header for _row, _letter, header in places(found.errors)}
    assert words in said(found.errors)


def test_whoever_holds_a_standing_is_not_dissolved_by_a_file(divided: Session) -> None:
    make_standing(divided, known(divided))
    found = seen(divided, row(终止日期="2026-01-01"))
    assert "还有入库、备案或建档登记" in said(found.errors)


def test_whoever_was_merged_is_not_brought_back(divided: Session) -> None:
    old, heir = known(divided), make_organisation(divided, name="示例承继单位")
    make_succession(divided, old, heir)
    found = seen(divided, row())
    assert "并入“示例承继单位”" in said(found.errors)


def test_of_an_organisation_outside_nothing_is_told(divided: Session) -> None:
    known(divided, name="别区的示例单位", division_code="310115")
    found = seen(divided, row(), division_code="310101")
    assert "这个单位不在您的管辖范围内" in said(found.errors)
    assert "别区的示例单位" not in said(found.errors)
    assert "310115" not in said(found.errors)


def test_two_of_one_name_without_a_code_are_told_apart_by_nobody(divided: Session) -> None:
    for _ in range(2):
        known(divided, uscc=None)
    assert outcomes(seen(divided, row())) == [Outcome.CREATE]


@pytest.mark.parametrize(
    ("dirt", "column"),
    [
        ({"统一社会信用代码": make_uscc(9501)[:-1]}, "统一社会信用代码"),
        ({"统一社会信用代码": 6.3e17}, "统一社会信用代码"),
        ({"统一社会信用代码": ""}, "统一社会信用代码"),
        ({"所属区划": "999999"}, "所属区划"),
        ({"单位性质": "咖啡馆"}, "单位性质"),
        ({"成立日期": "2019年2月30日"}, "成立日期"),
        ({"单位名称": "  "}, "单位名称"),
    ],
)
def test_dirt_is_named_in_its_place(divided: Session, dirt: dict[str, Any], column: str) -> None:
    found = seen(divided, row(**dirt))
    assert [header for _row, _letter, header in places(found.errors)] == [column]


def test_full_width_and_stray_blanks_are_read_over(divided: Session) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in make_uscc(9501))
    found = seen(divided, row(统一社会信用代码=f" {wide} ", 所属区划=310101.0))
    assert not found.errors, said(found.errors)


def test_one_code_in_two_rows_with_two_names_is_a_contradiction(divided: Session) -> None:
    found = seen(divided, row(), row(单位名称="示例另一家"))
    assert "与第2行是同一条，内容却不一样" in said(found.errors)
