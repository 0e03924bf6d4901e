"""The services on the page of an organisation or of a site, with what the reader may do about them."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from portal.services.views import ServiceLine, service_lines
from registry.access.actors import Actor
from registry.access.rules import may, readable
from registry.actions import Action
from registry.divisions.codes import NATION
from registry.organisations.models import Organisation, Site
from registry.services.models import Activity
from registry.services.queries import services_of, totals_in


@dataclass(frozen=True)
class Offered:
    """What the section shows."""

    lines: list[ServiceLine]
    add_url: str
    """Where a new one is reported; empty for whoever may not."""
    activities_url: str
    """The activities of the year; empty for whoever may not see them."""
    activities: int


def offered_by(session: Session, organisation: Organisation, actor: Actor, on: date) -> Offered:
    """Of all its sites."""
    lines = service_lines(services_of(session, on, organisation_id=organisation.id), on)
    add = url_for("service_reports.new") if may(actor, Action.SERVICE_REPORT_ASK, organisation) else ""
    is_of_it = Activity.organisation_id == organisation.id
    url = url_for("activities.index", organisation=organisation.code, year=on.year, division=NATION)
    return _with_activities(session, actor, on, lines, add, is_of_it, url)


def offered_at(session: Session, site: Site, actor: Actor, on: date) -> Offered:
    """Of one site."""
    lines = service_lines(services_of(session, on, site_id=site.id), on)
    may_add = may(actor, Action.SERVICE_REPORT_ASK, site)
    add = url_for("service_reports.new", site=site.code) if may_add else ""
    url = url_for("activities.index", site=site.code, year=on.year, division=NATION)
    return _with_activities(session, actor, on, lines, add, Activity.site_id == site.id, url)


def _with_activities(
    session: Session,
    actor: Actor,
    on: date,
    lines: list[ServiceLine],
    add_url: str,
    condition: ColumnElement[bool],
    url: str,
) -> Offered:
    """Counted over the rows that the reader may see, so that the number opens exactly those."""
    if not may(actor, Action.ACTIVITY_SEE):
        return Offered(lines, add_url, "", 0)
    scope = readable(Activity, actor, Action.ACTIVITY_SEE)
    in_year = Activity.held_on >= date(on.year, 1, 1), Activity.held_on < date(on.year + 1, 1, 1)
    number = totals_in(session, scope, condition, *in_year).activities
    return Offered(lines, add_url, url if number else "", number)
