"""What the pages of services and activities read."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from registry.listing import Question
from registry.organisations.models import Site
from registry.periods import has_begun, has_not_ended
from registry.services.models import (
    Activity,
    ActivityState,
    ReportKind,
    Service,
    ServiceReport,
    ServiceReportState,
)

OPEN_STATES = frozenset({ServiceReportState.DRAFT, ServiceReportState.SUBMITTED, ServiceReportState.RETURNED})
REPORT_TITLE = sa.func.coalesce(
    sa.func.nullif(ServiceReport.answers["title"].as_string(), ""),
    sa.select(Service.title).where(Service.id == ServiceReport.service_id).scalar_subquery(),
    sa.select(Site.name).where(Site.id == ServiceReport.site_id).scalar_subquery(),
)
"""`ServiceReport.title`, as the database says it."""

SITE_OF = (joinedload(Site.organisation), selectinload(Site.placements))
OF_SERVICE = (joinedload(Service.site).options(*SITE_OF),)
OF_REPORT = (
    joinedload(ServiceReport.site).options(*SITE_OF),
    joinedload(ServiceReport.service),
    joinedload(ServiceReport.organisation),
)
OF_ACTIVITY = (
    joinedload(Activity.site).options(*SITE_OF),
    joinedload(Activity.service),
    joinedload(Activity.organisation),
    selectinload(Activity.corrections),
)


@dataclass(frozen=True)
class Totals:
    """Of activities that count: those struck out are in none of it."""

    activities: int
    person_times: int
    minutes: int


def totals_of(session: Session, question: Question) -> Totals:
    """The sums of exactly the rows that a list shows, without those struck out."""
    counted = (*question.conditions, Activity.state == ActivityState.RECORDED)
    return _totals(session, *counted, on=question.on)


def totals_in(session: Session, *conditions: ColumnElement[bool]) -> Totals:
    """The same of any rows."""
    return _totals(session, *conditions, Activity.state == ActivityState.RECORDED)


def _totals(session: Session, *conditions: ColumnElement[bool], on: date | None = None) -> Totals:
    statement = sa.select(
        sa.func.count(Activity.id), sa.func.sum(Activity.person_times), sa.func.sum(Activity.minutes)
    ).where(*conditions)
    number, person_times, minutes = session.execute(statement, {"on": on} if on else {}).one()
    return Totals(number, person_times or 0, minutes or 0)


def services_of(
    session: Session, on: date, *, organisation_id: int | None = None, site_id: int | None = None
) -> list[Service]:
    """What an organisation or one of its sites offers on a day or will offer, by title."""
    statement = (
        sa.select(Service).where(has_not_ended(Service.ended_on, on)).options(joinedload(Service.site))
    )
    if organisation_id is not None:
        statement = statement.where(Service.organisation_id == organisation_id)
    if site_id is not None:
        statement = statement.where(Service.site_id == site_id)
    return list(session.scalars(statement.order_by(Service.title, Service.id)))


def open_sites(session: Session, organisation_id: int, on: date) -> list[Site]:
    """The sites of an organisation that are open on a day, the oldest first."""
    statement = (
        sa.select(Site)
        .where(
            Site.organisation_id == organisation_id,
            has_begun(Site.opened_on, on),
            has_not_ended(Site.closed_on, on),
        )
        .options(*SITE_OF)
        .order_by(Site.id)
    )
    return list(session.scalars(statement))


def last_activity(session: Session, *, actor_code: str, organisation_id: int) -> Activity | None:
    """What somebody recorded last: the next one is likely to be alike."""
    statement = (
        sa.select(Activity)
        .where(
            Activity.entered_by_code == actor_code,
            Activity.organisation_id == organisation_id,
            Activity.state == ActivityState.RECORDED,
        )
        .options(joinedload(Activity.service))
        .order_by(Activity.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def activity_by_form(session: Session, form_key: str) -> Activity | None:
    """What a form made."""
    return session.scalar(sa.select(Activity).where(Activity.form_key == form_key))


def report_by_id(session: Session, key: int) -> ServiceReport | None:
    """One report with what its pages name, by the key that the history holds."""
    return session.scalar(sa.select(ServiceReport).where(ServiceReport.id == key).options(*OF_REPORT))


def open_report_of(session: Session, service: Service) -> ServiceReport | None:
    """The report that a service has in hand; there is at most one."""
    return session.scalar(
        sa.select(ServiceReport).where(
            ServiceReport.service_id == service.id, ServiceReport.state.in_(OPEN_STATES)
        )
    )


def untouched_report(session: Session, site: Site, *, asked_by_id: int) -> ServiceReport | None:
    """A new service that somebody began to report and left without a word: the next attempt goes on with it."""
    return session.scalar(
        sa.select(ServiceReport)
        .where(
            ServiceReport.site_id == site.id,
            ServiceReport.asked_by_id == asked_by_id,
            ServiceReport.kind == ReportKind.NEW,
            ServiceReport.state == ServiceReportState.DRAFT,
            ServiceReport.version == 1,
        )
        .options(*OF_REPORT)
        .limit(1)
    )
