"""What a form about a person offers: the places where somebody may be entered, and the majors that are listed."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.organisations.models import Site
from registry.periods import has_begun, has_not_ended
from registry.workforce.models import Major


def sites_to_staff(session: Session, actor: Actor, on: date) -> list[Site]:
    """Open places at which the actor may enter people, by organisation."""
    statement = (
        sa.select(Site)
        .join(Site.organisation)
        .where(
            readable(Site, actor, Action.PRACTITIONER_RECORD),
            has_begun(Site.opened_on, on),
            has_not_ended(Site.closed_on, on),
        )
        .options(joinedload(Site.organisation))
        .order_by(Site.organisation_id, Site.id)
    )
    return list(session.scalars(statement))


def listed_majors(session: Session, on: date) -> list[Major]:
    """The list of majors as it stands on a day, those that count and those that do not."""
    in_force = (has_begun(Major.valid_from, on), has_not_ended(Major.valid_to, on))
    return list(session.scalars(sa.select(Major).where(*in_force).order_by(Major.catalogue, Major.code)))
