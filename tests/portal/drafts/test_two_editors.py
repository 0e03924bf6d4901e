"""Two people on one topic of a draft, with scripts and without: each answer is judged by itself, and said whose."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.drafts.merging import Page
from registry.drafts.operations import save_answers
from registry.organisations.models import Site
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.workflow import EntryStep
from tests.entry_factories import Desk, lay_out_terms, make_entry
from tests.factories import NOW, make_account, make_organisation, make_site
from tests.portal.pages import Page as Shown
from tests.portal.polite import Polite, filled

SignIn = Callable[..., Actor]
LATER = "保存，稍后再填"


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    site = make_site(session, make_organisation(session, name="示例心晴中心"))
    session.commit()
    return site


@pytest.fixture
def entry(session: Session, site: Site) -> ProviderEntry:
    entry = make_entry(session, site, answers={"area": "100", "hours": "上午", "phone": "021-1"})
    session.commit()
    return entry


@pytest.fixture
def mine(session: Session, polite: Polite, site: Site, entry: ProviderEntry, sign_in: SignIn) -> Shown:
    """The topic, opened before the colleague saves anything."""
    sign_in(account=make_account(session, Role.PROVIDER, organisation=site.organisation, name="张示例"))
    return polite.get(f"/provider-entries/{entry.code}/topics/site")


@pytest.fixture
def her(session: Session, site: Site) -> Actor:
    account = make_account(session, Role.PROVIDER, organisation=site.organisation, name="李示例")
    return Actor.of(account.positions[0])


def colleague_saves(session: Session, entry: ProviderEntry, her: Actor, **typed: str) -> None:
    save_answers(session, entry, typed, base=entry.version, actor=her, at=NOW, page=Page({}, "h" * 32))
    session.commit()


def answers_of(session: Session) -> dict[str, Any]:
    session.expire_all()
    return dict(session.scalars(sa.select(ProviderEntry)).one().answers)


def sent_by(page: Shown, **typed: Any) -> dict[str, Any]:
    """What the script of the page sends while somebody types: all fields, as they stand."""
    return filled(page, page.form("保存并继续"), typed, "保存并继续")


def autosaved(client: FlaskClient, page: Shown, data: dict[str, Any]) -> Any:
    answer = client.post(f"{page.url}/save", data=data)
    assert answer.status_code == 200
    return answer.json


def test_an_autosave_never_puts_back_what_a_colleague_has_changed(
    client: FlaskClient,
    session: Session,
    entry: ProviderEntry,
    mine: Shown,
    her: Actor,
) -> None:
    colleague_saves(session, entry, her, hours="全天")

    first = autosaved(client, mine, sent_by(mine, 服务场地面积="2"))
    second = autosaved(
        client, mine, sent_by(mine, 服务场地面积="260") | {"version": first["version"], "turn": 2}
    )

    assert answers_of(session) == {"area": "260", "hours": "全天", "phone": "021-1"}
    assert first["found"]["hours"] == second["found"]["hours"] == "全天"
    assert "李示例于" in first["theirs"]["hours"]
    assert "他人修改了 1 处" in first["sentence"]


def test_the_page_of_a_clash_takes_over_what_was_not_typed_and_says_whose_it_is(
    polite: Polite,
    session: Session,
    entry: ProviderEntry,
    mine: Shown,
    her: Actor,
) -> None:
    colleague_saves(session, entry, her, hours="全天", area="111")

    clash = polite.submit(mine, {"服务场地面积": "222"}, button=LATER, status=409)

    assert [row for row in clash.rows if row[0] == "服务场地面积"] == [
        ["服务场地面积", "111 平方米", "222 平方米"]
    ]
    assert 'value="全天"' in clash.html
    assert 'value="222"' in clash.html
    assert "李示例于" in clash.main
    assert clash.main.count("李示例") == 2, "once beside the clash, once beside what was taken over"
    polite.submit(clash, button=LATER)
    assert answers_of(session) == {"area": "222", "hours": "全天", "phone": "021-1"}


@pytest.mark.parametrize("button", [LATER, "保存并继续"])
def test_the_next_page_says_what_a_colleague_changed(
    polite: Polite,
    session: Session,
    entry: ProviderEntry,
    mine: Shown,
    her: Actor,
    button: str,
) -> None:
    rest = {"service_area": "南京东路街道", "contact": "服务台", "phone": "021-00000000"}
    colleague_saves(session, entry, her, hours="全天", **rest)

    page = polite.submit(mine, {"服务场地面积": "260"}, button=button)

    assert "您填写期间，李示例修改了：" in page.html
    assert answers_of(session)["hours"] == "全天"
    assert answers_of(session)["area"] == "260"


def test_a_page_with_faults_takes_over_too(
    polite: Polite, session: Session, entry: ProviderEntry, mine: Shown, her: Actor
) -> None:
    colleague_saves(session, entry, her, hours="全天")

    page = polite.submit(mine, {"服务场地面积": "很大"}, button="保存并继续", status=200)

    assert "不是数字" in page.errors[0]
    assert 'value="全天"' in page.html
    assert "李示例于" in page.main


@pytest.mark.parametrize("typed", ["", "上午", "晚上"], ids=["deleted", "as before", "typed on"])
def test_a_page_whose_reply_was_lost_is_no_colleague(
    client: FlaskClient, polite: Polite, session: Session, mine: Shown, typed: str
) -> None:
    autosaved(client, mine, sent_by(mine, 开放时间="全天"))

    polite.submit(mine, {"开放时间": typed}, button=LATER)

    assert answers_of(session)["hours"] == typed


@pytest.mark.parametrize(
    "found",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '{"hours": 7, "area": {"a": []}, "phone": [1], "unknown": "x"}',
        "[" * 9999,
        "9" * 9999,
    ],
)
@pytest.mark.parametrize("turn", ["", "-1", "9" * 30])
def test_a_page_that_says_nonsense_of_itself_overwrites_nobody(
    client: FlaskClient,
    session: Session,
    entry: ProviderEntry,
    mine: Shown,
    her: Actor,
    found: str,
    turn: str,
) -> None:
    colleague_saves(session, entry, her, hours="全天")

    autosaved(client, mine, sent_by(mine, 服务场地面积="260") | {"found": found, "turn": turn})

    assert answers_of(session) == {"area": "260", "hours": "全天", "phone": "021-1"}


def test_what_was_typed_after_a_colleague_handed_in_comes_back_to_be_copied(
    polite: Polite, session: Session, site: Site, entry: ProviderEntry, mine: Shown
) -> None:
    desk = Desk(session, site)
    entry.answers = {**entry.answers, "capacity": "40"}
    entry.state = EntryState.RETURNED
    desk.take(entry, EntryStep.WITHDRAW, desk.own)
    session.commit()

    page = polite.submit(mine, {"开放时间": "一大段新的话；<b>引号”"}, button=LATER, status=409)

    assert page.heading == "您填写的内容没有保存"
    assert page.rows == [["开放时间", "上午", "一大段新的话；<b>引号”"]]
    assert "已变为“已撤回”" in page.main
    assert desk.own.name in page.main
    assert answers_of(session)["hours"] == "上午"


def test_who_typed_nothing_of_his_own_is_led_to_what_was_handed_in(
    polite: Polite, session: Session, entry: ProviderEntry, mine: Shown
) -> None:
    entry.state = EntryState.SUBMITTED
    session.commit()

    page = polite.submit(mine, button=LATER)

    assert "待初核" in page.heading


def test_a_page_says_as_json_what_it_was_drawn_with(mine: Shown) -> None:
    (found,) = (one.get("value") for one in mine.all("input") if one.get("name") == "found")
    assert json.loads(found) == {
        "area": "100",
        "hours": "上午",
        "phone": "021-1",
        "service_area": "",
        "contact": "",
    }
