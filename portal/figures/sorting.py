"""The orders in which the parts of a figure are shown."""

from collections.abc import Sequence
from fractions import Fraction

from reports.figures.readings import Part

SORTS = ("share", "-share", "gap", "staff", "code")


def sorted_parts(parts: Sequence[Part], sort: str) -> list[Part]:
    """The worst first unless asked otherwise; what cannot be judged and what is blank comes last."""
    by_code = sorted(parts, key=lambda part: part.code)
    if sort == "code":
        return by_code
    if sort == "staff":
        return sorted(by_code, key=lambda part: -part.share.denominator)
    if sort == "gap":
        return sorted(by_code, key=lambda part: -(part.share.conversions_needed or 0))
    return sorted(by_code, key=lambda part: _by_share(part, is_descending=sort == "-share"))


def is_blank(part: Part) -> bool:
    """No listed provider at all."""
    return not part.institutions.listed


def _by_share(part: Part, *, is_descending: bool) -> tuple[int, Fraction]:
    value = part.share.value if part.share.denominator else None
    if value is None:
        return (2 if is_blank(part) else 1), Fraction(0)
    return 0, -value if is_descending else value
