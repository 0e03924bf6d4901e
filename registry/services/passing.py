"""Services go on when another organisation takes a site on, and with them what is reported of them and recorded later.

A service that is on offer on the day ends at the old site and goes on at the new one, so that every past day keeps its
organisation; one that begins later moves as it is. A report in hand goes on with the successor's people. Activities
belong to the organisation of their day: those of before stay, those that were recorded for later days move.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.messages import N_, message
from registry.organisations.models import Site
from registry.organisations.passing import (
    Counted,
    Ending,
    Kept,
    Over,
    Passage,
    Passing,
    Prospect,
    declare_ending,
    declare_passing,
)
from registry.services.models import Activity, Service, ServiceReport, ServiceReportState
from registry.services.queries import OPEN_STATES
from registry.workflow.shelving import (
    GIVE_BACK,
    SUCCEED,
    readdress,
    readdress_back,
    shelve,
    take_up,
    write_down,
)

SERVICES, REPORTS, ACTIVITIES = "service", "report", "activity"
OFFER = (
    "kind",
    "title",
    "place",
    "weekdays",
    "hours",
    "capacity",
    "fee",
    "fee_note",
    "contact",
    "phone",
    "ended_on",
    "is_example",
)
"""What the service at the new site has from the one before."""


def _services(site_id: int, on: date) -> sa.Select[Service]:
    return sa.select(Service).where(
        Service.site_id == site_id, sa.or_(Service.ended_on.is_(None), Service.ended_on > on)
    )


def _reports(site_id: int, _on: date) -> sa.Select[ServiceReport]:
    return sa.select(ServiceReport).where(
        ServiceReport.site_id == site_id, ServiceReport.state.in_(OPEN_STATES)
    )


def _activities(site_id: int, on: date) -> sa.Select[Activity]:
    return sa.select(Activity).where(Activity.site_id == site_id, Activity.held_on >= on)


def _counting(rows: Any) -> Any:
    def count(session: Session, site_id: int, prospect: Prospect) -> int:
        found = rows(site_id, prospect.on).subquery()
        return session.scalar(sa.select(sa.func.count()).select_from(found)) or 0

    return count


def _pass_on(session: Session, old: int, new: int, passage: Passage) -> Kept:
    site = session.get_one(Site, new)
    reports = session.scalars(_reports(old, passage.on).order_by(ServiceReport.id)).all()
    as_seen = {report.id: _is_as_seen(report) for report in reports}
    services = session.scalars(_services(old, passage.on).order_by(Service.id)).all()
    kept = [_service_on(session, service, site, passage) for service in services]
    session.flush()  # flush: reports name the version that a service has now
    heirs = {item["old"]: item["new"] for item in kept}
    kept += [
        _report_on(session, report, site, heirs, passage) | {"seen": as_seen[report.id]} for report in reports
    ]
    activities = session.scalars(_activities(old, passage.on).order_by(Activity.id)).all()
    kept += [_activity_on(activity, site, heirs) for activity in activities]
    session.flush()
    for item in kept:
        if item.get("seen"):
            _compare_again(session, item)
    session.flush()
    return [item | {"version": _row(session, item).version} for item in kept]


def _is_as_seen(report: ServiceReport) -> bool:
    """Whether it was compared with the service as it stands."""
    return report.service is not None and report.from_version == report.service.version


def _compare_again(session: Session, item: dict[str, Any]) -> None:
    """The service goes on unchanged, so the comparison holds for what it is now."""
    report = session.get_one(ServiceReport, item["new"])
    report.from_version = session.get_one(Service, report.service_id).version


def _service_on(session: Session, service: Service, site: Site, passage: Passage) -> dict[str, Any]:
    before = {"kind": SERVICES, "site": service.site_id, "owner": service.organisation_id, "old": service.id}
    if service.started_on >= passage.on:
        _move(service, site.id, site.organisation_id)
        return before | {"new": service.id, "end": None}
    further = Service(
        site=site,
        started_on=passage.on,
        updated_at=passage.at,
        **{name: getattr(service, name) for name in OFFER},
    )
    session.add(further)
    before["end"] = _text(service.ended_on)
    service.ended_on, service.updated_at = passage.on, passage.at
    session.flush()  # flush: what is kept names the key
    return before | {"new": further.id}


def _report_on(
    session: Session, report: ServiceReport, site: Site, heirs: dict[int, int], passage: Passage
) -> dict[str, Any]:
    before = {
        "kind": REPORTS,
        "site": report.site_id,
        "owner": report.organisation_id,
        "new": report.id,
        "service": report.service_id,
        "from_version": report.from_version,
    }
    _move(report, site.id, site.organisation_id)
    report.service_id = heirs.get(report.service_id or 0, report.service_id)
    write_down(session, report, SUCCEED, report.state, passage)
    return before | {"todos": readdress(session, report, site.organisation_id)}


def _activity_on(activity: Activity, site: Site, heirs: dict[int, int]) -> dict[str, Any]:
    before = {
        "kind": ACTIVITIES,
        "site": activity.site_id,
        "owner": activity.organisation_id,
        "new": activity.id,
        "service": activity.service_id,
    }
    _move(activity, site.id, site.organisation_id)
    activity.service_id = heirs.get(activity.service_id or 0, activity.service_id)
    return before


def _move(row: Any, site_id: int, organisation_id: int) -> None:
    row.site_id, row.organisation_id = site_id, organisation_id


MODELS: dict[str, Any] = {SERVICES: Service, REPORTS: ServiceReport, ACTIVITIES: Activity}


def _row(session: Session, item: dict[str, Any]) -> Any:
    return session.get_one(MODELS[item["kind"]], item["new"])


def _stands(session: Session, site_id: int, kept: Kept) -> bool:
    """Nothing came, nothing went, and every row has the version that it had."""
    for kind, model in MODELS.items():
        at_site = sa.select(model.id, model.version).where(model.site_id == site_id)
        now: dict[int, int] = dict(session.execute(at_site).all())
        if now != {item["new"]: item["version"] for item in kept if item["kind"] == kind}:
            return False
    return True


def _give_back(session: Session, kept: Kept, passage: Passage) -> None:
    """The old services first, then what names them; what went on at the new site goes last."""
    services = [item for item in kept if item["kind"] == SERVICES]
    for item in services:
        _begin_again(session, item, passage)
    session.flush()  # flush: reports name the version that a service has now
    for item in kept:
        if item["kind"] != SERVICES:
            _move_back(session, item, passage)
    session.flush()  # flush: nothing names the further services any more
    for item in services:
        if item["new"] != item["old"]:
            session.delete(_row(session, item))
    session.flush()
    session.expire_all()


def _begin_again(session: Session, item: dict[str, Any], passage: Passage) -> None:
    service = session.get_one(Service, item["old"])
    if item["new"] == item["old"]:
        _move(service, item["site"], item["owner"])
    else:
        service.ended_on, service.updated_at = _day(item["end"]), passage.at


def _move_back(session: Session, item: dict[str, Any], passage: Passage) -> None:
    row = _row(session, item)
    _move(row, item["site"], item["owner"])
    row.service_id = item["service"]
    if item["kind"] == REPORTS:
        row.from_version = item["from_version"]
        readdress_back(session, item["todos"], item["owner"])
        write_down(session, row, GIVE_BACK, row.state, passage)
        if item["seen"]:
            _compare_again(session, item)


def _end(session: Session, site_id: int, passage: Passage) -> Kept:
    """The site closes: nothing is offered there any more, and no report of it is decided."""
    kept: Kept = []
    for service in session.scalars(_services(site_id, passage.on).order_by(Service.id)).all():
        kept.append({"kind": SERVICES, "new": service.id, "end": _text(service.ended_on)})
        service.ended_on = max(passage.on, service.started_on)
        service.updated_at = passage.at
    for report in session.scalars(_reports(site_id, passage.on).order_by(ServiceReport.id)).all():
        kept.append({"kind": REPORTS, "new": report.id, "state": report.state.value})
        kept[-1] |= shelve(session, report, passage)
        left, report.state = report.state, ServiceReportState.WITHDRAWN
        write_down(session, report, SUCCEED, left, passage)
    session.flush()
    return [item | {"version": _row(session, item).version} for item in kept]


def _still_over(session: Session, kept: Kept) -> bool:
    return all(_row(session, item).version == item["version"] for item in kept)


def _take_up(session: Session, kept: Kept, passage: Passage) -> None:
    for item in kept:
        row = _row(session, item)
        if item["kind"] == SERVICES:
            row.ended_on, row.updated_at = _day(item["end"]), passage.at
            continue
        left, row.state = row.state, ServiceReportState(item["state"])
        take_up(session, item)
        write_down(session, row, GIVE_BACK, left, passage)
    session.flush()


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


declare_passing(
    Passing(
        "services",
        (
            Counted(message(N_("服务项目")), _counting(_services)),
            Counted(message(N_("在办的服务项目申报")), _counting(_reports)),
            Counted(message(N_("承继日期起的活动记录")), _counting(_activities)),
        ),
        _pass_on,
        _stands,
        _give_back,
    )
)
declare_ending(
    Ending(
        "services",
        Over.SITE,
        (
            Counted(message(N_("停用场所的服务项目")), _counting(_services)),
            Counted(message(N_("停用场所在办的服务项目申报（按撤回处理）")), _counting(_reports)),
        ),
        _end,
        _still_over,
        _take_up,
    )
)
