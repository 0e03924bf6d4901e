"""机构入库 on pages: filled in by topics, returned with remarks, corrected, checked, confirmed, found by the public."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import adopting
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.audit.trail import Trail
from registry.drafts.adopting import Adoption
from registry.organisations.models import Site
from registry.provider_entries.adopting import adopt_standings
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.workflow import EntryStep
from tests.entry_factories import ENTRY_ANSWERS, KEY, Desk, lay_out_terms, make_entry
from tests.factories import (
    DAY,
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_organisation,
    make_site,
    make_standing,
)
from tests.portal.polite import Polite
from tests.reports.documents.test_pdf import reader_of, text_of

SignIn = Callable[..., Actor]
FIRST_PAGE = {
    "服务场地面积": "260",
    "服务区域": "南京东路街道",
    "开放时间": "周一至周五 9:00—16:30",
    "对外联系电话": "021-00000000",
    "联系岗位": "服务台",
}


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    site = make_site(session, make_organisation(session, name="示例心晴中心"))
    session.commit()
    return site


@pytest.fixture
def provider(session: Session, site: Site) -> Account:
    return make_account(session, Role.PROVIDER, organisation=site.organisation)


@pytest.fixture
def district(session: Session) -> Account:
    return make_account(session, Role.DISTRICT, division_code=HUANGPU, name="王示例")


@pytest.fixture
def city(session: Session) -> Account:
    return make_account(session, Role.CITY, division_code="31")


def entry_of(session: Session) -> ProviderEntry:
    session.expire_all()
    return session.scalars(sa.select(ProviderEntry)).one()


def test_an_institution_enters_with_a_return_and_a_correction_and_the_public_finds_it(
    polite: Polite,
    session: Session,
    site: Site,
    provider: Account,
    district: Account,
    city: Account,
    sign_in: SignIn,
) -> None:
    sign_in(account=provider)
    page = polite.submit(polite.get("/provider-entries/new"), button="开始填写")
    assert "还有 16 处没有填好" in page.main
    assert "已完成 0/4" in page.main
    page = polite.follow(page, "填写服务场地")
    page = polite.submit(page, FIRST_PAGE, button="保存并继续")
    assert page.heading == "填写服务内容"
    entry = entry_of(session)
    entry.answers = ENTRY_ANSWERS | {"direct_staff": "9"}
    session.commit()
    page = polite.get(f"/provider-entries/{entry.code}/answers")
    assert "填报 9 人，登记在岗 0 人" in page.main
    page = polite.submit(page, button="提交")
    assert "待初核" in page.heading

    sign_in(account=district)
    page = polite.follow(polite.get("/inbox"), "初核机构入库 · 示例心晴中心")
    page = polite.follow(page, "退回补正")
    page = polite.submit(
        page, {"原因": "人数与名单不符", "remark_direct_staff": "请先登记人员"}, button="退回补正"
    )
    assert "已退回补正" in page.heading

    sign_in(account=provider)
    page = polite.follow(polite.get("/inbox"), "补正被退回的入库材料 · 示例心晴中心")
    assert "人数与名单不符" in page.main
    assert "1 条意见" in page.main
    page = polite.follow(page, "从第一条意见开始修改")
    assert page.heading == "填写服务力量"
    assert "请先登记人员" in page.main
    assert 'value="9"' in page.html
    page = polite.submit(page, {"直接服务人员": "0"}, button="保存，稍后再填")
    page = polite.submit(polite.follow(page, "核对全部内容并提交"), button="提交")

    sign_in(account=district)
    page = polite.follow(polite.get("/inbox"), "初核机构入库 · 示例心晴中心")
    assert "与“第 1 次提交”对照，有 1 处变化" in page.main
    changed = polite.follow(page, "只看变化")
    assert next(row[1] for row in changed.rows if row[0] == "直接服务人员") == "9 人"
    page = polite.submit(page, button="初核通过")
    assert "已初核" in page.heading

    sign_in(account=city)
    page = polite.follow(polite.get("/inbox"), "确认机构入库 · 示例心晴中心")
    page = polite.submit(page, button="确认入库")
    assert "在库" in page.heading
    assert "沪康复20" in page.main

    check = page.links["公众核验页"]
    polite.client.delete_cookie("session")
    public = polite.get(check)
    assert "示例心晴中心" in public.main
    assert "供查验入库信息，不作为行政许可证件" in public.main


def test_what_is_typed_is_kept_while_it_is_typed(
    client: FlaskClient, polite: Polite, session: Session, site: Site, provider: Account, sign_in: SignIn
) -> None:
    entry = make_entry(session, site, answers={})
    session.commit()
    sign_in(account=provider)
    page = polite.get(f"/provider-entries/{entry.code}/topics/site")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.html)
    assert token is not None
    typed = {"csrf_token": token[1], "key": "0" * 32, "version": str(entry.version), "area": "很大"}

    answer = client.post(f"/provider-entries/{entry.code}/topics/site/save", data=typed)

    assert answer.status_code == 200
    assert answer.json is not None
    assert "已自动保存" in answer.json["sentence"]
    assert entry_of(session).answers == {"area": "很大"}
    assert answer.json["version"] == entry_of(session).version
    other = typed | {"key": "1" * 32, "area": "更大"}
    again = client.post(f"/provider-entries/{entry.code}/topics/site/save", data=other)
    assert again.json is not None
    assert again.json["clashes"] == {"area": {"kept": "很大", "typed": "更大"}}
    assert entry_of(session).answers == {"area": "很大"}


def test_two_editors_see_both_versions_and_the_second_decides(
    polite: Polite, session: Session, site: Site, provider: Account, sign_in: SignIn
) -> None:
    entry = make_entry(session, site, answers={})
    session.commit()
    sign_in(account=provider)
    mine, theirs = (polite.get(f"/provider-entries/{entry.code}/topics/site") for _ in range(2))
    polite.submit(theirs, {"开放时间": "上午", "联系岗位": "前台"}, button="保存，稍后再填")

    clash = polite.submit(mine, {"开放时间": "全天"}, button="保存，稍后再填", status=409)

    assert ["开放时间", "上午", "全天"] in clash.rows
    assert 'value="全天"' in clash.html
    assert entry_of(session).answers["hours"] == "上午"
    polite.submit(clash, {"联系岗位": "前台"}, button="保存，稍后再填")
    assert (entry_of(session).answers["hours"], entry_of(session).answers["contact"]) == ("全天", "前台")


def test_what_is_wrong_is_kept_and_said_beside_its_question(
    polite: Polite, session: Session, site: Site, provider: Account, sign_in: SignIn
) -> None:
    entry = make_entry(session, site, answers={})
    session.commit()
    sign_in(account=provider)
    page = polite.get(f"/provider-entries/{entry.code}/topics/site")

    page = polite.submit(
        page, {"服务场地面积": "很大", "对外联系电话": "见公示栏"}, button="保存并继续", status=200
    )

    assert "“服务场地面积”不是数字。请只填数字，不要带单位或文字。" in page.errors
    assert any("不是电话号码" in error for error in page.errors)
    assert 'value="很大"' in page.html
    assert entry_of(session).answers["area"] == "很大"


def test_two_who_decide_at_once_are_one_decision_and_a_plain_word(
    polite: Polite, session: Session, site: Site, district: Account, sign_in: SignIn
) -> None:
    desk = Desk(session, site)
    entry = make_entry(session, site)
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    session.commit()
    sign_in(account=district)
    page = polite.get(f"/provider-entries/{entry.code}")
    desk.take(entry, EntryStep.RETURN, desk.colleague, reason="面积不符")
    session.commit()

    refused = polite.submit(page, button="初核通过", status=409)

    assert "状态已经改变" in refused.main
    assert entry_of(session).state is EntryState.RETURNED


def test_a_step_that_is_not_open_leads_to_the_entry_as_it_stands(
    polite: Polite, session: Session, site: Site, district: Account, sign_in: SignIn
) -> None:
    entry = make_entry(session, site, state=EntryState.RETURNED)
    session.commit()
    sign_in(account=district)
    for step in ("check", "return", "take-back", "suspend"):
        page = polite.visit(f"/provider-entries/{entry.code}/steps/{step}")
        assert "已退回补正" in page.heading
    polite.get(f"/provider-entries/{entry.code}/steps/nonsense", status=404)
    sign_in(account=make_account(session, Role.PROVIDER, organisation=site.organisation))
    polite.get(f"/provider-entries/{entry.code}/topics/nonsense", status=404)


def test_an_old_link_to_a_topic_of_what_was_handed_in_leads_to_the_entry(
    polite: Polite, session: Session, site: Site, provider: Account, sign_in: SignIn
) -> None:
    entry = make_entry(session, site, state=EntryState.SUBMITTED)
    session.commit()
    sign_in(account=provider)
    for rest in ("topics/site", "answers"):
        assert "待初核" in polite.visit(f"/provider-entries/{entry.code}/{rest}").heading


def test_an_institution_that_has_one_in_hand_is_led_to_it(
    polite: Polite, session: Session, site: Site, provider: Account, sign_in: SignIn
) -> None:
    entry = make_entry(session, site)
    session.commit()
    sign_in(account=provider)
    page = polite.visit("/provider-entries/new")
    assert page.url == f"/provider-entries/{entry.code}"
    assert "已有一件未办结的入库材料" in page.main


def listed(session: Session, site: Site, **facts: Any) -> ProviderEntry:
    standing = make_standing(session, site.organisation, number="沪康复2026-0001")
    state = facts.pop("state", EntryState.LISTED)
    entry = make_entry(session, site, state=state, standing=standing, **facts)
    session.commit()
    return entry


def test_the_slip_says_what_the_register_says(
    client: FlaskClient, session: Session, site: Site, provider: Account, sign_in: SignIn
) -> None:
    entry = listed(session, site, check_code="abcdefgh2345")
    sign_in(account=provider)

    answer = client.get(f"/provider-entries/{entry.code}/slip")
    assert all(value.isascii() for _, value in answer.headers), "no server sends other letters in a header"

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].isascii()  # what servers refuse to send otherwise
    printed = text_of(reader_of(answer.data))
    for words in ("沪康复2026-0001", "示例心晴中心", "abcdefgh2345", "不作为行政许可证件"):
        assert words in printed


def test_a_draft_has_no_slip_and_is_told_when_there_will_be_one(
    polite: Polite, session: Session, site: Site, provider: Account, sign_in: SignIn
) -> None:
    entry = make_entry(session, site)
    session.commit()
    sign_in(account=provider)
    assert "确认入库之后才有入库信息凭证" in polite.visit(f"/provider-entries/{entry.code}/slip").main


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"suspended_on": NOW.date()}, "入库资格已暂停"),
        ({"suspended_on": NOW.date(), "state": EntryState.LEAVING}, "入库资格已暂停"),
        ({"state": EntryState.LEFT}, "凭证不再有效"),
    ],
)
def test_a_suspended_or_left_institution_is_said_so(
    polite: Polite, session: Session, site: Site, facts: dict[str, Any], said: str
) -> None:
    entry = listed(session, site, check_code="abcdefgh2345", **facts)
    if entry.state is EntryState.LEFT and entry.standing is not None:
        entry.standing.ended_on = NOW.date()
        session.commit()
    assert said in polite.get("/public/check/abcdefgh2345").main


@pytest.mark.parametrize("typed", ["ABCD EFGH 2345", "abcdefgh2345"])
def test_a_code_is_taken_as_people_copy_it(polite: Polite, session: Session, site: Site, typed: str) -> None:
    listed(session, site, check_code="abcdefgh2345")
    assert "核验码" in polite.get("/public/check").main
    assert "示例心晴中心" in polite.visit(f"/public/check?code={typed}").main


@pytest.mark.parametrize("typed", ["zzzzzzzzzzzz", "%27%3Cb%3E", "长" * 30])
def test_a_wrong_code_is_told_what_to_do(polite: Polite, site: Site, typed: str) -> None:
    assert "请对照凭证末尾的12位核验码重填" in polite.get(f"/public/check/{typed}", status=404).main


def test_of_a_draft_the_public_learns_nothing(polite: Polite, session: Session, site: Site) -> None:
    make_entry(session, site, check_code="abcdefgh2345", state=EntryState.SUBMITTED)
    session.commit()
    polite.get("/public/check/abcdefgh2345", status=404)


def test_the_list_holds_what_the_reader_may_see(
    polite: Polite, session: Session, site: Site, district: Account, sign_in: SignIn
) -> None:
    make_entry(session, site)
    other = make_site(
        session, make_organisation(session, name="示例远方中心"), division_code=NANJING_EAST_ROAD
    )
    make_entry(session, other, state=EntryState.SUBMITTED)
    session.commit()
    sign_in(account=district)
    page = polite.get("/provider-entries")
    assert [row[0] for row in page.rows] == ["示例远方中心"]
    assert polite.get("/provider-entries?state=returned").rows == []


def test_an_institution_from_a_list_says_so_and_is_suspended_with_its_answers_open(
    client: FlaskClient, polite: Polite, session: Session, site: Site, sign_in: SignIn
) -> None:
    site.organisation.source = "2019年机构名录"
    make_standing(session, site.organisation, number="沪康复2021-0007")
    adopt_standings(session, Adoption(DAY, NOW, "portal jobs", Trail(KEY)))
    session.commit()
    entry = session.scalars(sa.select(ProviderEntry)).one()
    address = f"/provider-entries/{entry.code}"
    sign_in(account=make_account(session, Role.DISTRICT, division_code=HUANGPU))
    page = polite.get(address).main
    for words in ("由既有名单转入", "来源：2019年机构名录；转入日期：2026年11月23日。", "16 项留空"):
        assert words in page
    slip = text_of(reader_of(client.get(f"{address}/slip").data))
    assert "沪康复2021-0007" in slip
    assert "既有名单未载明" in slip
    polite.submit(polite.get(f"{address}/steps/suspend"), {"原因": "消防整改"}, button="暂停资格")
    session.expire_all()
    assert entry.suspended_on is not None


def test_every_night_brings_over_what_was_granted_past_the_entries(
    session: Session, site: Site, settings: Settings
) -> None:
    make_standing(session, site.organisation)
    made = [adopting.do_part(settings, session, part, DAY, NOW) for part in adopting.parts_of_night()]
    assert made == [1, 0]
    assert session.scalars(sa.select(ProviderEntry.adopted_on)).all() == [DAY]
