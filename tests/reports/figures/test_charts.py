"""The trend as geometry, checked in the units of its box."""

from datetime import date
from xml.etree import ElementTree as ET

from reports.figures.charts import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, trend_chart, trend_svg
from reports.figures.shares import Share
from reports.figures.trend import TrendPoint
from tests.reports.figures.test_shares import target


def point(day: str, numerator: int, denominator: int, q: int | None = 10) -> TrendPoint:
    """A reading against 3/q."""
    return TrendPoint(date.fromisoformat(day), Share(numerator, denominator, target(3, q) if q else None))


def test_the_line_runs_from_edge_to_edge_and_begins_at_zero() -> None:
    chart = trend_chart([point("2025-01-31", 0, 10), point("2025-02-28", 2, 10), point("2025-03-31", 3, 10)])

    assert chart is not None
    first, _second, last = chart.lines[0].split()
    assert first == f"{float(LEFT)},{float(HEIGHT - BOTTOM)}"
    assert last.startswith(f"{float(WIDTH - RIGHT)},")
    assert [tick.text for tick in chart.percents] == ["0%", "10%", "20%", "30%", "40%"]


def test_months_with_nobody_break_the_line() -> None:
    chart = trend_chart([point("2025-01-31", 1, 2), point("2025-02-28", 0, 0), point("2025-03-31", 1, 2)])

    assert chart is not None
    assert len(chart.lines) == 2


def test_a_new_target_begins_a_new_segment() -> None:
    chart = trend_chart(
        [
            point("2025-01-31", 1, 2, None),
            point("2025-02-28", 1, 2),
            point("2025-03-31", 1, 2, 5),
            point("2025-04-30", 1, 2, 5),
        ]
    )

    assert chart is not None
    assert len(chart.targets) == 2
    assert chart.targets[0].y > chart.targets[1].y


def test_year_ends_are_marked_and_the_last_label_is_not_covered() -> None:
    days = ["2023-01-31", "2023-12-31", "2024-12-31", "2025-12-31", "2026-01-15"]
    chart = trend_chart([point(day, i, 10) for i, day in enumerate(days, start=1)])

    assert chart is not None
    assert [mark.text for mark in chart.marks] == ["10.0%", "20.0%", "30.0%", "50.0%"]


def test_one_reading_is_a_chart_and_none_is_not() -> None:
    assert trend_chart([point("2025-01-31", 1, 2)]) is not None
    assert trend_chart([point("2025-01-31", 0, 0)]) is None


def test_days_on_which_divisions_changed_are_numbered_lines() -> None:
    points = [point("2025-01-01", 1, 10), point("2025-12-31", 2, 10)]
    chart = trend_chart(points, [date(2025, 7, 2)])

    assert chart is not None
    assert [(event.text, event.x) for event in chart.events] == [("1", (LEFT + WIDTH - RIGHT) / 2)]


def test_the_picture_says_in_words_what_it_shows_and_carries_no_style() -> None:
    chart = trend_chart([point("2025-01-31", 1, 10), point("2025-12-31", 2, 10)], [date(2025, 6, 1)])
    assert chart is not None

    picture = ET.fromstring(trend_svg(chart, title="趋势<", description="从 10.0% 到 20.0%"))

    assert picture.get("aria-label") == "趋势< 从 10.0% 到 20.0%"
    assert {"10.0%", "20.0%", "2025", "1"} <= {element.text for element in picture.iter()}
    assert not [element for element in picture.iter() if "style" in element.attrib]
