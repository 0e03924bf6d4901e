"""Shares as text: rounded for the eye, never so far that the text says something else than the verdict."""

from collections.abc import Callable
from fractions import Fraction

from reports.figures.readings import InstitutionTally
from reports.figures.shares import Measure, Share, Verdict

NOTHING = "--"
MAX_DECIMALS = 9


def percent_text(share: Share) -> str:
    """“31.2%”; 80 of 267 against 30% is “29.96%”, for “30.0%” would claim what the verdict denies; “--” for nobody.

    Of a number of persons “1,576”, of persons for every 10,000 residents “0.63”.
    """
    ratio, value = share.ratio, share.value
    if share.measure is Measure.PERSONS:
        return f"{share.numerator:,}"
    if ratio is None or value is None:
        return NOTHING
    if share.measure is Measure.DENSITY:
        return _digits(
            value / 100, lambda decimals: (_rounded(value / 100, decimals) == 0) == (value == 0), 2
        )
    return f"{_digits(ratio, lambda decimals: _is_true(ratio, share, decimals))}%"


def target_text(share: Share) -> str:
    """“30%”, “33.3%”."""
    if share.target is None:
        return NOTHING
    target = Fraction(share.target.numerator, share.target.denominator)
    return f"{int(target * 100)}%" if (target * 100).denominator == 1 else f"{_fixed(target, 1)}%"


def reached_text(tally: InstitutionTally) -> str:
    """How many institutions reach the target; “--” where they are held to none, for “0” would say that all miss it."""
    return NOTHING if tally.is_unjudged else f"{tally.reached:,}"


def points_text(difference: Fraction) -> str:
    """The size of a difference in percentage points: “1.6”; “0.04” where “0.0” would hide it."""
    size = abs(difference)
    return _digits(size, lambda decimals: (_rounded(size, decimals) == 0) == (size == 0))


def _is_true(ratio: Fraction, share: Share, decimals: int) -> bool:
    """The rounded value stands below a target that is missed, and is 0 or 1 only where the share is."""
    shown = _rounded(ratio, decimals)
    if (shown == 0) != (ratio == 0) or (shown == 1) != (ratio == 1):
        return False
    if share.target is None or share.verdict is Verdict.MET:
        return True
    return shown < _rounded(Fraction(share.target.numerator, share.target.denominator), decimals)


def _digits(value: Fraction, is_true: Callable[[int], bool], least: int = 1) -> str:
    """With one decimal, or as many more as the truth takes."""
    enough = (decimals for decimals in range(least, MAX_DECIMALS) if is_true(decimals))
    return _fixed(value, next(enough, MAX_DECIMALS))


def _rounded(value: Fraction, decimals: int) -> Fraction:
    """Half up, in percent with so many decimals."""
    scale = 100 * 10**decimals
    return Fraction((2 * value.numerator * scale + value.denominator) // (2 * value.denominator), scale)


def _fixed(value: Fraction, decimals: int) -> str:
    units = int(_rounded(value, decimals) * 100 * 10**decimals)
    whole, rest = divmod(units, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}"
