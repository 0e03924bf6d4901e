"""督导检查 on pages: recorded by the district, answered by the provider, closed by somebody else; awards beside it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import today
from registry.inspections.models import Inspection, InspectionState
from registry.organisations.models import Organisation
from tests.factories import NANJING_EAST_ROAD, NOW, make_account, make_parameter, make_provider
from tests.inspection_factories import (
    VISITED_ON,
    make_finding,
    make_inspection,
    make_inspection_terms,
    make_rating,
)
from tests.portal.polite import Polite
from tests.reports.figures.worlds import lay_out_city

SignIn = Callable[..., Actor]


@pytest.fixture
def organisation(session: Session) -> Organisation:
    lay_out_city(session)
    make_inspection_terms(session)
    make_parameter(session, "one_page.idle_days", 30)
    make_account(session, Role.CITY)  # somebody has to be there who may close
    return make_provider(session, name="示例康复服务中心").organisation


def as_provider(sign_in: SignIn, organisation: Organisation) -> None:
    sign_in(Role.PROVIDER, organisation=organisation, division_code=NANJING_EAST_ROAD)


def recorded(polite: Polite, organisation: Organisation) -> Inspection:
    """By whoever is signed in, with one finding, and told."""
    page = polite.get(f"/providers/{organisation.code}/inspections/new")
    page = polite.submit(page, {"检查人员": "王示例，赵示例", "检查内容": "第四季度日常检查"}, button="保存")
    page = polite.follow(page, "登记问题")
    by = (today() + timedelta(days=20)).isoformat()
    page = polite.submit(page, {"存在的问题": "灭火器过期2具", "整改期限": by}, button="保存")
    page = polite.follow(page, "告知机构")
    polite.submit(page, button="告知机构")
    return only(polite)


def only(polite: Polite) -> Inspection:
    from portal.extensions import db

    with polite.client.application.app_context():
        return db.session.scalars(sa.select(Inspection).order_by(Inspection.id.desc())).first()


def test_a_visit_goes_from_the_district_to_the_provider_and_back_and_is_closed_by_another(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    inspection = recorded(polite, organisation)
    url = f"/inspections/{inspection.code}"

    as_provider(sign_in, organisation)
    page = polite.get(url)
    assert "可在" in page.text
    page = polite.follow(page, "报送整改情况")
    polite.submit(page, {"第 1 条整改完成日期": today().isoformat(), "整改情况": "已更换"}, button="报送")

    sign_in(Role.DISTRICT)
    page = polite.follow(polite.get(url), "复查")
    polite.submit(page, {"passed": "1", "复查情况": "现场查看，已换新"}, button="提交复查结果")
    sign_in(Role.CITY)
    page = polite.follow(polite.get(url), "结案")
    page = polite.submit(page, button="结案")

    assert "已结案" in page.text
    session.expire_all()
    assert session.scalars(sa.select(Inspection.state)).all() == [InspectionState.CLOSED]


def test_what_was_not_put_right_goes_back_with_a_new_day(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    inspection = make_inspection(session, organisation, state=InspectionState.REPORTED)
    sign_in(Role.DISTRICT)
    page = polite.get(f"/inspections/{inspection.code}/recheck")

    refused = polite.submit(page, {"复查情况": "未换"}, button="提交复查结果", status=400)
    assert "新的整改期限" in refused.text
    by = (today() + timedelta(days=30)).isoformat()
    page = polite.submit(refused, {"新的整改期限": by}, button="提交复查结果")

    assert "整改中" in page.text
    assert by in page.text


def test_a_provider_defends_itself_and_the_officer_drops_what_he_accepts(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    inspection = make_inspection(session, organisation, defend_by=today() + timedelta(days=3))
    as_provider(sign_in, organisation)
    page = polite.follow(polite.get(f"/inspections/{inspection.code}"), "陈述申辩")
    polite.submit(page, {"陈述申辩": "不属于本机构"}, button="提交申辩")
    sign_in(Role.DISTRICT)
    page = polite.follow(polite.get(f"/inspections/{inspection.code}"), "采纳申辩")
    page = polite.submit(page, {"答复意见": "经核实属物业"}, button="采纳申辩")

    assert "采纳申辩，不再追究" in page.text


def test_after_the_window_the_page_says_so_and_the_defence_is_refused(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    inspection = make_inspection(session, organisation, defend_by=today() - timedelta(days=1))
    as_provider(sign_in, organisation)
    page = polite.get(f"/inspections/{inspection.code}/defend")

    refused = polite.submit(page, {"陈述申辩": "来不及"}, button="提交申辩", status=409)

    assert "已经过了" in refused.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"检查人员": "王示例", "检查内容": "x"}, "检查人员不少于2人"),
        ({"检查人员": "", "检查内容": ""}, "请填写检查人员"),
        ({"检查日期": "2026-02-30", "检查人员": "王示例、赵示例", "检查内容": "x"}, "只有28天"),
        ({"检查日期": "2099-01-01", "检查人员": "王示例、赵示例", "检查内容": "x"}, "不能晚于今天"),
    ],
)
def test_a_visit_that_cannot_be_is_told_beside_its_field(
    polite: Polite, sign_in: SignIn, organisation: Organisation, typed: dict[str, str], said: str
) -> None:
    sign_in(Role.DISTRICT)
    page = polite.get(f"/providers/{organisation.code}/inspections/new")

    assert said in polite.submit(page, typed, button="保存", status=200).text


def test_a_finding_is_taken_out_of_a_draft(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    inspection = make_inspection(session, organisation, state=InspectionState.DRAFT)
    sign_in(Role.DISTRICT)
    page = polite.get(f"/inspections/{inspection.code}/findings/1")

    page = polite.submit(page, button="删除这条问题")

    assert "还没有登记问题" in page.text


def test_the_page_of_the_organisation_shows_an_expired_grade_as_expired(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    make_rating(session, organisation, valid_to=today())
    sign_in(Role.CITY)
    page = polite.get(f"/providers/{organisation.code}")

    assert "4A级" in page.text
    assert "已过期" in page.text


def test_a_grade_is_recorded_once_from_its_paper(
    polite: Polite, sign_in: SignIn, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    typed = {
        "评估等级": "4a",
        "有效期起": "2024-01-01",
        "有效期止": "2028-12-31",
        "评定单位": "示例市民政局",
        "依据文件": "示例民社〔2023〕18号",
    }
    page = polite.get(f"/providers/{organisation.code}/ratings/new")
    shown = polite.submit(page, typed, button="登记")
    again = polite.submit(page, typed, button="登记", status=200)

    assert "2028-12-31" in shown.text
    assert "已经登记过" in again.text


def test_a_grade_that_was_entered_wrongly_is_struck_out_and_stays_readable(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    make_rating(session, organisation)
    sign_in(Role.DISTRICT)
    page = polite.follow(polite.get(f"/providers/{organisation.code}"), "作废登记 4A级")
    assert "请写明作废的原因。" in polite.submit(page, button="作废登记", status=200).errors
    shown = polite.submit(page, {"作废原因": "等级看错了一行"}, button="作废登记")

    assert "已作废" in shown.text
    assert "作废：等级看错了一行" in shown.text
    assert "作废登记 4A级" not in shown.links
    assert polite.get(page.url, 404)


def test_a_grade_with_a_later_one_offers_no_striking_out(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    first = make_rating(session, organisation)
    make_rating(session, organisation, valid_from=first.valid_to, valid_to=date(2034, 1, 1))
    sign_in(Role.DISTRICT)
    url = f"/providers/{organisation.code}/awards/{first.code}/withdraw"
    assert url not in polite.get(f"/providers/{organisation.code}").links.values()
    refused = polite.submit(polite.get(url), {"作废原因": "试一试"}, button="作废登记", status=409)
    assert "这条记录不能再作废" in refused.text


def test_the_list_shows_page_by_page_what_is_in_hand_and_what_is_over(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    for number in range(51):
        make_inspection(session, organisation, visited_on=VISITED_ON - timedelta(days=number), findings=[])
    late = make_inspection(
        session, organisation, findings=[make_finding(rectify_by=today() - timedelta(days=1))]
    )
    over = make_inspection(session, organisation, state=InspectionState.CLOSED, closed_at=NOW)
    session.commit()
    sign_in(Role.DISTRICT)

    page = polite.get("/inspections?show=open")
    assert "共 52 项检查" in page.main
    oldest = (VISITED_ON - timedelta(days=50)).isoformat()
    assert oldest not in page.main
    assert oldest in polite.get("/inspections?show=open&page=2").main
    assert over.code not in page.html
    assert over.code in polite.get("/inspections?show=done").html
    overdue = polite.get("/inspections?show=open&lateness=overdue")
    assert "共 1 项检查" in overdue.main
    assert late.code in overdue.html
    assert "没有符合条件的记录" in polite.get("/inspections?show=open&q=没有的").main


def test_an_organisation_is_listed_what_it_was_told_of_its_own(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    make_inspection(session, organisation)
    make_inspection(session, organisation, state=InspectionState.DRAFT)
    session.commit()
    as_provider(sign_in, organisation)

    assert "共 1 项检查" in polite.get("/inspections?show=open").main


def test_whoever_had_a_hand_in_it_is_offered_no_closing(
    polite: Polite, sign_in: SignIn, session: Session, organisation: Organisation
) -> None:
    sign_in(Role.DISTRICT)
    page = polite.get(f"/providers/{organisation.code}/inspections/new")
    page = polite.submit(page, {"检查人员": "王示例，赵示例", "检查内容": "日常检查"}, button="保存")
    assert "未发现问题，结案" not in page.links
    sign_in(Role.CITY)
    assert "未发现问题，结案" in polite.get(page.url).links
