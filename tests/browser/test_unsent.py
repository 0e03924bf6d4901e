"""A form of one page in a real browser: what is typed and not sent is there again, until the form is taken."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from registry.access.models import Account, Role, SignIn
from registry.access.passwords import hash_password
from registry.clock import utc_now
from registry.organisations.models import Organisation, Site
from registry.services.models import Activity, Service
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, go_in
from tests.factories import make_account, make_parameter, make_provider
from tests.services_factories import make_activity, make_service

PASSWORD = "Kx9#mQ2!vTz7"
HOURS = timedelta(hours=13)
NEW = "/activities/new"
WORDS = "下午的手工活动，　“剪纸”；<b>&amp;\"' 100%"
RELOADS, EXPIRIES = 10, 5
"""In one test of the suite; the long counts take two hundred of each."""
LiveSession = Callable[[], AbstractContextManager[Session]]
Tell = Callable[[str], None]


@pytest.fixture
def author(live_session: LiveSession) -> Account:
    with live_session() as session:
        make_parameter(session, "attachment.max_megabytes", 20)
        site = make_provider(session)
        return make_account(
            session, Role.PROVIDER, organisation=site.organisation, password_hash=hash_password(PASSWORD)
        )


def sign_in(page: Page, account: Account) -> None:
    go_in(page, account.username, PASSWORD)


def kept(page: Page) -> None:
    page.locator('[data-kept][data-state="kept"]').wait_for()


def filled_in(page: Page) -> None:
    page.get_by_text("填写的内容没有提交，已经填回本页。").wait_for()


def shows(page: Page, label: str, words: str) -> None:
    expect(page.get_by_label(label)).to_have_value(words)


def stored(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"))


def reload_while_typing(page: Page, author: Account, tell: Tell, times: int) -> None:
    """The page is left in the middle of a word, and what was typed is compared with what is filled in again."""
    sign_in(page, author)
    page.goto(NEW)
    for number in range(times):
        words = f"{WORDS}{number}"
        page.get_by_label("备注").fill(words)
        page.reload()
        shows(page, "备注", words)
    assert "手工" not in stored(page)
    tell(f"unsent forms: {times} reloads in the middle of a word, 0 characters lost")


def expire_while_typing(
    page: Page, author: Account, live_session: LiveSession, tell: Tell, times: int
) -> None:
    """The sign-in ends before each save."""
    sign_in(page, author)
    page.goto(NEW)
    for number in range(times):
        words = f"{WORDS}{number}"
        with live_session() as session:
            session.execute(sa.update(SignIn).values(last_seen_at=utc_now() - HOURS))
        page.get_by_label("备注").fill(words)
        page.get_by_label("参加人数").focus()
        dialog = page.get_by_role("dialog", name="请确认是您本人")
        dialog.get_by_label("登录密码").fill(PASSWORD)
        dialog.get_by_role("button", name="确认并继续").click()
        dialog.wait_for(state="hidden")
        kept(page)
        page.reload()
        shows(page, "备注", words)
    tell(f"unsent forms: {times} forced expiries, 0 characters lost")


def test_reloads_in_the_middle_of_a_word_lose_not_a_character(
    page: Page, author: Account, tell: Tell
) -> None:
    reload_while_typing(page, author, tell, RELOADS)


def test_forced_expiries_lose_not_a_character(
    page: Page, author: Account, live_session: LiveSession, tell: Tell
) -> None:
    expire_while_typing(page, author, live_session, tell, EXPIRIES)


def test_a_form_that_did_not_arrive_is_there_again_and_one_that_was_taken_is_not(
    page: Page, context: BrowserContext, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    page.goto(NEW)
    page.get_by_label("活动内容").select_option("k:RS09")
    page.get_by_label("参加人数").fill("12")
    page.get_by_label("时长").fill("90")
    page.get_by_label("备注").fill(WORDS)
    context.route(f"**{NEW}", lambda route: route.fulfill(body="somebody else's page"), times=1)
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("somebody else's page").wait_for()

    page.goto(NEW)
    filled_in(page)
    shows(page, "参加人数", "12")
    shows(page, "备注", WORDS)
    assert barriers(page) == []
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_text("活动已登记").wait_for()

    page.goto(NEW)
    page.wait_for_load_state("networkidle")
    shows(page, "备注", "")
    with live_session() as session:
        assert session.scalars(sa.select(Activity.note)).all() == [WORDS.replace("　", " ")]


def test_a_form_with_a_fault_is_kept_as_it_came_back_and_may_be_given_up(page: Page, author: Account) -> None:
    page.set_viewport_size(NARROW)
    sign_in(page, author)
    page.goto(NEW)
    page.get_by_label("参加人数").fill("十个")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("alert").get_by_text("处需要修改").wait_for()
    kept(page)

    page.goto(NEW)
    filled_in(page)
    shows(page, "参加人数", "十个")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.get_by_role("button", name="不要，恢复原样").click()
    shows(page, "参加人数", "")
    page.wait_for_load_state("networkidle")

    page.reload()
    page.wait_for_load_state("networkidle")
    shows(page, "参加人数", "")


@pytest.fixture
def activity(author: Account, live_session: LiveSession) -> str:
    with live_session() as session:
        return make_activity(session, session.scalars(sa.select(Site)).one(), note="剪纸").code


def test_only_what_was_typed_comes_back_over_what_a_colleague_wrote_meanwhile(
    page: Page, author: Account, live_session: LiveSession, activity: str
) -> None:
    sign_in(page, author)
    page.goto(f"/activities/{activity}/correct")
    page.get_by_label("备注").fill(WORDS)
    kept(page)
    with live_session() as session:
        record = session.scalars(sa.select(Activity)).one()
        record.minutes = 77

    page.reload()
    filled_in(page)

    assert "此后这条记录有人改过" in page.get_by_role("main").inner_text()
    shows(page, "备注", WORDS)
    shows(page, "时长", "77")


def test_at_a_shared_computer_the_next_person_finds_nothing(
    page: Page, context: BrowserContext, author: Account, live_session: LiveSession
) -> None:
    with live_session() as session:
        own = session.scalars(sa.select(Organisation)).one()
        next_one = make_account(
            session, Role.PROVIDER, organisation=own, password_hash=hash_password(PASSWORD)
        )
    sign_in(page, author)
    page.goto(NEW)
    page.get_by_label("备注").fill(WORDS)
    kept(page)
    context.clear_cookies()

    sign_in(page, next_one)
    page.goto(NEW)
    page.wait_for_load_state("networkidle")

    shows(page, "备注", "")


def test_an_identity_number_leaves_the_page_with_its_form_alone(page: Page, author: Account) -> None:
    page.set_viewport_size(DESK)
    sign_in(page, author)
    page.goto("/workforce/new")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.get_by_label("身份证号").fill("110101199003070011")
    page.get_by_label("姓名").fill("李示例")
    kept(page)

    page.reload()
    filled_in(page)

    shows(page, "姓名", "李示例")
    shows(page, "身份证号", "")
    assert "证件号码和电话没有暂存" in page.get_by_role("main").inner_text()
    assert not any("110101199003070011" in body for body in sent)


def test_after_a_refusal_what_a_colleague_wrote_is_not_undone_in_silence(
    page: Page, author: Account, live_session: LiveSession, activity: str
) -> None:
    sign_in(page, author)
    page.goto(f"/activities/{activity}/correct")
    page.get_by_label("备注").fill(WORDS)
    page.get_by_label("更正原因").fill("记错了")
    kept(page)
    with live_session() as session:
        session.scalars(sa.select(Activity)).one().minutes = 77
    page.get_by_role("button", name="保存更正").click()
    page.get_by_text("内容已被他人更改").first.wait_for()
    kept(page)

    page.goto(f"/activities/{activity}/correct")
    filled_in(page)

    shows(page, "备注", WORDS)
    shows(page, "时长", "77")
    assert "此后这条记录有人改过" in page.get_by_role("main").inner_text()


def test_a_wrong_password_stays_told_while_words_wait_to_be_kept(
    page: Page, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    page.goto(NEW)
    with live_session() as session:
        session.execute(sa.update(SignIn).values(last_seen_at=utc_now() - HOURS))
    page.get_by_label("备注").fill(WORDS)
    dialog = page.get_by_role("dialog", name="请确认是您本人")
    dialog.get_by_label("登录密码").fill("not the password")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/unsent/keep" in request.url else None)
    dialog.get_by_role("button", name="确认并继续").click()
    told = dialog.get_by_text("密码或验证码不正确")
    told.wait_for()
    page.wait_for_timeout(3_000)

    assert told.is_visible()
    assert asked == []
    dialog.get_by_label("登录密码").fill(PASSWORD)
    dialog.get_by_role("button", name="确认并继续").click()
    kept(page)


def test_a_choice_that_is_offered_no_more_is_not_blanked(
    page: Page, author: Account, live_session: LiveSession
) -> None:
    with live_session() as session:
        code = make_service(session, session.scalars(sa.select(Site)).one()).code
    sign_in(page, author)
    page.goto(NEW)
    page.get_by_label("活动内容").select_option("k:RS09")
    page.get_by_label("活动内容").select_option(f"s:{code}")
    page.get_by_label("备注").fill(WORDS)
    kept(page)
    with live_session() as session:
        session.execute(sa.delete(Service))

    page.goto(NEW)
    filled_in(page)

    shows(page, "备注", WORDS)
    assert page.get_by_label("活动内容").evaluate("select => select.selectedIndex") >= 0
