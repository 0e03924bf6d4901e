"""The shapes of sites on a map: one for each kind, filled where the point is exact, hollow where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from registry.organisations.models import SiteKind

Corners = Sequence[tuple[float, float]]
"""In a box from -8 to 8, y downwards."""

FILL, HOLLOW, EDGE = "#D55E00", "#FFFFFF", "#1D2433"


def _star(points: int, outer: float, inner: float) -> Corners:
    radii = [outer, inner] * points
    angles = [pi * i / points - pi / 2 for i in range(2 * points)]
    return [(round(r * cos(a), 1), round(r * sin(a), 1)) for r, a in zip(radii, angles, strict=True)]


def _circle(radius: float) -> Corners:
    angles = [2 * pi * i / 20 for i in range(20)]
    return [(round(radius * cos(a), 1), round(radius * sin(a), 1)) for a in angles]


@dataclass(frozen=True)
class Sign:
    """The outline of one kind."""

    kind: SiteKind
    corners: Corners

    @property
    def points(self) -> str:
        """As the attribute of a polygon."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.corners)


SIGNS = (
    Sign(SiteKind.REHABILITATION, [(-6, -6), (6, -6), (6, 6), (-6, 6)]),
    Sign(SiteKind.DAY_CENTRE, [(0, -7), (7, 6), (-7, 6)]),
    Sign(SiteKind.HALFWAY_HOUSE, _circle(6.5)),
    Sign(SiteKind.WORKSHOP, [(0, -8), (8, 0), (0, 8), (-8, 0)]),
    Sign(
        SiteKind.HOSPITAL,
        [
            (-2.5, -7), (2.5, -7), (2.5, -2.5), (7, -2.5), (7, 2.5), (2.5, 2.5),
            (2.5, 7), (-2.5, 7), (-2.5, 2.5), (-7, 2.5), (-7, -2.5), (-2.5, -2.5),
        ],
    ),
    Sign(SiteKind.STATION, _star(5, 8, 3.6)),
    Sign(SiteKind.OFFICE, [(-7, -6), (7, -6), (0, 7)]),
)  # fmt: skip
"""■ ▲ ● ◆ ✚ ★ ▼"""
