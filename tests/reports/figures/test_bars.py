"""Places in order, as bars: which come, in what order, how long, and what the picture says of itself."""

from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree as ET

from registry.divisions.codes import Level
from registry.workforce.counting import Basis
from reports.figures.bars import NAMES, NUMBERS, WIDTH, Absences, bar_chart, bars_svg, shortened
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import InstitutionTally, Part, Reading
from reports.figures.shares import Share
from tests.reports.figures.test_shares import target
from tests.reports.figures.worlds import ASSIGNED, CITY, ON

ABSENCES = Absences(nobody="无人员", blank="无机构")
ROOM = WIDTH - NAMES - NUMBERS


def part(code: str, numerator: int, denominator: int, **facts: object) -> Part:
    """A district with a 30% target."""
    one = Share(numerator, denominator, target(3, 10))
    return Part(code, f"示例{code}区", Level.DISTRICT, one, InstitutionTally(0, 0, 1), **facts)


def reading_of(*parts: Part) -> Reading:
    """A city with these districts."""
    whole = Share(3, 10, target(3, 10))
    tally = InstitutionTally(0, 0, len(parts))
    return Reading(
        figure=QUALIFIED_SHARE, rule=ASSIGNED, on=ON, basis=Basis.TODAY, code=CITY, name="示例市",
        share=whole, institutions=tally, by=Level.DISTRICT, parts=parts,
    )  # fmt: skip


def test_the_highest_share_comes_first_and_those_without_staff_last() -> None:
    chart = bar_chart(reading_of(part("1", 1, 10), part("2", 0, 0), part("3", 4, 10), part("4", 3, 10)))

    assert chart is not None
    assert [bar.name for bar in chart.bars] == ["示例3区", "示例4区", "示例1区", "示例2区"]
    assert [bar.length for bar in chart.bars] == [ROOM, ROOM * 0.75, ROOM * 0.25, None]


def test_the_target_stands_where_a_bar_of_its_length_would_end() -> None:
    chart = bar_chart(reading_of(part("1", 6, 10), part("2", 1, 10)))

    assert chart is not None
    assert chart.target_x == NAMES + ROOM / 2
    assert chart.target_text == "30%"


def test_a_bar_says_its_verdict_by_a_sign_and_never_rounds_it_away() -> None:
    chart = bar_chart(reading_of(part("1", 80, 267), part("2", 3, 10)))

    assert chart is not None
    assert [bar.label for bar in chart.bars] == ["✓ 30.0%  3/10", "✗ 29.96%  80/267"]
    assert Fraction(80, 267) < Fraction(3, 10)


def test_the_rest_of_a_division_is_no_place_in_the_order() -> None:
    rest = part("1", 1, 10, is_rest=True)

    chart = bar_chart(reading_of(part("2", 1, 10), part("3", 1, 10), rest))

    assert chart is not None
    assert len(chart.bars) == 2


def test_one_place_or_too_many_or_nobody_at_all_are_no_chart() -> None:
    assert bar_chart(reading_of(part("1", 1, 10))) is None
    assert bar_chart(reading_of(*(part(str(i), 1, 10) for i in range(41)))) is None
    assert bar_chart(reading_of(part("1", 0, 0), part("2", 0, 0))) is None


def test_the_picture_holds_every_name_as_text_and_is_well_formed() -> None:
    chart = bar_chart(reading_of(part("<1&", 1, 10), part("2", 0, 0)))
    assert chart is not None

    picture = ET.fromstring(bars_svg(chart, title="各区", description="1 个未达标", absences=ABSENCES))

    assert picture.get("aria-label") == "各区 1 个未达标"
    assert {"示例<1&区", "示例2区", "无人员", "30%"} <= {element.text for element in picture.iter()}
    assert not [element for element in picture.iter() if "style" in element.attrib]


def test_a_place_without_institutions_is_told_apart_from_one_without_staff() -> None:
    blank = replace(part("3", 0, 0), institutions=InstitutionTally(0, 0, 0))
    chart = bar_chart(reading_of(part("1", 1, 10), part("2", 0, 0), blank))
    assert chart is not None

    picture = bars_svg(chart, title="", description="", absences=ABSENCES)

    assert [bar.is_blank for bar in chart.bars] == [False, False, True]
    assert (
        picture.index("示例2区")
        < picture.index("无人员")
        < picture.index("示例3区")
        < picture.index("无机构")
    )


def test_a_long_name_is_cut_with_a_mark() -> None:
    assert shortened("中国（上海）自由贸易试验区") == "中国（上海）自…"
