"""Division changes as tests make and look at them."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import registry.schema
from registry.divisions.changes import ChangeLine, ChangeRefused
from registry.divisions.models import ChangeKind, DivisionChange
from registry.divisions.operations import apply_change
from registry.divisions.planning import plan_change
from registry.organisations.models import Site, SitePlacement
from tests.factories import NOW

X = date(2026, 7, 1)
BEFORE = X - timedelta(days=1)
STREETS = ("310101001", "310101002", "310101003")
KEPT = ("division_change", "division_change_line")


def line(
    kind: str, old: str, new: str, name: str = "", *, on: date = X, sites: str = "", row: int = 2
) -> ChangeLine:
    return ChangeLine(row, ChangeKind(kind), old, new, name, on, "示例批复", tuple(sites.split()))


def make(session: Session, *lines: ChangeLine) -> DivisionChange:
    numbered = [_at_row(one, row) for row, one in enumerate(lines, start=2)]
    return apply_change(session, plan_change(session, numbered), at=NOW, by="李示例")


def _at_row(one: ChangeLine, row: int) -> ChangeLine:
    return ChangeLine(
        row, one.kind, one.from_code, one.to_code, one.to_name, one.effective_on, one.source, one.sites
    )


def refusals(session: Session, *lines: ChangeLine) -> list[str]:
    with pytest.raises(ChangeRefused) as refused:
        make(session, *lines)
    return [str(problem.message) for problem in refused.value.problems]


def dump(session: Session) -> dict[str, list[Any]]:
    """Every table but the record of the changes themselves."""
    session.flush()
    tables = (table for table in registry.schema.metadata.sorted_tables if table.name not in KEPT)
    return {
        table.name: list(session.execute(sa.select(table).order_by(*table.primary_key))) for table in tables
    }


def sites_by(session: Session, code: sa.Column[str] | Any, on: date) -> dict[str, int]:
    """A figure in small: open sites by their division on a day."""
    statement = (
        sa.select(code, sa.func.count())
        .where(SitePlacement.valid_from <= on)
        .where(sa.or_(SitePlacement.valid_to.is_(None), SitePlacement.valid_to > on))
        .group_by(code)
    )
    return dict(session.execute(statement).all())


def placements(session: Session, site: Site) -> list[tuple[Any, ...]]:
    rows = session.scalars(
        sa.select(SitePlacement).where(SitePlacement.site_id == site.id).order_by(SitePlacement.valid_from)
    )
    return [(row.division_code, row.today_code, row.valid_from, row.valid_to) for row in rows]
