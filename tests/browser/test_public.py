"""A family finds a place, and writes to the district, on a phone and at a desk."""

import pytest

from registry.divisions.models import DivisionKind
from registry.policy.loading import load_policy
from tests.browser.accessibility import barriers
from tests.browser.conftest import DESK, NARROW
from tests.factories import make_division, make_organisation, make_site, make_standing
from tests.services_factories import make_service


@pytest.fixture
def place(live_session) -> None:
    with live_session() as session:
        load_policy(session)
        make_division(session, "3101", name="市辖区", kind=DivisionKind.PSEUDO)
        for code, name in (("31", "上海市"), ("310101", "黄浦区"), ("310101002", "南京东路街道")):
            make_division(session, code, name=name)
        organisation = make_organisation(session, name="曾氏康复之家")
        make_standing(session, organisation)
        site = make_site(session, organisation, name="曾氏康复之家")
        make_service(session, site, phone="021-00000001")
        session.commit()


@pytest.mark.parametrize("screen", [NARROW, DESK], ids=["360", "1366"])
def test_a_family_finds_the_phone_and_reads_an_answer_code_without_signing_in(page, place, screen) -> None:
    page.set_viewport_size(screen)
    seen = []

    def look() -> None:
        seen.extend(barriers(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
        assert "精神" not in page.title()

    page.goto("/public/")
    look()
    for name in ("上海市", "黄浦区", "南京东路街道"):
        page.get_by_role("link", name=name).last.click()
        look()
    assert page.get_by_role("link", name="021-00000001").get_attribute("href") == "tel:021-00000001"
    page.get_by_role("link", name="大字版").click()
    look()
    page.get_by_role("textbox", name="按名称查找").fill("zengshi")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="曾氏康复之家").click()
    look()
    page.get_by_role("link", name="对这个服务点有疑问或不满意").click()
    look()
    page.get_by_label("您想说的话").fill("请问周末开门吗？")
    page.get_by_role("button", name="提交").click()
    assert page.get_by_role("heading", level=1).inner_text() == "已收到"
    look()
    assert not seen
    assert page.context.cookies() == [] or {one["name"] for one in page.context.cookies()} <= {
        "session",
        "scripts",
    }
