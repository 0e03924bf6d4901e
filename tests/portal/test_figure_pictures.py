"""The pictures of a figure page and what stands beneath them: in words too, and leading to their sources."""

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
from tests.factories import NOW, make_division, make_provider, make_staff
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, STREET, lay_out_city

PAGE = "/figures/qualified-share"
SignIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    """14 of 50 in 南京东路街道: 2 points short."""
    lay_out_city(session)
    make_staff(session, make_provider(session, name="示例康复服务中心"), qualified=14, other=36)


def test_the_trend_is_a_picture_with_a_table(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    page = polite.get(f"{PAGE}?on=2025-03-15")

    drawing = next(element for element in page.tree.iter() if "逐月" in element.get("aria-label", ""))
    assert "2023-01-31为28.0%，2025-03-15为28.0%，目标30%。" in drawing.get("aria-label")
    assert "style=" not in page.html.partition("<main")[2].partition("</main>")[0]
    months = [row for row in page.rows if row[0][:4] in ("2023", "2024", "2025")]
    assert [months[0], months[-1]] == [
        ["2025-03-15", "14", "50", "28.0%", "✗未达标"],
        ["2023-01-31", "14", "50", "28.0%", "✗未达标"],
    ]
    assert len(months) == 27


def test_the_districts_stand_in_order_above_their_table(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    page = polite.get(PAGE)

    drawing = next(element for element in page.tree.iter() if "由高到低" in element.get("aria-label", ""))
    assert "共 2 个，1 个未达标。" in drawing.get("aria-label")


def test_a_page_states_its_formula_source_rule_time_and_signature(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    page = polite.get(PAGE)

    for words in ("公式", "10 × 分子 ≥ 3 × 分母为达标", "沪民残福发", "计算时间", "签认"):
        assert words in page.main


def test_a_division_change_is_a_numbered_mark_on_the_trend_that_leads_to_what_it_did(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_division(session, "310101098", name="示例旧街道")
    line = ChangeLine(2, ChangeKind.MERGE, "310101098", STREET, "南京东路街道", date(2024, 7, 1), "测试")
    apply_change(session, plan_change(session, [line]), at=NOW, by="测试")
    sign_in(Role.CITY)

    page = polite.get(PAGE)

    assert "合并 示例旧街道 → 南京东路街道" in page.main
    assert polite.follow(page, "2024-07-01区划调整").heading
    assert "区划调整" not in polite.get(f"{PAGE}?on=2024-06-30").main


def test_where_no_target_is_set_nobody_is_said_to_miss_it(polite: Polite, sign_in: SignIn) -> None:
    sign_in(Role.CITY)

    page = polite.get("/figures/certified-share")
    on_map = polite.get("/map?figure=certified-share&view=table")
    rows = [row for one in (page, on_map) for row in one.rows if row[0] == "黄浦区"]

    beside = page.main.rpartition("相关专业学历从业人员占比")[0]
    assert "有从业人员的入库机构；没有规定目标，不作达标与否的判断。" in beside
    assert "未达标" not in beside
    assert "深色为达标" not in page.main
    assert [row[1] for row in rows] == ["1", "-- / 1"]


def test_what_lies_in_no_street_is_neither_drawn_nor_counted_among_them(
    polite: Polite, sign_in: SignIn, session: Session
) -> None:
    make_staff(session, make_provider(session, division_code=HUANGPU), qualified=0, other=5)
    sign_in(Role.CITY)

    page = polite.get(f"{PAGE}?division={HUANGPU}")

    drawing = next(element for element in page.tree.iter() if "由高到低" in element.get("aria-label", ""))
    assert "共 3 个，1 个未达标。" in drawing.get("aria-label")
    assert "没有入库机构" in "".join(drawing.itertext())
