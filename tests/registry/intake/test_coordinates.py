"""Points are brought to WGS-84 once, and what cannot be in China is told apart from what is swapped."""

import math

import pytest

from registry.intake.coordinates import Crs, latitude, longitude, to_wgs84
from registry.parsing import Cell, CellProblem


def metres(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The distance of two near points on a sphere of 6,371 km."""
    north = math.radians(second[0] - first[0])
    east = math.radians(second[1] - first[1]) * math.cos(math.radians(first[0]))
    return 6_371_000 * math.hypot(north, east)


def test_a_wgs84_point_is_kept_to_the_last_digit():
    assert to_wgs84(31.2304, 121.4737, Crs.WGS84) == (31.2304, 121.4737)


def test_a_gcj02_point_moves_back_by_some_five_hundred_metres():
    # both points from the shipped file: 上海市精神卫生中心
    moved = to_wgs84(31.18731, 121.4481, Crs.GCJ02)
    assert metres(moved, (31.1892, 121.4435)) < 3.5
    assert 400 < metres((31.18731, 121.4481), (31.1892, 121.4435)) < 600


def test_a_bd09_point_moves_back_over_both_offsets():
    # the Baidu point of the same place: GCJ-02 (121.4481, 31.18731) by the published formula
    angle = math.atan2(31.18731, 121.4481) + 0.000003 * math.cos(121.4481 * math.pi * 3000 / 180)
    radius = math.hypot(121.4481, 31.18731) + 0.00002 * math.sin(31.18731 * math.pi * 3000 / 180)
    baidu = (radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065)
    assert metres(to_wgs84(*baidu, Crs.BD09), (31.1892, 121.4435)) < 5


@pytest.mark.parametrize(
    ("parse", "cell", "words"),
    [
        (latitude, 121.4737, "像经度"),
        (longitude, 31.2304, "像纬度"),
        (latitude, 60.0, "不在中国范围内"),
        (latitude, "0", "不在中国范围内"),
        (longitude, 2.35, "不在中国范围内"),
        (longitude, "-121.4737", "不在中国范围内"),
        (latitude, "31°13′49″", "不是数字"),
    ],
)
def test_a_wrong_degree_is_refused_in_words_that_fit(parse: object, cell: Cell, words: str):
    with pytest.raises(CellProblem) as caught:
        parse(cell)  # type: ignore[operator]  # either parser
    assert words in str(caught.value.message)


def test_swapped_degrees_are_said_to_be_swapped():
    with pytest.raises(CellProblem) as caught:
        latitude(121.4737)
    assert "填反" in str(caught.value.remedy)


def test_the_far_corners_of_the_country_are_inside():
    assert latitude("3.9") == 3.9
    assert latitude(53.5) == 53.5
    assert longitude("73.5") == 73.5
    assert longitude(135.0) == 135.0
