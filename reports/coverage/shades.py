"""The colours of a share on a map: five steps that the target divides, so that no colour is both met and not met.

Three lighter steps lie below the target, at thirds of it; two darker ones at and above it, parted at four thirds. Where
targets differ, each place is measured by its own. What has no share has a hatch and never a colour: 0% is a share.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from registry.messages import N_, Gettext
from reports.figures.charts import target_of
from reports.figures.readings import Part
from reports.figures.shares import Verdict

BORDER = "#6B7688"
INK, PAPER, PALE = "#1D2433", "#FFFFFF", "#4A5568"


class Shade(StrEnum):
    """What fills a place, from the lightest to the darkest, then the two that have no share."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    FOURTH = "4"
    FIFTH = "5"
    NOBODY = "nobody"
    """There are institutions, and nobody in them is counted."""
    BLANK = "blank"
    """No listed institution."""


RAMP = {
    Shade.FIRST: "#DCEAF7",
    Shade.SECOND: "#A9CBE8",
    Shade.THIRD: "#6FA6D6",
    Shade.FOURTH: "#2F7ABF",
    Shade.FIFTH: "#0B4A8A",
}
STEPS = tuple(RAMP)
ON_DARK = (Shade.FOURTH, Shade.FIFTH)
"""Shades on which letters are white."""

TARGET_BREAKS = (Fraction(1, 3), Fraction(2, 3), Fraction(1), Fraction(4, 3))
"""Of the target."""
PLAIN_BREAKS = (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(4, 5))
"""Of everybody, where no target was set."""


@dataclass(frozen=True)
class LegendEntry:
    """One colour or hatch in words."""

    shade: Shade
    words: str


def shade_of(part: Part) -> Shade:
    """What fills a part of a reading."""
    if not part.institutions.listed and not part.share.denominator:
        return Shade.BLANK
    ratio = part.share.ratio
    if ratio is None:
        return Shade.NOBODY
    return STEPS[sum(ratio >= limit for limit in breaks(target_of(part.share)))]


def breaks(target: Fraction | None) -> tuple[Fraction, ...]:
    """The four shares at which the next darker step begins."""
    if target is None:
        return PLAIN_BREAKS
    return tuple(target * part for part in TARGET_BREAKS)


def letters_on(shade: Shade) -> str:
    """The colour of letters that can be read on a shade."""
    return PAPER if shade in ON_DARK else INK


def legend_of(parts: Collection[Part], gettext: Gettext) -> list[LegendEntry]:
    """The steps from the highest down, then the hatches."""
    judged = [part for part in parts if part.share.verdict is not Verdict.NOT_APPLICABLE]
    words = _words({target_of(part.share) for part in judged or parts}, gettext)
    steps = [LegendEntry(shade, said) for shade, said in zip(STEPS, words, strict=False)]
    return [
        *reversed(steps),
        LegendEntry(Shade.NOBODY, gettext(N_("有入库机构，无计入人员"))),
        LegendEntry(Shade.BLANK, gettext(N_("没有入库机构"))),
    ]


def _words(targets: set[Fraction | None], gettext: Gettext) -> Sequence[str]:
    if len(targets) > 1:
        return _words_for_several(gettext)
    target = next(iter(targets), None)
    reached = [limit for limit in breaks(target) if limit <= 1]
    bounds = [percent(Fraction(0)), *map(percent, reached)]
    between = [_between(gettext, target, step) for step in range(len(reached))]
    top = N_("%(low)s及以上") if target is None else N_("%(low)s及以上，达标")
    patterns = [*between, gettext(top)]
    highs = [*bounds[1:], ""]
    return [
        pattern % {"low": low, "high": high}
        for pattern, low, high in zip(patterns, bounds, highs, strict=True)
    ]


def _between(gettext: Gettext, target: Fraction | None, step: int) -> str:
    if target is None:
        return gettext(N_("%(low)s至不足%(high)s"))
    is_met = TARGET_BREAKS.index(Fraction(1)) < step
    return gettext(N_("%(low)s至不足%(high)s，达标") if is_met else N_("%(low)s至不足%(high)s，未达标"))


def _words_for_several(gettext: Gettext) -> Sequence[str]:
    return (
        gettext(N_("不足本地目标的三分之一，未达标")),
        gettext(N_("本地目标的三分之一至三分之二，未达标")),
        gettext(N_("本地目标的三分之二以上，未达标")),
        gettext(N_("达标，高出目标不到三分之一")),
        gettext(N_("达标，高出目标三分之一以上")),
    )


def percent(ratio: Fraction) -> str:
    """“30%”, “11.1%”: a limit of a step."""
    tenths = round(ratio * 1_000)
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}%" if rest else f"{whole}%"
