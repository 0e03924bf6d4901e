"""The colours of shares."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.coverage.shades import RAMP, Shade, breaks, legend_of, letters_on, shade_of
from reports.figures.shares import Verdict
from tests.reports.coverage.readings import IN_CHINESE, part, target

BY_HAND = [
    (0, 10, Shade.FIRST), (9, 100, Shade.FIRST), (1, 10, Shade.SECOND), (199, 1000, Shade.SECOND),
    (2, 10, Shade.THIRD), (2999, 10000, Shade.THIRD), (3, 10, Shade.FOURTH), (39, 100, Shade.FOURTH),
    (4, 10, Shade.FIFTH), (10, 10, Shade.FIFTH), (0, 0, Shade.NOBODY),
]  # fmt: skip


@pytest.mark.parametrize(("numerator", "denominator", "shade"), BY_HAND)
def test_a_share_of_a_target_of_30_percent_has_its_step(numerator, denominator, shade):
    assert shade_of(part("310101", numerator, denominator)) is shade


def test_a_place_without_an_institution_is_blank_and_not_zero():
    blank, zero = part("310101", 0, 0, listed=0), part("310104", 0, 5)

    assert (shade_of(blank), shade_of(zero)) == (Shade.BLANK, Shade.FIRST)


@given(st.integers(0, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_no_colour_is_both_met_and_not_met(numerator, denominator, goal, of):
    one = part("31", min(numerator, denominator), denominator, goal=target(min(goal, of), of))

    is_dark = shade_of(one) in (Shade.FOURTH, Shade.FIFTH)

    assert is_dark == (one.share.verdict is Verdict.MET)


def test_without_a_target_the_steps_are_fifths():
    assert shade_of(part("31", 59, 100, goal=None)) is Shade.THIRD
    assert breaks(None) == (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5))


def words(*parts):
    return [entry.words for entry in legend_of(parts, IN_CHINESE)]


def test_the_legend_states_the_limits_and_which_side_of_the_target_they_are():
    assert words(part("31", 1, 10)) == [
        "40%及以上，达标",
        "30%至不足40%，达标",
        "20%至不足30%，未达标",
        "10%至不足20%，未达标",
        "0%至不足10%，未达标",
        "有入库机构，无计入人员",
        "没有入库机构",
    ]


def test_the_legend_of_a_blank_map_still_knows_the_target():
    assert words(part("31", 0, 0, listed=0))[1] == "30%至不足40%，达标"


def test_a_target_that_cannot_be_exceeded_by_a_third_has_one_step_less():
    assert words(part("31", 1, 10, goal=target(9, 10)))[:2] == ["90%及以上，达标", "60%至不足90%，未达标"]


def test_different_targets_are_measured_each_by_its_own():
    said = words(part("310101", 1, 10), part("310104", 1, 10, goal=target(1, 2)))

    assert said[1] == "达标，高出目标不到三分之一"


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("shade", RAMP)
def test_letters_can_be_read_on_every_step(shade):
    lighter, darker = sorted((luminance(RAMP[shade]), luminance(letters_on(shade))), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
