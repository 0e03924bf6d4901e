"""A station worker on a phone: today's activity in a handful of touches, then a changed service; nothing is lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session

from registry.access.models import Account, Role, SignIn
from registry.access.passwords import hash_password
from registry.clock import utc_now
from registry.services.models import Activity, ServiceReport, ServiceReportState
from tests.browser.accessibility import barriers
from tests.browser.conftest import NARROW, all_kept
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    make_account,
    make_division,
    make_parameter,
    make_provider,
)
from tests.portal.attachments.pictures import jpeg
from tests.services_factories import make_service

PASSWORD = "Kx9#mQ2!vTz7"
HOURS = timedelta(hours=13)
MOST_TOUCHES = 8
MOST_TO_CHANGE = 7
SECONDS = 40
"""Within which an activity is recorded; a thumb takes about two seconds for a touch and four for a number."""
A_TOUCH, A_NUMBER = 2, 4
LiveSession = Callable[[], AbstractContextManager[Session]]


class Thumb:
    """Touches and types, and counts both."""

    def __init__(self) -> None:
        self.touches = self.numbers = 0

    def touch(self, what: Locator) -> None:
        self.touches += 1
        what.click()

    def type(self, what: Locator, text: str) -> None:
        self.numbers += 1
        what.fill(text)

    @property
    def interactions(self) -> int:
        return self.touches + self.numbers

    @property
    def seconds(self) -> int:
        return self.touches * A_TOUCH + self.numbers * A_NUMBER


@pytest.fixture
def worker(live_session: LiveSession) -> Account:
    with live_session() as session:
        for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD):
            make_division(session, code)
        make_parameter(session, "service_report.confirm_workdays", 5)
        make_parameter(session, "attachment.max_megabytes", 20)
        site = make_provider(session)
        make_service(session, site)
        return make_account(
            session,
            Role.STATION,
            organisation=site.organisation,
            division_code=NANJING_EAST_ROAD,
            password_hash=hash_password(PASSWORD),
        )


@pytest.fixture
def phone(page: Page, worker: Account) -> Page:
    page.set_viewport_size(NARROW)
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(worker.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("/")
    return page


def record(phone: Page, thumb: Thumb) -> None:
    thumb.touch(phone.get_by_role("link", name="登记活动"))
    thumb.type(phone.get_by_label("参加人数"), "12")
    thumb.type(phone.get_by_label("时长"), "90")


def send(phone: Page, thumb: Thumb) -> None:
    thumb.touch(phone.get_by_role("button", name="登记", exact=True))


def activities(live_session: LiveSession) -> list[Activity]:
    with live_session() as session:
        return list(session.scalars(sa.select(Activity)))


def test_an_activity_is_recorded_in_at_most_eight_touches_and_forty_seconds(
    phone: Page, live_session: LiveSession, tell: Callable[[str], None]
) -> None:
    thumb, began = Thumb(), monotonic()
    record(phone, thumb)
    assert barriers(phone) == []
    send(phone, thumb)
    phone.get_by_text("活动已登记").wait_for()
    waited = monotonic() - began
    tell(
        f"activity on a phone: {thumb.interactions} interactions, {thumb.seconds} s by thumb, {waited:.1f} s of pages"
    )
    assert thumb.interactions <= MOST_TOUCHES
    assert thumb.seconds + waited <= SECONDS
    assert [one.persons for one in activities(live_session)] == [12]
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_photo_of_the_sheet_is_taken_along(phone: Page, tmp_path: Path) -> None:
    photo = tmp_path / "签到表.jpg"
    photo.write_bytes(jpeg(2000, 1500, located=True))
    thumb = Thumb()
    record(phone, thumb)
    phone.get_by_label("签到表照片").set_input_files(photo)
    send(phone, thumb)
    phone.get_by_role("link", name="下载第 1 份").wait_for()
    with phone.expect_download() as download:
        phone.get_by_role("link", name="下载第 1 份").click()
    assert download.value.suggested_filename.startswith("sheet-")


def test_a_double_click_and_the_way_back_make_one_record(phone: Page, live_session: LiveSession) -> None:
    record(phone, Thumb())
    phone.get_by_role("button", name="登记", exact=True).dblclick()
    phone.get_by_text("活动已登记").wait_for()
    phone.go_back()
    assert phone.get_by_label("参加人数").input_value() == "12"
    phone.get_by_role("button", name="登记", exact=True).click()
    phone.get_by_text("这一天已登记相同的活动").first.wait_for()
    assert phone.get_by_label("参加人数").input_value() == "12"
    assert len(activities(live_session)) == 1


def test_a_stay_that_ended_meanwhile_loses_nothing_that_was_typed(
    phone: Page, live_session: LiveSession
) -> None:
    record(phone, Thumb())
    phone.get_by_label("备注").fill("包粽子 <b>&amp;\"'")
    all_kept(phone)
    with live_session() as session:
        session.execute(sa.update(SignIn).values(last_seen_at=utc_now() - HOURS))
    phone.get_by_role("button", name="登记", exact=True).click()
    phone.get_by_role("main").get_by_label("登录密码").fill(PASSWORD)
    phone.get_by_role("button", name="确认并继续").click()
    phone.get_by_text("活动已登记").wait_for()
    (activity,) = activities(live_session)
    assert (activity.persons, activity.note) == (12, "包粽子 <b>&amp;\"'")


def begin_change(phone: Page, thumb: Thumb) -> None:
    thumb.touch(phone.get_by_role("link", name="申报服务变更"))
    thumb.touch(phone.get_by_role("link", name="生活技能小组"))
    thumb.touch(phone.get_by_role("button", name="申报变更"))


def only_report(live_session: LiveSession) -> ServiceReport:
    with live_session() as session:
        return session.scalars(sa.select(ServiceReport)).one()


def test_a_changed_service_is_reported_in_half_a_minute(
    phone: Page, live_session: LiveSession, tell: Callable[[str], None]
) -> None:
    thumb = Thumb()
    begin_change(phone, thumb)
    thumb.touch(phone.get_by_label("周六"))
    thumb.type(phone.get_by_label("时间"), "08:30–11:30")
    assert barriers(phone) == []
    thumb.touch(phone.get_by_role("button", name="保存并核对"))
    thumb.touch(phone.get_by_role("button", name="提交"))
    phone.get_by_text("已提交，等待区县确认").wait_for()
    tell(f"changed service on a phone: {thumb.interactions} interactions, {thumb.seconds} s by thumb")
    assert thumb.interactions <= MOST_TO_CHANGE
    assert thumb.seconds <= 2 * 60 - SECONDS
    report = only_report(live_session)
    assert (report.state, report.answers["weekdays"]) == (
        ServiceReportState.SUBMITTED,
        ["1", "3", "5", "6"],
    )
    assert report.answers["hours"] == "08:30–11:30"


def test_a_reload_and_a_way_out_while_a_service_is_typed_lose_nothing(
    phone: Page, live_session: LiveSession
) -> None:
    begin_change(phone, Thumb())
    phone.get_by_label("周六").check()
    phone.get_by_label("时间").fill("08:30–11:30 <b>&amp;\"'")
    phone.reload()
    expect(phone.get_by_label("时间")).to_have_value("08:30–11:30 <b>&amp;\"'")
    expect(phone.get_by_label("周六")).to_be_checked()
    phone.get_by_label("申报说明（选填）", exact=True).fill("方便家属")
    phone.goto("/")
    begin_way_back(phone)
    expect(phone.get_by_label("申报说明（选填）", exact=True)).to_have_value("方便家属")
    assert only_report(live_session).answers["explanation"] == "方便家属"
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def begin_way_back(phone: Page) -> None:
    """By the service, which names what is in hand."""
    phone.get_by_role("link", name="申报服务变更").click()
    phone.get_by_role("link", name="生活技能小组").click()
    phone.get_by_role("link", name="本项目有一件未办结的申报").click()
    phone.get_by_role("link", name="修改", exact=True).click()


def test_a_stay_that_ended_while_a_service_is_typed_loses_nothing(
    phone: Page, live_session: LiveSession
) -> None:
    begin_change(phone, Thumb())
    # The step that opened the form still says that the account is there until the form has come.
    phone.get_by_label("时间").wait_for()
    phone.wait_for_load_state("networkidle")
    with live_session() as session:
        session.execute(sa.update(SignIn).values(last_seen_at=utc_now() - HOURS))
    phone.get_by_label("时间").fill("08:30–11:30")
    phone.get_by_label("联系岗位").focus()
    dialog = phone.get_by_role("dialog", name="请确认是您本人")
    dialog.get_by_label("登录密码").fill(PASSWORD)
    dialog.get_by_role("button", name="确认并继续").click()
    dialog.wait_for(state="hidden")
    phone.locator('#saved[data-state="kept"]').wait_for()
    assert only_report(live_session).answers["hours"] == "08:30–11:30"
    phone.get_by_role("button", name="保存并核对").click()
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("已提交，等待区县确认").wait_for()


def test_two_windows_and_double_clicks_make_one_report_and_overwrite_nothing(
    phone: Page, live_session: LiveSession
) -> None:
    phone.get_by_role("link", name="申报服务变更").click()
    phone.get_by_role("link", name="生活技能小组").click()
    phone.get_by_role("button", name="申报变更").dblclick()
    phone.get_by_label("时间").wait_for()
    other = phone.context.new_page()
    other.goto(phone.url)
    phone.get_by_label("时间").fill("上午")
    phone.locator('#saved[data-state="kept"]').wait_for()
    other.get_by_label("时间").fill("全天")
    other.get_by_role("button", name="保存并核对").click()
    other.get_by_text("您打开本页之后，下列内容已被同事修改").wait_for()
    assert barriers(other) == []
    other.get_by_role("button", name="保存并核对").dblclick()
    other.get_by_role("button", name="提交").dblclick()
    other.get_by_text("已提交，等待区县确认").wait_for()
    report = only_report(live_session)
    assert (report.state, report.answers["hours"]) == (ServiceReportState.SUBMITTED, "全天")
