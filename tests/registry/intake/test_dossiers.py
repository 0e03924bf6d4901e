"""The authority's lists of charities and associations: facts are put on file, nothing is approved, nothing deleted."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.dossiers.comparing import differences
from registry.dossiers.facts import picture_on
from registry.dossiers.models import Dossier, DossierState, FactKind
from registry.intake.declaration import Outcome, WorkbookKind
from registry.intake.kinds.dossiers import ASSOCIATIONS, CHARITIES
from registry.intake.kinds.sites import SITES
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.organisations.models import Organisation, OrganisationKind, StandingKind
from tests.dossiers_factories import make_succession
from tests.factories import make_division, make_organisation, make_uscc
from tests.registry.intake.tables import NOW, TODAY, context, said, table_of

CITY = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
PLACES = ("31", "3101", "310101", "310115")


def row(number: int = 1, **facts: Any) -> dict[str, Any]:
    """A social service agency that is normal; `facts` by the heads of the columns."""
    return {
        "单位名称": f"示例助康服务中心{number}",
        "统一社会信用代码": make_uscc(9000 + number),
        "登记管理机关": "示例市民政局",
        "成立登记日期": "2019-05-06",
        "所属区划": "310101",
        "登记状态": "正常",
        "名单名称": "示例名单（10月）",
        "名单日期": "2026-10-31",
    } | facts


@pytest.fixture
def divided(session: Session) -> Session:
    for code in PLACES:
        make_division(session, code)
    return session


def seen(
    session: Session, *rows: dict[str, Any], kind: WorkbookKind[Any] = CHARITIES, **facts: Any
) -> Preview:
    return preview(session, kind, table_of(*rows), context(**facts))


def loaded(session: Session, *rows: dict[str, Any], **facts: Any) -> Preview:
    found = seen(session, *rows, **facts)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=CITY, at=NOW)
    commit(session, found, run=run, actor=CITY, at=NOW, trail=Trail(b"k" * 32))
    session.expire_all()
    return found


def outcomes(found: Preview) -> list[Outcome]:
    return [judged.outcome for judged in found.judged]


def only(session: Session) -> Dossier:
    return session.scalars(sa.select(Dossier)).one()


def test_a_row_makes_an_organisation_and_its_dossier(divided: Session) -> None:
    facts = {
        "成为慈善组织的方式": "认定为慈善组织",
        "成为慈善组织日期": "2024-02-29",
        "公开募捐资格证书号": "示例证0001",
        "证书发证日期": "2025-04-01",
        "年检结论": "2025年合格；2024年度未参检",
        "列入活动异常名录日期": "2026-07-01",
    }
    loaded(divided, row(**facts))
    dossier = only(divided)
    picture = picture_on(dossier.facts, TODAY)
    assert (dossier.state, dossier.kind) == (DossierState.BROUGHT_IN, StandingKind.CHARITY)
    assert dossier.organisation.kind is OrganisationKind.SOCIAL_SERVICE
    assert (picture.recognised_on, picture.certificate) == (date(2024, 2, 29), "示例证0001")
    assert [(year, value) for year, value, _on in picture.checks] == [(2025, "passed"), (2024, "absent")]
    assert picture.abnormal_on == date(2026, 7, 1)
    assert dossier.organisation.standings == []
    assert {(fact.document, fact.recorded_by) for fact in dossier.facts} == {("示例名单（10月）", "示例")}


def test_the_same_list_again_changes_nothing(divided: Session) -> None:
    loaded(divided, row())
    assert outcomes(seen(divided, row())) == [Outcome.SAME]


def test_a_newer_list_without_news_leaves_the_check_standing(divided: Session) -> None:
    loaded(divided, row())
    only(divided).state = DossierState.CHECKED
    newer = {"名单名称": "示例名单（11月）", "名单日期": "2026-11-20"}
    assert outcomes(loaded(divided, row(**newer))) == [Outcome.UPDATE]
    assert (only(divided).state, only(divided).listed_on) == (DossierState.CHECKED, date(2026, 11, 20))


def test_a_newer_list_with_news_asks_for_another_check(divided: Session) -> None:
    loaded(divided, row())
    only(divided).state = DossierState.CHECKED
    loaded(divided, row(名单日期="2026-11-20", 登记状态="注销", 注销撤销吊销日期="2026-11-10"))
    assert only(divided).state is DossierState.BROUGHT_IN
    assert picture_on(only(divided).facts, TODAY).registration_on == date(2026, 11, 10)


def test_a_list_that_was_put_right_leads_out_of_the_difference(divided: Session) -> None:
    loaded(divided, row())
    only(divided).state = DossierState.DIFFERS
    loaded(divided, row(名单日期="2026-11-20", 成立登记日期="2019-06-05"))
    assert only(divided).state is DossierState.CORRECTED


def test_who_is_not_on_a_newer_list_is_marked_and_stays(divided: Session) -> None:
    loaded(divided, row(1), row(2))
    loaded(divided, row(3, 登记管理机关="示例区民政局", 名单日期="2026-11-10"))
    marked = dict(divided.execute(sa.select(Organisation.name, Dossier.missing_on).join(Dossier)).all())
    assert set(marked.values()) == {None}  # another registrar's list says nothing of them
    loaded(divided, row(1, 名单日期="2026-11-20"))
    marked = dict(divided.execute(sa.select(Organisation.name, Dossier.missing_on).join(Dossier)).all())
    assert marked == {
        "示例助康服务中心1": None,
        "示例助康服务中心2": date(2026, 11, 20),
        "示例助康服务中心3": None,
    }
    loaded(divided, row(2, 名单日期="2026-11-21"))
    assert divided.scalar(sa.select(sa.func.count()).where(Dossier.missing_on == date(2026, 11, 20))) == 0


def test_another_name_is_a_warning_and_a_difference_to_check(divided: Session) -> None:
    make_organisation(divided, name="示例旧名称", uscc=make_uscc(9001))
    found = loaded(divided, row())
    assert "本库登记的名称是“示例旧名称”" in said(found.warnings)
    assert [one.field.value for one in differences(only(divided))] == ["name", "registered_on"]


def test_both_kinds_may_be_on_file_of_one_organisation(divided: Session) -> None:
    stem = "51310101MJ0000009"
    code = {"统一社会信用代码": stem + str(uscc.calc_check_digit(stem + "0"))}
    loaded(divided, row(**code))
    loaded(divided, row(**code), kind=ASSOCIATIONS)
    assert len(divided.scalars(sa.select(Dossier)).all()) == 2
    assert len(divided.scalars(sa.select(Organisation)).all()) == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"统一社会信用代码": ""}, "必填"),
        ({"登记状态": "注销"}, "没有填日期"),
        ({"登记状态": "好"}, "不在可填的词中"),
        ({"名单日期": "2026-12-31"}, "名单日期晚于今天"),
        ({"成立登记日期": "2026-11-20"}, "晚于名单日期"),
        ({"成为慈善组织日期": "2018-01-01"}, "早于成立登记日期"),
        ({"成为慈善组织的方式": "认定为慈善组织"}, "没有填日期"),
        ({"公开募捐资格证书号": "证1"}, "没有填发证日期"),
        ({"证书发证日期": "2025-01-02"}, "没有填证书号"),
        ({"年检结论": "合格"}, "读不出年度"),
        ({"年检结论": "2025年合格；2025年不合格"}, "两个不同的年检结论"),
        ({"年检结论": "2025年优秀"}, "不在可填的词中"),
        ({"移出活动异常名录日期": "2026-01-01", "列入活动异常名录日期": "2026-02-01"}, "早于列入日期"),
        ({"所属区划": "310999"}, "没有这个区划代码"),
    ],
)
def test_a_bad_cell_keeps_the_file_out(divided: Session, facts: dict[str, str], sentence: str) -> None:
    assert sentence in said(seen(divided, row(**facts)).errors)


def test_an_older_list_than_the_one_on_file_is_turned_away(divided: Session) -> None:
    loaded(divided, row())
    assert "已有2026-10-31的名单" in said(seen(divided, row(名单日期="2026-09-30")).errors)


def test_a_list_of_associations_takes_associations_alone(divided: Session) -> None:
    assert "不是这类社会组织" in said(seen(divided, row(), kind=ASSOCIATIONS).errors)


def test_a_district_loads_its_own_and_an_organisation_loads_none(divided: Session) -> None:
    assert "管辖范围" in said(seen(divided, row(), division_code="310115").errors)
    own = make_organisation(divided, uscc=make_uscc(9001))
    assert "由民政部门导入" in said(seen(divided, row(), organisation_id=own.id).errors)


def test_a_merged_organisation_is_not_taken_for_a_living_one(divided: Session) -> None:
    merged = make_organisation(divided, uscc=make_uscc(9001), name="示例助康服务中心1")
    make_succession(divided, merged, make_organisation(divided, name="示例承继中心"))
    found = seen(divided, row())
    assert "已于2026-06-01并入“示例承继中心”" in said(found.errors)
    assert not seen(divided, row(登记状态="注销", 注销撤销吊销日期="2026-06-01")).errors
    site = {
        "机构名称": merged.name,
        "统一社会信用代码": merged.uscc,
        "类型": "社区康复点",
        "所在区划": "310101",
    }
    again = preview(divided, SITES, table_of(site), context())
    assert "请改用承继单位的名称" in said(again.errors)


def test_a_correction_names_the_list_that_made_it(divided: Session) -> None:
    loaded(divided, row(年检结论="2025年合格"))
    loaded(divided, row(年检结论="2025年不合格", 名单名称="示例更正通知", 名单日期="2026-11-20"))
    checks = [fact for fact in only(divided).facts if fact.kind is FactKind.ANNUAL_CHECK]
    assert [(fact.value, fact.document, fact.is_in_force) for fact in checks] == [
        ("passed", "示例名单（10月）", False),
        ("failed", "示例更正通知", True),
    ]
