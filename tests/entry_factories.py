"""Entries and filings with boring answers: a test names only what matters to it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar, today
from registry.organisations.models import Site, SiteKind
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.operations import entry_of
from registry.provider_entries.workflow import EntryStep
from registry.station_filings.models import FilingKind, FilingState, StationFiling
from registry.station_filings.operations import filing_of
from registry.station_filings.workflow import FilingStep
from registry.workflow.operations import start, take_step
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_division,
    make_organisation,
    make_parameter,
    make_site,
    make_uscc,
)

KEY = b"entries"
CALENDAR = WorkingCalendar.of(())
ENTRY_ANSWERS: dict[str, Any] = {
    "area": "260",
    "service_area": "南京东路街道、外滩街道",
    "hours": "周一至周五 9:00—16:30",
    "phone": "021-00000000",
    "contact": "服务台",
    "kinds": ["RS04", "RS05"],
    "forms": ["day"],
    "capacity": "30",
    "fee": "免费",
    "direct_staff": "0",
    "emergency": "由值班社工联系家属和社区民警。",
    "promised": "yes",
    "licence": "示例证书1号",
    "fire": "held",
    "hygiene": "not_needed",
    "insurance": "yes",
}
FILING_ANSWERS: dict[str, Any] = {
    "level": "street",
    "opened_on": "2024-05-06",
    "area": "80",
    "is_specialised": "yes",
    "hours": "周一至周五 9:00—17:00",
    "phone": "021-00000001",
    "operator": "示例社工服务中心",
    "operator_uscc": make_uscc(77),
    "contract_no": "示例2026-01",
    "contract_from": "2026-01-01",
    "contract_until": "2026-12-31",
    "amount": "300000",
    "domains": ["assistance", "rehabilitation"],
    "workers": "3",
    "certified": "2",
}
TERMS = (
    "provider_entry.check_workdays",
    "provider_entry.confirm_workdays",
    "provider_entry.defence_workdays",
    "provider_entry.decide_workdays",
    "station_filing.report_workdays",
    "station_filing.file_workdays",
)


def lay_out_terms(session: Session) -> None:
    """Shanghai down to a street, the terms of five working days, and the city that confirms."""
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD):
        make_division(session, code)
    for term in TERMS:
        make_parameter(session, term, 5)
    make_parameter(session, "provider_entry.confirming_division", "31", division_code="31")
    make_parameter(session, "provider_entry.valid_months", 36)


def make_entry(session: Session, site: Site, **facts: Any) -> ProviderEntry:
    """A draft with all answers; it may be given any state that needs no standing."""
    defaults: dict[str, Any] = {
        "kind": EntryKind.ENTRY,
        "state": EntryState.DRAFT,
        "organisation": site.organisation,
        "site": site,
        "division_code": site.division_code,
        "confirming_code": "31",
        "answers": dict(ENTRY_ANSWERS),
        "base_answers": {},
    }
    values = defaults | facts
    if values["state"] is not EntryState.DRAFT:
        values.setdefault("submitted_at", NOW)
    entry = ProviderEntry(**values)
    session.add(entry)
    session.flush()
    return entry


def make_filing(session: Session, site: Site, **facts: Any) -> StationFiling:
    """A draft with all answers; it may be given any state that needs no standing."""
    defaults: dict[str, Any] = {
        "kind": FilingKind.FILING,
        "state": FilingState.DRAFT,
        "organisation": site.organisation,
        "site": site,
        "division_code": site.division_code,
        "answers": dict(FILING_ANSWERS),
        "base_answers": {},
    }
    values = defaults | facts
    if values["state"] is not FilingState.DRAFT:
        values.setdefault("submitted_at", NOW)
    filing = StationFiling(**values)
    session.add(filing)
    session.flush()
    return filing


def make_station(session: Session, **facts: Any) -> Site:
    """A station with an operator of its own."""
    organisation = make_organisation(session)
    return make_site(session, organisation, kind=SiteKind.STATION, **facts)


def actor_of(account: Account) -> Actor:
    return Actor.of(account.positions[0])


class Desk:
    """Everybody around one record, and the steps they take."""

    def __init__(self, session: Session, site: Site, own: Role = Role.PROVIDER) -> None:
        self.session = session
        self.own = actor_of(make_account(session, own, organisation=site.organisation))
        self.street = actor_of(make_account(session, Role.STREET, division_code=NANJING_EAST_ROAD))
        self.district = actor_of(make_account(session, Role.DISTRICT, division_code=HUANGPU))
        self.colleague = actor_of(make_account(session, Role.DISTRICT, division_code=HUANGPU))
        self.city = actor_of(make_account(session, Role.CITY, division_code="31"))
        self.elsewhere = actor_of(make_account(session, Role.CITY, division_code="3101"))

    def begin(self, record: Any) -> Any:
        start(self.session, record, actor=self.own, at=NOW, trail=Trail(KEY), calendar=CALENDAR)
        return record

    def take(self, record: Any, step: Any, actor: Actor, **more: Any) -> Any:
        defaults: dict[str, Any] = {"at": NOW, "trail": Trail(KEY), "calendar": CALENDAR}
        take_step(self.session, record, step, actor=actor, **(defaults | more))
        self.session.flush()
        return record

    def listed(self, site: Site, at: datetime = NOW) -> ProviderEntry:
        """Handed in, checked and confirmed on one day."""
        entry = make_entry(self.session, site)
        self.take(entry, EntryStep.SUBMIT, self.own, at=at)
        self.take(entry, EntryStep.CHECK, self.district, at=at)
        return self.take(entry, EntryStep.CONFIRM, self.city, at=at)

    def filed(self, site: Site) -> StationFiling:
        """Handed in, reported and put on file on one day."""
        filing = make_filing(self.session, site)
        self.take(filing, FilingStep.SUBMIT, self.own)
        self.take(filing, FilingStep.REPORT, self.street)
        return self.take(filing, FilingStep.FILE, self.district)

    def handed_in(self, site: Site, kind: EntryKind = EntryKind.CHANGE) -> ProviderEntry:
        """A change or renewal of a listed institution, with another telephone."""
        entry = self.begin(entry_of(self.session, site.organisation, site, kind, today(NOW)))
        entry.answers = entry.answers | {"phone": "021-00000009"}
        return self.take(entry, EntryStep.SUBMIT, self.own)

    def change_reported(self, site: Site) -> StationFiling:
        """A change of a filed station that waits for the district."""
        filing = self.begin(filing_of(self.session, site))
        filing.answers = filing.answers | {"phone": "021-00000009"}
        self.take(filing, FilingStep.SUBMIT, self.own)
        return self.take(filing, FilingStep.REPORT, self.street)
