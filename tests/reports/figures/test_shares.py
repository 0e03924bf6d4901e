"""Verdicts and gaps in integers, against fractions and against trying every number."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from registry.policy.models import Grade
from registry.policy.queries import TargetInForce
from reports.figures.shares import Share, Verdict
from reports.figures.wording import percent_text, points_text, target_text


def target(p: int, q: int) -> TargetInForce:
    """At least p/q."""
    day = date(2025, 12, 31)
    return TargetInForce("qualified-share", "31", p, q, day, day, False, "测试", Grade.DESIGN)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    """Any share with any target."""
    denominator = draw(st.integers(0, 60))
    numerator = draw(st.integers(0, denominator))
    q = draw(st.integers(1, 20))
    return Share(numerator, denominator, target(draw(st.integers(1, q)), q))


def reaches(numerator: int, denominator: int, share: Share) -> bool:
    """By fractions."""
    return Fraction(numerator, denominator) >= Fraction(share.target.numerator, share.target.denominator)


@given(shares())
def test_the_verdict_by_integers_equals_the_verdict_by_fractions(share: Share) -> None:
    if share.denominator == 0:
        assert share.verdict is Verdict.NOT_APPLICABLE
    else:
        assert (share.verdict is Verdict.MET) == reaches(share.numerator, share.denominator, share)


@given(shares())
def test_conversions_needed_are_as_few_as_trying_finds(share: Share) -> None:
    tried = 0
    while share.denominator and not reaches(share.numerator + tried, share.denominator, share):
        tried += 1

    assert share.conversions_needed == tried


@given(shares())
def test_hires_needed_are_as_few_as_trying_finds(share: Share) -> None:
    if share.target.numerator == share.target.denominator and share.numerator < share.denominator:
        assert share.hires_needed is None
        return
    tried = 0
    while share.denominator and not reaches(share.numerator + tried, share.denominator + tried, share):
        tried += 1

    assert share.hires_needed == tried


@given(shares())
def test_the_printed_percentage_never_contradicts_the_verdict(share: Share) -> None:
    if share.denominator == 0:
        assert percent_text(share) == "--"
        return
    shown = Fraction(percent_text(share).removesuffix("%")) / 100
    if share.verdict is Verdict.NOT_MET:
        assert shown < Fraction(share.target.numerator, share.target.denominator)
    assert (shown == 1) == (share.numerator == share.denominator)
    assert abs(shown - Fraction(share.numerator, share.denominator)) <= Fraction(1, 2000)


def test_percentages_are_written_with_one_decimal_unless_that_would_lie() -> None:
    thirty = target(3, 10)

    assert percent_text(Share(3, 10, thirty)) == "30.0%"
    assert percent_text(Share(80, 267, thirty)) == "29.96%"
    assert percent_text(Share(2997, 10_000, thirty)) == "29.97%"
    assert percent_text(Share(29_999, 100_000, thirty)) == "29.999%"
    assert percent_text(Share(39, 125, thirty)) == "31.2%"
    assert percent_text(Share(1999, 2000, thirty)) == "99.95%"
    assert percent_text(Share(1, 3000, None)) == "0.03%"
    assert percent_text(Share(0, 0, thirty)) == "--"
    assert percent_text(Share(1, 3, target(1, 3))) == "33.3%"


def test_a_missed_target_and_its_share_are_never_printed_alike() -> None:
    share = Share(33_320, 100_000, target(1, 3))

    assert (percent_text(share), target_text(share)) == ("33.32%", "33.3%")


def test_differences_are_points_and_a_small_one_is_not_hidden() -> None:
    assert points_text(Share(28, 100, target(3, 10)).distance) == "2.0"
    assert points_text(Share(80, 267, target(3, 10)).distance) == "0.04"
    assert points_text(Share(3, 10, target(3, 10)).distance) == "0.0"


def test_without_a_target_there_is_no_gap() -> None:
    share = Share(1, 4, None)

    assert share.verdict is Verdict.NO_TARGET
    assert (share.distance, share.conversions_needed, share.hires_needed) == (None, None, None)
    assert target_text(share) == "--"
