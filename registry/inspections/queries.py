"""Every read of inspections, ratings and demonstration status."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.inspections.models import Inspection
from registry.inspections.ratings import Demonstration, Rating

WHOLE = (
    joinedload(Inspection.organisation),
    joinedload(Inspection.site),
    selectinload(Inspection.findings),
)
"""What a page about an inspection names."""


def inspection_by_id(session: Session, key: int) -> Inspection | None:
    """One inspection by its integer key, which the history holds."""
    return session.scalar(sa.select(Inspection).where(Inspection.id == key).options(*WHOLE))


def inspections_of(session: Session, organisation_id: int, actor: Actor) -> list[Inspection]:
    """Those of one organisation that the actor may see, the latest first."""
    seen = readable(Inspection, actor, Action.INSPECTION_SEE)
    return _latest_first(session, sa.and_(Inspection.organisation_id == organisation_id, seen))


def told_by(session: Session, organisation_ids: Iterable[int], on: date) -> list[Inspection]:
    """Visits to these organisations up to a day that they have been told of, the latest first."""
    told = sa.and_(Inspection.notified_at.is_not(None), Inspection.visited_on <= on)
    return _latest_first(session, sa.and_(Inspection.organisation_id.in_(list(organisation_ids)), told))


def ratings_of(session: Session, organisation_ids: Sequence[int]) -> list[Rating]:
    """The latest first."""
    return _awards(session, Rating, organisation_ids)


def demonstrations_of(session: Session, organisation_ids: Sequence[int]) -> list[Demonstration]:
    """The latest first."""
    return _awards(session, Demonstration, organisation_ids)


def _awards(session: Session, model: Any, organisation_ids: Sequence[int]) -> list[Any]:
    found = sa.select(model).where(model.organisation_id.in_(organisation_ids))
    return list(session.scalars(found.order_by(model.valid_from.desc(), model.id.desc())))


def _latest_first(session: Session, condition: ColumnElement[bool]) -> list[Inspection]:
    found = sa.select(Inspection).where(condition).options(*WHOLE)
    return list(session.scalars(found.order_by(Inspection.visited_on.desc(), Inspection.id.desc())))
