"""Who works where: a district's careers are handed to its ordinary institutions, and some people move between two."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.careers import Career
from portal.demo.districts import READINGS
from portal.demo.organisations import Institution

FEWEST = 3
"""Whoever has fewer staff hires first."""

MOVES = 0.05
"""The part of the people still there who came from another institution of the district."""


@dataclass(frozen=True)
class Stint:
    """One period of a career at one institution."""

    institution: int
    start_on: date
    end_on: date | None


@dataclass(frozen=True)
class Placed:
    """A career with where it was spent."""

    career: Career
    stints: tuple[Stint, ...]


Homes = dict[int, list[Career]]
"""The careers at each institution, by its place in the list."""


def placed(
    rng: Random,
    careers: Sequence[Career],
    institutions: Sequence[Institution],
    *,
    today: date,
    is_even: bool = False,
) -> list[Placed]:
    """Every career at an institution that is listed when it begins; nobody listed is left with fewer than two."""
    homes: Homes = defaultdict(list)
    for career in sorted(careers, key=lambda career: career.start_on):
        home = _even_home(career, institutions, homes) if is_even else _home(rng, career, institutions, homes)
        homes[home].append(career)
    _even_out(homes, institutions, today)
    return [
        Placed(career, _stints(rng, career, home, institutions, today))
        for home in sorted(homes)
        for career in homes[home]
    ]


def _even_home(career: Career, institutions: Sequence[Institution], homes: Homes) -> int:
    """Where there are fewest of the career's own sort, among those listed at its beginning."""
    is_qualified = career.qualified_on is not None
    open_to = [i for i, item in enumerate(institutions) if _may_begin(career.start_on, item)]
    return min(
        open_to,
        key=lambda i: sum(
            c.end_on == career.end_on and (c.qualified_on is not None) == is_qualified for c in homes[i]
        ),
    )


def _home(rng: Random, career: Career, institutions: Sequence[Institution], homes: Homes) -> int:
    open_to = [i for i, item in enumerate(institutions) if _may_begin(career.start_on, item)]
    needy = [i for i in open_to if sum(c.is_present(career.start_on) for c in homes[i]) < FEWEST]
    weights = [_draw(institutions[i], career) for i in needy or open_to]
    return rng.choices(needy or open_to, weights)[0]


def _may_begin(start_on: date, institution: Institution) -> bool:
    """Before the first reading the listing does not matter: whoever is listed by then may have hired before."""
    return institution.listed_on <= max(start_on, READINGS[0])


def _draw(institution: Institution, career: Career) -> float:
    is_qualified = career.qualified_on is not None
    return institution.size * (institution.quality if is_qualified else 1 - institution.quality)


def _even_out(homes: Homes, institutions: Sequence[Institution], today: date) -> None:
    """Where leavings emptied an institution, somebody of the largest one has been there instead."""
    for i, institution in enumerate(institutions):
        while sum(career.is_present(today) for career in homes[i]) < 2:
            largest = max(homes, key=lambda home: (sum(c.is_present(today) for c in homes[home]), -home))
            career = next(
                c for c in homes[largest] if c.is_present(today) and _may_begin(c.start_on, institution)
            )
            homes[largest].remove(career)
            homes[i].append(career)


def _stints(
    rng: Random, career: Career, home: int, institutions: Sequence[Institution], today: date
) -> tuple[Stint, ...]:
    """Mostly one; a few people came from another institution of the district in between."""
    start_on = max(career.start_on, institutions[home].opened_on)
    whole = (Stint(home, start_on, career.end_on),)
    if career.end_on is not None or career.start_on > today - timedelta(days=500) or rng.random() > MOVES:
        return whole
    moved_on = _moving_day(rng, max(career.start_on, READINGS[0]), today)
    origins = [i for i, item in enumerate(institutions) if i != home and _may_begin(career.start_on, item)]
    if not origins or institutions[home].listed_on > moved_on:
        return whole
    origin = rng.choice(origins)
    return Stint(origin, max(career.start_on, institutions[origin].opened_on), moved_on), Stint(
        home, moved_on, None
    )


def _moving_day(rng: Random, after: date, today: date) -> date:
    span = (today - after).days - 120
    return (after + timedelta(days=60 + rng.randint(0, max(1, span)))).replace(day=1)
