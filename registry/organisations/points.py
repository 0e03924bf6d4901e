"""What a map draws of a question about sites: their points, and how many have none. The list counts the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.listing import Question
from registry.organisations.facets import Lying
from registry.organisations.models import Site, SiteKind
from registry.organisations.queries import LYING


@dataclass(frozen=True)
class SiteTally:
    """The sites of one kind; `drawn` and `missing` add up to what the list counts."""

    kind: SiteKind
    drawn: int
    missing: int
    """Without a point."""
    elsewhere: int
    """Lying outside the division that is responsible for them."""


def tally_sites(session: Session, asked: Question) -> list[SiteTally]:
    """How many sites of each kind answer a question of the list of sites, in the order of the kinds."""
    statement = (
        sa.select(
            Site.kind,
            sa.func.count(Site.latitude),
            sa.func.count() - sa.func.count(Site.latitude),
            sa.func.coalesce(sa.func.sum(sa.case((LYING[Lying.ELSEWHERE], 1), else_=0)), 0),
        )
        .where(*asked.conditions)
        .group_by(Site.kind)
    )
    found = [SiteTally(*row) for row in session.execute(statement, {"on": asked.on})]
    return sorted(found, key=lambda tally: list(SiteKind).index(tally.kind))


def points_of(session: Session, asked: Question) -> Sequence[Any]:
    """Every site of the question that has a point, by division and name."""
    statement = (
        sa.select(
            Site.code,
            Site.name,
            Site.kind,
            Site.precision,
            Site.latitude,
            Site.longitude,
            Site.located_code,
            Site.is_example,
        )
        .where(*asked.conditions, Site.latitude.is_not(None))
        .order_by(Site.division_code, Site.name, Site.id)
    )
    return session.execute(statement, {"on": asked.on}).all()
