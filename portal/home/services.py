"""What a station or provider does every day: record an activity, report what changed of its services."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from portal.remembering import remembered
from registry.access.actors import Actor
from registry.access.rules import may, readable
from registry.actions import Action
from registry.divisions.codes import NATION
from registry.organisations.models import Organisation
from registry.services.models import Activity
from registry.services.queries import Totals, totals_in


@dataclass(frozen=True)
class Today:
    """The month so far, and where the services of the organisation are."""

    totals: Totals
    url: str
    services_url: str


def today_of(session: Session, actor: Actor, on: date) -> Today | None:
    """Nothing for whoever records no activities."""
    if actor.organisation_id is None or not may(actor, Action.ACTIVITY_RECORD):
        return None
    own = session.get(Organisation, actor.organisation_id)
    if own is None:
        return None
    first = on.replace(day=1)
    scope = readable(Activity, actor, Action.ACTIVITY_SEE)
    mine = (scope, Activity.organisation_id == own.id, Activity.held_on >= first)
    totals = remembered(("activities of the month", actor, on), lambda: totals_in(session, *mine))
    listed = {"division": NATION, "organisation": own.code}
    return Today(
        totals,
        url_for("activities.index", month=f"{on:%Y-%m}"),
        url_for("services.index", offer="offered", **listed),  # type: ignore[arg-type]  # filters, not Flask's options
    )
