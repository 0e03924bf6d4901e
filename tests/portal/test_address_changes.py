"""A change of address on pages: asked, compared, returned, submitted again, confirmed; nothing typed is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.clock import today
from registry.organisations.models import AddressChange, AddressChangeState, Precision, Site, SitePlacement
from registry.workflow.models import WorkflowStep
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_address_change,
    make_division,
    make_parameter,
    make_provider,
)
from tests.portal.pages import Page
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]
WAITAN, PUDONG, LUJIAZUI = "310101013", "310115", "310115005"
TYPED = {
    "新地址": "示例路99号",
    "启用日期": (today() + timedelta(days=7)).isoformat(),
    "变更说明（选填）": "租约到期",
}


@dataclass(frozen=True)
class Place:
    """A provider's site, with the accounts of those around it."""

    session: Session
    site: Site
    provider: Account
    district: Account
    receiving: Account

    @property
    def new(self) -> str:
        return f"/sites/{self.site.code}/address-changes/new"

    def change(self, **facts: Any) -> AddressChange:
        """In any state, as if the steps had been taken."""
        made = make_address_change(self.session, self.site, **facts)
        self.session.commit()
        return made


@pytest.fixture
def place(session: Session) -> Place:
    names = {"31": "上海市", "3101": "市辖区", HUANGPU: "黄浦区", PUDONG: "浦东新区"}
    streets = {NANJING_EAST_ROAD: "南京东路街道", WAITAN: "外滩街道", LUJIAZUI: "陆家嘴街道"}
    for code, name in (names | streets).items():
        make_division(session, code, name=name)
    make_parameter(session, "address_change.confirm_workdays", 5)
    make_parameter(session, "address_change.days_ahead", 60)
    site = make_provider(session, name="示例心晴中心")
    return Place(
        session,
        site,
        provider=make_account(session, Role.PROVIDER, organisation=site.organisation),
        district=make_account(session, Role.DISTRICT, division_code=HUANGPU, name="王示例"),
        receiving=make_account(session, Role.DISTRICT, division_code=PUDONG),
    )


def only_change(session: Session) -> AddressChange:
    session.expire_all()
    return session.scalars(sa.select(AddressChange)).one()


def drawn_up(place: Place, polite: Polite, **typed: str) -> Page:
    """The page of a fresh draft."""
    return polite.submit(polite.get(place.new), TYPED | typed, button="保存并核对")


def test_a_change_goes_from_the_provider_to_the_district_and_back_and_through(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    sign_in(account=place.provider)
    review = drawn_up(place, polite, 街镇=WAITAN)
    assert ["街镇", "黄浦区南京东路街道", "黄浦区外滩街道"] in review.rows
    assert ["地址", "示例路1号", "示例路99号"] in review.rows
    submitted = polite.submit(review, button="提交")
    assert "等待办理" in submitted.main
    assert "黄浦区 区县民政" in submitted.main

    sign_in(account=place.district)
    inbox = polite.get("/inbox")
    shown = polite.follow(inbox, f"确认场所地址变更 · {place.site.name}")
    returning = polite.follow(shown, "退回")
    polite.submit(returning, {"退回原因": "门牌号请写到楼层"}, button="退回")

    sign_in(account=place.provider)
    returned = polite.follow(polite.get("/inbox"), f"修改被退回的地址变更 · {place.site.name}")
    assert returned.main.index("门牌号请写到楼层") < returned.main.index("新旧对照")
    editing = polite.follow(returned, "修改")
    assert "门牌号请写到楼层" in editing.main
    assert 'value="示例路99号"' in editing.html
    saved = polite.submit(editing, {"新地址": "示例路99号2楼"}, button="保存并核对")
    polite.submit(saved, button="提交")

    sign_in(account=place.district)
    shown = polite.follow(polite.get("/inbox"), f"确认场所地址变更 · {place.site.name}")
    done = polite.submit(polite.follow(shown, "确认"), button="确认新地址")
    assert "已确认" in done.heading
    steps = ["起草", "提交", "退回", "修改", "提交", "确认"]
    assert [step for step in done.main.split() if step in steps][-6:] == steps
    place.session.expire_all()
    assert (place.site.address, place.site.division_code) == ("示例路99号2楼", WAITAN)


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("新地址", "  ", "请填写新地址"),
        ("新地址", "长" * 201, "超过200个字的上限"),
        ("启用日期", "", "请填写启用日期"),
        ("启用日期", "2026/2/30", "2026年2月只有28天，没有30日"),
        ("启用日期", "下个月", "不是完整的日期"),
        ("启用日期", "2019-12-31", "不能早于场所的开业日期2020-01-01"),
        ("启用日期", "2099-01-01", "启用日期最晚为"),
        ("纬度", "121.4737", "这个数像经度"),
        ("纬度", "60", "纬度不在中国范围内"),
        ("经度", "31.2304", "这个数像纬度"),
        ("经度", "东经121度", "不是数字"),
        ("纬度", "31.2304", "请一并填写"),
        ("街镇", "310101099", "没有找到这个街镇"),
        ("街镇", "", "没有找到这个街镇"),
        ("变更说明（选填）", "长" * 1001, "不超过1000个字"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_typed_is_lost(
    polite: Polite, place: Place, sign_in: SignIn, label: str, typed: str, said: str
) -> None:
    sign_in(account=place.provider)
    values = TYPED | {label: typed}
    page = polite.submit(polite.get(place.new), values, button="保存并核对", status=200)
    assert len(page.errors) == 1
    assert said in page.errors[0]
    assert page.title.startswith("错误：")
    for kept in values.values():
        assert kept in page.html or label == "街镇"
    assert place.session.scalar(sa.select(sa.func.count()).select_from(AddressChange)) == 0


def test_several_faults_are_said_at_once(polite: Polite, place: Place, sign_in: SignIn) -> None:
    sign_in(account=place.provider)
    page = polite.submit(
        polite.get(place.new),
        {"新地址": "", "启用日期": "2026/2/30", "纬度": "121.4", "经度": "31.2"},
        button="保存并核对",
        status=200,
    )
    assert len(page.errors) == 4


def test_a_point_of_a_chinese_map_is_kept_in_wgs84(polite: Polite, place: Place, sign_in: SignIn) -> None:
    sign_in(account=place.provider)
    # The Oriental Pearl Tower by 高德: about 500 m off in WGS-84 (31.2418 N, 121.4952 E).
    drawn_up(place, polite, 纬度="31.239863", 经度="121.499705", 坐标来源="gcj02")
    change = only_change(place.session)
    assert change.latitude is not None
    assert change.longitude is not None
    assert change.latitude == pytest.approx(31.2418, abs=0.0005)
    assert change.longitude == pytest.approx(121.4952, abs=0.0005)


def test_a_day_may_be_typed_as_people_write_it(polite: Polite, place: Place, sign_in: SignIn) -> None:
    sign_in(account=place.provider)
    day = today() + timedelta(days=7)
    drawn_up(place, polite, 启用日期=f"{day.year}年{day.month}月{day.day}日")
    assert only_change(place.session).effective_on == day


def test_the_streets_stand_under_their_districts(polite: Polite, place: Place, sign_in: SignIn) -> None:
    sign_in(account=place.provider)
    page = polite.get(place.new)
    groups = [group.get("label") for group in page.all("optgroup")]
    assert groups == ["黄浦区", "浦东新区"]
    chosen = [option.get("value") for option in page.all("option") if "selected" in option.attrib]
    assert chosen[0] == NANJING_EAST_ROAD


def test_a_double_click_makes_one_draft_and_one_submission(
    client: FlaskClient, polite: Polite, place: Place, sign_in: SignIn
) -> None:
    sign_in(account=place.provider)
    form = {
        "key": "k" * 32,
        "version": "1",
        "division_code": WAITAN,
        "address": "示例路99号",
        "effective_on": TYPED["启用日期"],
        "crs": "wgs84",
    }
    places = [polite.post(place.new, form).response.headers["Location"] for _click in range(2)]
    assert places[0] == places[1]
    change = only_change(place.session)
    step = {"key": "s" * 32, "version": str(change.version)}
    for _click in range(2):
        polite.post(f"/address-changes/{change.code}/submit", step)
    assert place.session.scalar(sa.select(sa.func.count()).select_from(WorkflowStep)) == 2


def test_whoever_saves_an_outdated_form_sees_both_versions_and_loses_nothing(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    change = place.change(effective_on=today() + timedelta(days=7))
    sign_in(account=place.provider)
    outdated = polite.get(f"/address-changes/{change.code}/edit")
    polite.submit(
        polite.get(f"/address-changes/{change.code}/edit"), {"新地址": "同事路2号"}, button="保存并核对"
    )
    page = polite.submit(outdated, {"新地址": "我的路3号"}, button="保存并核对", status=409)
    assert ["新地址", "同事路2号", "我的路3号"] in page.rows
    assert 'value="我的路3号"' in page.html
    again = polite.submit(page, button="保存并核对")
    assert "我的路3号" in again.main


def test_a_step_on_an_outdated_page_is_a_conflict_beside_the_newer_content(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    change = place.change(state=AddressChangeState.SUBMITTED, submitted_at=NOW)
    sign_in(account=place.district)
    outdated = polite.get(f"/address-changes/{change.code}/return")
    change.explanation = "后来补写的说明"
    place.session.commit()

    page = polite.submit(outdated, {"退回原因": "请写到楼层"}, button="退回", status=409)

    assert all(words in page.main for words in ("已被他人更改", "后来补写的说明", "请写到楼层"))
    polite.submit(page, button="退回")
    assert only_change(place.session).state is AddressChangeState.RETURNED


def test_a_change_that_was_withdrawn_meanwhile_is_not_confirmed(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    change = place.change(state=AddressChangeState.WITHDRAWN, submitted_at=NOW)
    sign_in(account=place.district)
    form = {"key": "c" * 32, "version": str(change.version)}
    page = polite.post(f"/address-changes/{change.code}/confirm", form, status=409)
    assert "状态已经改变" in page.main


def test_an_old_link_to_a_step_leads_to_the_change(polite: Polite, place: Place, sign_in: SignIn) -> None:
    change = place.change(state=AddressChangeState.CONFIRMED, submitted_at=NOW)
    for account, steps in ((place.provider, ("edit", "withdraw")), (place.district, ("confirm", "return"))):
        sign_in(account=account)
        for step in steps:
            answer = polite.client.get(f"/address-changes/{change.code}/{step}")
            assert answer.headers["Location"] == f"/address-changes/{change.code}"


def test_a_change_without_a_difference_stays_a_draft_and_says_why(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    change = place.change(address=place.site.address, effective_on=today() + timedelta(days=7))
    sign_in(account=place.provider)
    page = polite.get(f"/address-changes/{change.code}")
    refused = polite.submit(page, button="提交", status=409)
    assert refused.errors == ["新地址与现址相同，没有需要变更的内容。"]


def test_a_return_without_a_reason_says_so(polite: Polite, place: Place, sign_in: SignIn) -> None:
    change = place.change(state=AddressChangeState.SUBMITTED, submitted_at=NOW)
    sign_in(account=place.district)
    page = polite.get(f"/address-changes/{change.code}/return")
    refused = polite.submit(page, {"退回原因": " "}, button="退回", status=200)
    assert refused.errors == ["请写明退回原因。"]
    assert only_change(place.session).state is AddressChangeState.SUBMITTED


def test_a_second_request_leads_to_the_one_in_hand(polite: Polite, place: Place, sign_in: SignIn) -> None:
    change = place.change()
    sign_in(account=place.provider)
    answer = polite.client.get(place.new)
    assert answer.headers["Location"] == f"/address-changes/{change.code}"


def test_the_provider_withdraws_what_it_asked_for(polite: Polite, place: Place, sign_in: SignIn) -> None:
    change = place.change(state=AddressChangeState.SUBMITTED, submitted_at=NOW)
    sign_in(account=place.provider)
    page = polite.follow(polite.get(f"/address-changes/{change.code}"), "撤回")
    gone = polite.submit(page, button="撤回申请")
    assert "已撤回" in gone.heading
    assert place.site.address == "示例路1号"


def test_a_site_without_a_street_asks_for_one(polite: Polite, place: Place, sign_in: SignIn) -> None:
    place.site.located_code = HUANGPU
    place.session.commit()
    sign_in(account=place.provider)
    page = polite.get(place.new)
    assert "请选择街镇" in page.html


def test_a_move_to_another_district_is_said_aloud_and_told_there(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    sign_in(account=place.provider)
    review = drawn_up(place, polite, 街镇=LUJIAZUI)
    assert "新址在浦东新区" in review.main
    polite.submit(review, button="提交")
    change = only_change(place.session)
    sign_in(account=place.district)
    polite.submit(polite.get(f"/address-changes/{change.code}/confirm"), button="确认新地址")

    sign_in(account=place.receiving)
    inbox = polite.get("/inbox")
    assert "今日待办已清空" in inbox.main
    assert inbox.links[f"场所迁入本区，请知悉 · {place.site.name}"] == f"/sites/{place.site.code}"
    emptied = polite.submit(inbox, button="已阅")
    assert "请知悉" not in emptied.main.replace("已阅", "")
    polite.get(f"/address-changes/{change.code}", status=404)


@pytest.mark.parametrize(
    ("role", "facts", "status"),
    [
        (Role.PROVIDER, {}, 403),
        (Role.DISTRICT, {"division_code": HUANGPU}, 403),
        (Role.CITY, {}, 403),
        (Role.STATION, {}, 403),
        (Role.SYSADMIN, {}, 404),
    ],
)
def test_only_its_own_provider_asks_for_a_change(
    polite: Polite, place: Place, sign_in: SignIn, role: Role, facts: dict[str, str], status: int
) -> None:
    sign_in(role, **facts)
    polite.get(place.new, status=status)


def test_a_draft_is_the_providers_own(polite: Polite, place: Place, sign_in: SignIn) -> None:
    change = place.change()
    sign_in(account=place.district)
    for page in ("", "/edit", "/confirm", "/return", "/withdraw"):
        polite.get(f"/address-changes/{change.code}{page}", status=404)


def test_an_onlooker_reads_what_was_submitted_and_has_no_buttons(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    change = place.change(state=AddressChangeState.SUBMITTED, submitted_at=NOW)
    sign_in(Role.CITY)
    page = polite.get(f"/address-changes/{change.code}")
    assert not {"修改", "撤回", "退回", "确认"} & set(page.links)
    for step in ("edit", "confirm", "return", "withdraw"):
        polite.get(f"/address-changes/{change.code}/{step}", status=403)


def test_a_confirmed_change_still_shows_where_the_site_was(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    place.site.latitude, place.site.longitude, place.site.precision = 31.2, 121.4, Precision.EXACT
    change = place.change(
        state=AddressChangeState.SUBMITTED,
        submitted_at=NOW,
        effective_on=date(2026, 1, 5),
        division_code=WAITAN,
    )
    sign_in(account=place.district)
    page = polite.submit(polite.get(f"/address-changes/{change.code}/confirm"), button="确认新地址")
    assert ["街镇", "黄浦区南京东路街道", "黄浦区外滩街道"] in page.rows
    assert ["启用日期", "2020-01-01", "2026-01-05"] in page.rows


def test_the_old_address_holds_since_the_site_came_there_and_not_since_its_street_was_renamed(
    polite: Polite, place: Place, sign_in: SignIn
) -> None:
    (since_2020,) = place.site.placements
    since_2020.valid_to = date(2024, 7, 1)
    place.session.add(
        SitePlacement(
            site=place.site,
            division_code=NANJING_EAST_ROAD,
            today_code=NANJING_EAST_ROAD,
            address=since_2020.address,
            valid_from=date(2024, 7, 1),
        )
    )
    change = place.change(effective_on=date(2027, 1, 5))
    sign_in(account=place.provider)

    assert ["启用日期", "2020-01-01", "2027-01-05"] in polite.get(f"/address-changes/{change.code}").rows
