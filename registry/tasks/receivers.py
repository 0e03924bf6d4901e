"""Whom a department can ask: desks at which somebody works on the day, so that no task waits where nobody is."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Position, Role
from registry.access.positions import held
from registry.access.roles import DEPARTMENTS, REGULATORS
from registry.divisions.codes import LENGTH_OF_LEVEL, Level, ancestors, within
from registry.organisations.models import Organisation
from registry.workflow_table import Desk

RECEIVERS = REGULATORS | DEPARTMENTS | {Role.STATION, Role.PROVIDER}
SEPARATOR = "."


@dataclass(frozen=True)
class Receiver:
    """One desk that can be asked."""

    role: Role
    division_code: str
    organisation_id: int | None
    organisation_code: str
    organisation_name: str

    @property
    def key(self) -> str:
        """As a form sends it back."""
        return SEPARATOR.join((self.role.value, self.division_code, self.organisation_code)).rstrip(SEPARATOR)

    @property
    def desk(self) -> Desk:
        """As a to-do is addressed."""
        return Desk(self.role, self.division_code, self.organisation_id)


def receivers_for(session: Session, actor: Actor, on: date) -> list[Receiver]:
    """Departments at the actor's place, above it and below it; above the county without streets and organisations."""
    found = (
        sa.select(
            Position.role,
            Position.division_code,
            Position.organisation_id,
            sa.func.coalesce(Organisation.code, ""),
            sa.func.coalesce(Organisation.name, ""),
        )
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .where(held(on), Position.role.in_(RECEIVERS), _near(actor))
        .distinct()
    )
    rows = [Receiver(*row) for row in session.execute(found)]
    others = [one for one in rows if (one.role, one.division_code) != (actor.role, actor.division_code)]
    order = list(Role)
    return sorted(others, key=lambda one: (order.index(one.role), one.division_code, one.organisation_name))


def is_manned(session: Session, desk: Desk, on: date) -> bool:
    """Whether somebody holds a position at the desk on a day."""
    place = (
        sa.and_(Position.organisation_id.is_(None), Position.division_code == desk.division_code)
        if desk.organisation_id is None
        else Position.organisation_id == desk.organisation_id
    )
    return (
        session.scalar(sa.select(Position.id).where(held(on), Position.role == desk.role, place).limit(1))
        is not None
    )


def _near(actor: Actor) -> sa.ColumnElement[bool]:
    district = LENGTH_OF_LEVEL[Level.DISTRICT]
    below = within(Position.division_code, actor.division_code)
    if len(actor.division_code) < district:
        below = sa.and_(below, sa.func.length(Position.division_code) <= district)
    return sa.or_(below, Position.division_code.in_(ancestors(actor.division_code)), _of_the_district(actor))


def _of_the_district(actor: Actor) -> sa.ColumnElement[bool]:
    """A street asks the departments of its county, which answer for it; streets beside it are the county's to ask."""
    return Position.division_code == actor.division_code[: LENGTH_OF_LEVEL[Level.DISTRICT]]
