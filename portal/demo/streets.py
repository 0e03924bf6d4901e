"""The real streets and towns of Shanghai as the register has them, and example shares of their districts' census."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.named_providers import Streets
from portal.demo.organisations import Street
from registry.divisions.codes import Level
from registry.divisions.models import Population
from registry.divisions.queries import divisions_at

SHANGHAI = "31"
SOURCE = "示例：区普查人口按示例比例分到街镇，合计等于全区"


def shanghai_streets(session: Session, on: date) -> Streets:
    """The 215 streets and towns by district; statistical units are left out."""
    streets: dict[str, list[Street]] = defaultdict(list)
    for division in divisions_at(session, SHANGHAI, Level.TOWNSHIP, on):
        streets[division.code[:6]].append(Street(division.code, division.name))
    return streets


def share_out_population(session: Session, streets: Streets, rng: Random) -> None:
    """No street's population could be had: each district's census count is shared out, and marked as an example."""
    counts = session.execute(
        sa.select(Population.division_code, Population.year, Population.residents).where(
            Population.division_code.in_(list(streets))
        )
    ).all()
    rows = [
        {
            "division_code": street.code,
            "year": year,
            "residents": residents,
            "source": SOURCE,
            "is_example": True,
        }
        for district, year, whole in counts
        for street, residents in zip(
            streets[district], shares(rng, whole, len(streets[district])), strict=True
        )
    ]
    session.execute(sa.insert(Population), rows)


def shares(rng: Random, whole: int, parts: int) -> Sequence[int]:
    """Whole numbers that add up to the whole, the largest about three times the smallest."""
    weights = [rng.uniform(0.5, 1.5) for _ in range(parts)]
    cuts = [round(whole * sum(weights[: i + 1]) / sum(weights)) for i in range(parts)]
    return [cut - before for before, cut in zip([0, *cuts[:-1]], cuts, strict=True)]
