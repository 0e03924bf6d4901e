"""Typed builders of services, reports of services and activities, with boring defaults."""

import itertools
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from registry.access.models import Account
from registry.drafts.models import DraftRound
from registry.organisations.models import Site
from registry.services.models import Activity, ReportKind, Service, ServiceKind, ServiceReport
from tests.factories import DAY, LONG_AGO, NOW

_numbers = itertools.count(1)

OFFER: dict[str, Any] = {
    "title": "生活技能小组",
    "place": "二楼活动室",
    "weekdays": "135",
    "hours": "09:00–11:30",
    "capacity": 12,
    "fee": Decimal(0),
    "fee_note": "",
    "contact": "值班社工",
    "phone": "021-00000000",
}


def make_service(session: Session, site: Site, **facts: Any) -> Service:
    """A free group on three mornings, offered since 2020."""
    defaults = OFFER | {"kind": ServiceKind.LIVING, "started_on": LONG_AGO, "updated_at": NOW}
    service = Service(site=site, **(defaults | facts))
    session.add(service)
    session.flush()
    return service


ANSWERS: dict[str, Any] = {
    "service_kind": "RS04",
    "title": "生活技能小组",
    "place": "二楼活动室",
    "weekdays": ["1", "3", "5"],
    "hours": "09:00–11:30",
    "capacity": "12",
    "charge": "free",
    "contact": "值班社工",
    "phone": "021-00000000",
    "effective_on": DAY.isoformat(),
}


def make_service_report(session: Session, site: Site, asked_by: Account, **facts: Any) -> ServiceReport:
    """The draft of a new service, with all answers."""
    defaults = {
        "kind": ReportKind.NEW,
        "answers": dict(ANSWERS),
        "base_answers": {},
        "asked_at": NOW,
        "asked_by_id": asked_by.id,
        "division_code": site.division_code,
        "organisation_id": site.organisation_id,
    }
    report = ServiceReport(site=site, **(defaults | facts))
    session.add(report)
    session.flush()
    return report


def make_round(session: Session, report: ServiceReport) -> DraftRound:
    """What was handed in: a report that stands as submitted has one."""
    handed_in = DraftRound(
        subject_type="service_report",
        subject_id=report.id,
        number=1,
        answers=dict(report.answers),
        actor_code="2222222222",
        actor_name="李示例",
        at=NOW,
    )
    session.add(handed_in)
    session.flush()
    return handed_in


def make_activity(session: Session, site: Site, **facts: Any) -> Activity:
    """Ten people for an hour and a half, entered on the day."""
    defaults: dict[str, Any] = {
        "held_on": DAY,
        "kind": ServiceKind.LIVING,
        "persons": 10,
        "person_times": 10,
        "minutes": 90,
        "note": "",
        "entered_on": DAY,
        "entered_at": NOW,
        "entered_by_code": "2222222222",
        "entered_by_name": "李示例",
        "form_key": f"form-{next(_numbers)}",
        "division_code": site.division_code,
        "organisation_id": site.organisation_id,
    }
    activity = Activity(site=site, **(defaults | facts))
    session.add(activity)
    session.flush()
    return activity
