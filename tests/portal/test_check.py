"""The page on which a paper is checked: what was printed, whether it still holds, and what a stranger sees of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.divisions.changes import ChangeLine
from registry.divisions.models import ChangeKind
from registry.divisions.operations import apply_change
from registry.divisions.planning import plan_change
from registry.documents.codes import grouped
from registry.organisations.models import Site
from tests.factories import NOW, make_post, make_practitioner, make_provider, make_staff
from tests.portal.polite import Polite
from tests.portal.test_documents import DAY, issued, press
from tests.reports.figures.worlds import OTHER_STREET, STREET, lay_out_city

SignIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


@pytest.fixture
def centre(session: Session) -> Site:
    """14 of 50 in 南京东路街道."""
    site = make_provider(session, name="示例康复服务中心")
    make_staff(session, site, qualified=14, other=36)
    return site


def test_the_check_page_shows_what_was_printed_and_that_it_still_holds(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)
    press(polite.client)
    document = issued(session)

    page = polite.get(f"/check/{document.code}")

    for words in ("黄浦区", DAY, "28.0%", "14", "50", str(document.sha256), "一致", document.actor_name):
        assert words in page.main
    assert page.links["查看指标、口径和该日的分列"].startswith("/figures/qualified-share?")
    polite.get(page.links["查看该日的机构和人员明细"])


def test_the_check_page_sets_then_and_now_side_by_side(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    sign_in(Role.DISTRICT)
    press(polite.client)
    make_post(session, make_practitioner(session), centre)
    session.commit()

    page = polite.get(f"/check/{issued(session).code}")

    assert "已变化" in page.main
    assert ["合计", "14 / 50 · 28.0%", "14 / 51 · 27.5%"] in page.rows
    assert ["南京东路街道", "14 / 50", "14 / 51"] in page.rows


def test_a_place_that_was_merged_since_is_not_called_a_correction(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    make_staff(session, make_provider(session, division_code=OTHER_STREET), qualified=1, other=9)
    sign_in(Role.DISTRICT)
    press(polite.client, division=STREET)
    line = ChangeLine(2, ChangeKind.MERGE, STREET, OTHER_STREET, "外滩街道", date(2026, 11, 21), "测试")
    apply_change(session, plan_change(session, [line]), at=NOW, by="测试")
    session.commit()

    page = polite.get(f"/check/{issued(session).code}")

    assert "出具之后区划有调整，现在的结果按黄浦区外滩街道计算" in page.main
    assert "14 / 50 · 28.0%" in page.main
    assert "15 / 60 · 25.0%" in page.main
    assert "补正" not in page.main


def test_without_a_sign_in_the_check_page_shows_the_paper_and_no_more(
    polite: Polite, sign_in: SignIn, session: Session, centre: Site
) -> None:
    actor = sign_in(Role.DISTRICT)
    press(polite.client)
    with polite.client.session_transaction() as cookie:
        cookie.clear()

    page = polite.get(f"/check?code={grouped(issued(session).code).upper()}", 303)
    shown = polite.get(page.response.headers["Location"])

    assert "28.0%" in shown.main
    assert actor.name not in shown.main
    assert "现在的结果、指标定义和明细，登录后" in shown.main


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ppppp-ppppp", "没有以核验码“ppppp-ppppp”出具过文件"),
        ("0000000000", "不是核验码"),
        ("<b>", "不是核验码"),
    ],
)
def test_a_code_that_nobody_issued_is_refused_with_the_remedy(polite: Polite, typed: str, words: str) -> None:
    page = polite.get(f"/check?code={typed}", 404)

    assert words in page.main
    assert "对照" in page.main
