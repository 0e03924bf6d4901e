"""A draft in a real browser: kept while it is typed, through expiry, reload, back, double click and a cut line."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy.orm import Session

from registry.access.models import Account, Role, SignIn
from registry.access.passwords import hash_password
from registry.clock import utc_now
from registry.organisations.models import Organisation
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.workflow import EntryStep
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW, PATIENCE_MS, LiveServer, go_in
from tests.entry_factories import ENTRY_ANSWERS, Desk, lay_out_terms, make_entry
from tests.factories import make_account, make_organisation, make_site

PASSWORD = "Kx9#mQ2!vTz7"
HOURS = timedelta(hours=13)
EXPIRIES = 10
"""In one test of the suite; the long counts take two hundred."""
LiveSession = Callable[[], AbstractContextManager[Session]]
Tell = Callable[[str], None]
WORDS = "　周一至周五 9:00—16:30（法定节假日休息）；<b>&amp;\"' 100% “引号”"


@pytest.fixture
def author(live_session: LiveSession) -> Account:
    with live_session() as session:
        lay_out_terms(session)
        site = make_site(session, make_organisation(session))
        make_entry(session, site, answers={})
        return make_account(
            session, Role.PROVIDER, organisation=site.organisation, password_hash=hash_password(PASSWORD)
        )


def sign_in(page: Page, account: Account) -> None:
    go_in(page, account.username, PASSWORD)


def kept(live_session: LiveSession) -> dict[str, object]:
    with live_session() as session:
        return dict(session.scalars(sa.select(ProviderEntry)).one().answers)


def opened(page: Page, live_session: LiveSession) -> None:
    with live_session() as session:
        code = session.scalars(sa.select(ProviderEntry.code)).one()
    page.goto(f"/provider-entries/{code}/topics/site")


def expire(live_session: LiveSession) -> None:
    with live_session() as session:
        session.execute(sa.update(SignIn).values(last_seen_at=utc_now() - HOURS))


def saved(page: Page) -> None:
    page.locator('#saved[data-state="kept"]').wait_for()


def prove(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="请确认是您本人")
    dialog.wait_for()
    dialog.get_by_label("登录密码").fill(PASSWORD)
    dialog.get_by_role("button", name="确认并继续").click()
    dialog.wait_for(state="hidden")


def stored(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"))


def shows(page: Page, label: str, words: str) -> None:
    expect(page.get_by_label(label)).to_have_value(words)


def expire_while_typing(
    page: Page, author: Account, live_session: LiveSession, tell: Tell, times: int
) -> None:
    """The sign-in ends before each save, and what was typed is compared with what is kept."""
    sign_in(page, author)
    opened(page, live_session)
    for number in range(times):
        words = f"{WORDS}{number}"
        expire(live_session)
        page.get_by_label("开放时间").fill(words)
        page.get_by_label("联系岗位").focus()
        prove(page)
        saved(page)
        assert kept(live_session)["hours"] == words.strip()
    assert "周一至周五" not in stored(page)
    tell(f"drafts: {times} forced expiries, 0 characters lost, nothing in the browser's storage")


def test_forced_expiries_lose_not_a_character(
    page: Page, author: Account, live_session: LiveSession, tell: Tell
) -> None:
    expire_while_typing(page, author, live_session, tell, EXPIRIES)


def test_reload_back_and_another_window_find_what_was_typed(
    page: Page, context: BrowserContext, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    opened(page, live_session)
    page.get_by_label("开放时间").fill(WORDS)
    page.reload()
    shows(page, "开放时间", WORDS.strip())

    page.get_by_label("联系岗位").fill("服务台")
    page.get_by_role("link", name="填写情况").click()
    page.go_back()
    shows(page, "联系岗位", "服务台")
    assert "服务台" not in stored(page)
    other = context.new_page()
    other.goto(page.url)
    shows(other, "联系岗位", "服务台")


def test_a_cut_line_is_said_and_what_was_typed_goes_out_when_it_is_back(
    page: Page, context: BrowserContext, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    opened(page, live_session)
    context.route("**/save", lambda route: route.abort())
    page.get_by_label("开放时间").fill(WORDS)
    page.locator('#saved[data-state="failed"]').wait_for()
    assert "未能保存，正在重试" in page.locator("#saved").inner_text()
    context.unroute("**/save")
    saved(page)
    assert kept(live_session)["hours"] == WORDS.strip()


def test_two_windows_of_one_person_overwrite_nothing_in_silence(
    page: Page, context: BrowserContext, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    opened(page, live_session)
    other = context.new_page()
    other.goto(page.url)
    page.get_by_label("开放时间").fill("上午")
    saved(page)
    other.get_by_label("开放时间").fill("全天")
    other.locator('#saved[data-state="clash"]').wait_for()
    other.get_by_role("button", name="保存，稍后再填").click()
    assert "您打开本页之后，下列内容已被同事修改" in other.get_by_role("main").inner_text()
    assert barriers(other) == []
    other.get_by_role("button", name="保存，稍后再填").click()
    assert kept(live_session)["hours"] == "全天"


@pytest.fixture
def colleague(
    browser: Browser, live_server: LiveServer, author: Account, live_session: LiveSession
) -> Iterator[Page]:
    """Another person of the same institution at another computer, with the same topic open."""
    with live_session() as session:
        own = session.scalars(sa.select(Organisation)).one()
        account = make_account(
            session, Role.PROVIDER, organisation=own, name="李示例", password_hash=hash_password(PASSWORD)
        )
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport=DESK)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    sign_in(page, account)
    opened(page, live_session)
    yield page
    context.close()


def test_two_people_on_different_answers_keep_both_and_see_who_changed_what(
    page: Page, author: Account, live_session: LiveSession, colleague: Page
) -> None:
    sign_in(page, author)
    opened(page, live_session)
    colleague.get_by_label("开放时间").fill("全天")
    saved(colleague)

    page.get_by_label("服务场地面积").fill("2")
    saved(page)
    shows(page, "开放时间", "全天")
    assert "李示例于" in page.get_by_role("main").inner_text()
    assert "他人修改了 1 处" in page.locator("#saved").inner_text()
    assert barriers(page) == []
    for words in ("26", "260"):
        page.get_by_label("服务场地面积").fill(words)
        page.get_by_label("联系岗位").focus()
        expect(page.locator("#saved")).to_have_text(re.compile("^已自动保存 [0-9:]+$"))
    page.get_by_role("button", name="保存，稍后再填").click()
    page.get_by_role("heading", name="要填写的内容").wait_for()
    assert kept(live_session) == {"hours": "全天", "area": "260"}


def test_who_types_on_an_answer_while_a_colleagues_arrives_is_asked(
    page: Page, context: BrowserContext, author: Account, live_session: LiveSession, colleague: Page
) -> None:
    sign_in(page, author)
    opened(page, live_session)
    colleague.get_by_label("开放时间").fill("全天")
    saved(colleague)

    def answer_late(route: Route) -> None:
        reply = route.fetch()
        page.get_by_label("开放时间").fill("下午")
        route.fulfill(response=reply)

    context.route("**/save", answer_late, times=1)
    page.get_by_label("服务场地面积").fill("260")
    page.locator('#saved[data-state="clash"]').wait_for()

    shows(page, "开放时间", "下午")
    assert kept(live_session) == {"hours": "全天", "area": "260"}
    page.get_by_role("button", name="保存，稍后再填").click()
    assert "李示例" in page.get_by_role("main").inner_text()
    page.get_by_role("button", name="保存，稍后再填").click()
    page.get_by_role("heading", name="要填写的内容").wait_for()
    assert kept(live_session) == {"hours": "下午", "area": "260"}


@pytest.mark.parametrize("then", ["", "上午半天"], ids=["deleted", "typed on"])
def test_after_a_lost_reply_a_page_goes_on_as_if_it_had_come(
    page: Page, context: BrowserContext, author: Account, live_session: LiveSession, then: str
) -> None:
    sign_in(page, author)
    opened(page, live_session)

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    context.route("**/save", lose_the_reply, times=1)
    page.get_by_label("开放时间").fill("上午")
    page.locator('#saved[data-state="failed"]').wait_for()
    assert kept(live_session) == {"hours": "上午"}

    page.get_by_label("开放时间").fill(then)
    saved(page)

    assert kept(live_session) == {"hours": then}


def test_words_typed_after_a_colleague_handed_in_come_back(
    page: Page, author: Account, live_session: LiveSession
) -> None:
    sign_in(page, author)
    opened(page, live_session)
    with live_session() as session:
        entry = session.scalars(sa.select(ProviderEntry)).one()
        entry.state, entry.submitted_at = EntryState.SUBMITTED, utc_now()

    page.get_by_label("开放时间").fill(WORDS)
    page.locator('#saved[data-state="refused"]').wait_for()
    page.get_by_role("button", name="保存，稍后再填").click()

    page.get_by_role("heading", name="您填写的内容没有保存").wait_for()
    assert WORDS.strip() in page.get_by_role("main").inner_text()
    assert barriers(page) == []


def test_a_double_click_on_save_is_one_save(page: Page, author: Account, live_session: LiveSession) -> None:
    sign_in(page, author)
    opened(page, live_session)
    page.get_by_label("开放时间").fill(WORDS)
    page.get_by_role("button", name="保存，稍后再填").dblclick()
    page.get_by_role("heading", level=1).wait_for()
    assert kept(live_session)["hours"] == WORDS.strip()


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["360", "1366"])
def test_the_pages_of_a_draft_have_no_barriers(
    page: Page, author: Account, live_session: LiveSession, screen
) -> None:
    page.set_viewport_size(screen)
    sign_in(page, author)
    opened(page, live_session)
    for link in ("填写情况", "填写服务内容", "填写情况", "核对全部内容并提交"):
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
        page.get_by_role("link", name=link).first.click()
    assert barriers(page) == []


def test_on_a_phone_an_answer_with_a_finding_and_a_remark_is_read_in_whole(
    page: Page, live_session: LiveSession, author: Account
) -> None:
    page.set_viewport_size(NARROW)
    with live_session() as session:
        entry = session.scalars(sa.select(ProviderEntry)).one()
        entry.answers = dict(ENTRY_ANSWERS) | {"direct_staff": "9"}
        desk = Desk(session, entry.site)
        desk.take(entry, EntryStep.SUBMIT, desk.own)
        remarks = {"direct_staff": "与从业人员名单不一致，请核对以后重新填写，并附上劳动合同。" * 3}
        desk.take(entry, EntryStep.RETURN, desk.district, reason="人数不符", facts=remarks)
        code = entry.code
    sign_in(page, author)
    page.goto(f"/provider-entries/{code}/answers")
    cell = page.get_by_role("cell").filter(has_text="第 1 次意见")
    boxes = [part.bounding_box() for part in cell.locator(".answer, .answer__note").all()]
    assert len(boxes) >= 3
    assert all(box is not None and box["x"] >= 16 and box["x"] + box["width"] <= 344 for box in boxes)
    assert all(box is not None and box["width"] >= 60 for box in boxes[1:])
    tops = [box["y"] for box in boxes if box is not None]
    assert tops == sorted(set(tops)), "one below the other"
