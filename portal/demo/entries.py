"""Entries of providers and filings of stations: what every listed one told, and one for each turn of the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from portal.demo.accounts import Accounts
from portal.demo.identifiers import example_uscc
from portal.demo.pacing import Story
from portal.demo.points import StreetPoints
from portal.demo.world import SEED
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.drafts.adopting import Adoption, adopt
from registry.drafts.operations import save_answers
from registry.organisations.models import (
    Organisation,
    OrganisationKind,
    Precision,
    Site,
    SiteKind,
    Standing,
    StandingKind,
)
from registry.organisations.operations import Origin, Place, open_organisation, open_site
from registry.periods import months_after
from registry.policy.queries import working_calendar
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.operations import entry_of
from registry.provider_entries.workflow import EntryStep
from registry.services.models import ServiceKind
from registry.station_filings.models import FilingKind, FilingState, StationFiling
from registry.station_filings.operations import filing_of
from registry.station_filings.workflow import FilingStep
from registry.workflow.operations import start, take_step

SOURCE = "示例数据"
VALID_MONTHS = 36
BROUGHT_OVER = "示例数据：2026年机构和站点名册"
BY = "示例系统管理员"
UNANSWERED_EVERY = 30
"""One in so many was on the list with its name and number alone."""

NEWCOMERS = (
    ("黄浦春苗社区康复服务站（示例）", "310101002", "submitted"),
    ("黄浦安澜日间康复中心（示例）", "310101020", "checked"),
    ("黄浦小满辅助就业工场（示例）", "310101013", "returned"),
)
"""Institutions on their way into the library, each at another turn."""


NEW_STATION = "黄浦新苗社工站（示例）"
"""Nobody has an account there: its street is filling in the filing."""


@dataclass(frozen=True)
class Clerk:
    """Takes steps for one person at a time."""

    session: Session
    trail: Trail
    calendar: WorkingCalendar

    def begin(self, record: Any, actor: Actor, at: datetime) -> None:
        start(self.session, record, actor=actor, at=at, trail=self.trail, calendar=self.calendar)

    def take(self, record: Any, step: Any, actor: Actor, at: datetime, **more: Any) -> None:
        take_step(
            self.session,
            record,
            step,
            actor=actor,
            at=at,
            trail=self.trail,
            calendar=self.calendar,
            **more,
        )


def write_entries(session: Session, accounts: Accounts, rng: Random, *, today: date, trail: Trail) -> Story:
    """What stands, then what is in hand."""
    brought_over = _at(today - timedelta(days=12))
    yield brought_over
    adoption = Adoption(brought_over.date(), brought_over, BY, trail)
    _tell_of_listed(session, rng, adoption)
    _tell_of_filed(session, rng, adoption)
    clerk = Clerk(session, trail, working_calendar(session))
    by_role = {role: Actor.of(account.positions[0]) for role, account in accounts.items()}
    yield from _bring_newcomers(session, clerk, by_role, rng, today)
    yield from _begin_for_a_station(session, clerk, by_role[Role.STREET], today)
    yield from _change_what_stands(session, clerk, by_role, today)


def _tell_of_listed(session: Session, rng: Random, adoption: Adoption) -> None:
    """Every listed institution was brought over from the files; of some nothing but the listing was known."""
    held = sa.select(Standing).where(Standing.kind == StandingKind.PROVIDER).order_by(Standing.id)
    newest = {standing.organisation_id: standing for standing in session.scalars(held)}
    for number, standing in enumerate(newest.values(), start=1):
        site = session.scalars(
            sa.select(Site).where(Site.organisation_id == standing.organisation_id).order_by(Site.id)
        ).first()
        if site is not None:
            entry = _entry_in_force(standing, site, rng)
            if number % UNANSWERED_EVERY == 0:
                entry.answers, entry.valid_until = {}, None
            adopt(session, entry, BROUGHT_OVER, adoption)


def _entry_in_force(standing: Standing, site: Site, rng: Random) -> ProviderEntry:
    """A renewal is due three years after the last full term that began."""
    renewed_on = standing.granted_on
    while months_after(renewed_on, VALID_MONTHS) <= date(2026, 11, 23):
        renewed_on = months_after(renewed_on, VALID_MONTHS)
    return ProviderEntry(
        kind=EntryKind.ENTRY,
        state=EntryState.LEFT if standing.ended_on else EntryState.LISTED,
        organisation=standing.organisation,
        site=site,
        standing=standing,
        division_code=site.division_code,
        confirming_code="31",
        confirmed_on=standing.granted_on,
        valid_until=None if standing.ended_on else months_after(renewed_on, VALID_MONTHS) - timedelta(days=1),
        answers=entry_answers(rng, site),
        base_answers={},
    )


def entry_answers(rng: Random, site: Site) -> dict[str, Any]:
    """What an institution of this kind would tell; every phone number is one that nobody has."""
    kinds = sorted(rng.sample([kind.value for kind in ServiceKind if kind is not ServiceKind.OTHER], 4))
    return {
        "area": str(rng.randint(80, 900)),
        "service_area": "本街镇及相邻街镇居民",
        "hours": rng.choice(("周一至周五 9:00—16:30", "周一至周六 8:30—17:00")),
        "phone": f"021-0000{rng.randint(0, 9999):04d}",
        "contact": rng.choice(("服务台", "值班社工", "康复部")),
        "kinds": kinds,
        "forms": ["residential"] if site.kind is SiteKind.HALFWAY_HOUSE else ["day", "group"],
        "capacity": str(rng.randint(12, 60)),
        "fee": "免费",
        "direct_staff": str(rng.randint(2, 9)),
        "emergency": "由值班社工联系家属、居委会和对口医院，情况紧急时拨打110或120。",
        "promised": "yes",
        "licence": f"示例证书{rng.randint(1000, 9999)}号",
        "fire": "held",
        "hygiene": "not_needed",
        "insurance": rng.choice(("yes", "yes", "no")),
    }


def _tell_of_filed(session: Session, rng: Random, adoption: Adoption) -> None:
    stations = sa.select(Site).where(Site.kind == SiteKind.STATION).order_by(Site.id)
    for site in session.scalars(stations.options(joinedload(Site.organisation))):
        standing = next((s for s in site.organisation.standings if s.kind is StandingKind.STATION), None)
        if standing is not None:
            adopt(session, _filing_in_force(standing, site, rng), BROUGHT_OVER, adoption)


def _filing_in_force(standing: Standing, site: Site, rng: Random) -> StationFiling:
    return StationFiling(
        kind=FilingKind.FILING,
        state=FilingState.FILED,
        organisation=site.organisation,
        site=site,
        standing=standing,
        division_code=site.division_code,
        filed_on=standing.granted_on,
        answers=_filing_answers(rng, site),
        base_answers={},
    )


def _filing_answers(rng: Random, site: Site) -> dict[str, Any]:
    workers = rng.randint(2, 5)
    return {
        "level": "street",
        "opened_on": site.opened_on.isoformat() if site.opened_on else "",
        "area": str(rng.randint(40, 260)),
        "is_specialised": rng.choice(("yes", "no", "no")),
        "hours": "周一至周五 9:00—17:00",
        "phone": f"021-0000{rng.randint(0, 9999):04d}",
        "operator": site.organisation.name,
        "operator_uscc": site.organisation.uscc or "",
        "contract_no": f"示例2026-{rng.randint(1, 999):03d}",
        "contract_from": "2026-01-01",
        "contract_until": "2026-12-31",
        "amount": str(rng.randrange(180_000, 520_000, 10_000)),
        "domains": ["assistance", "community", "rehabilitation"],
        "workers": str(workers),
        "certified": str(rng.randint(1, workers)),
    }


def _bring_newcomers(
    session: Session, clerk: Clerk, actors: Mapping[Role, Actor], rng: Random, today: date
) -> Story:
    for number, (name, street, turn) in enumerate(NEWCOMERS, start=1):
        site = _newcomer(session, name, street, number, SiteKind.REHABILITATION)
        entry = entry_of(session, site.organisation, site, EntryKind.ENTRY, today)
        entry.base_answers = entry_answers(rng, site)
        owner = _owner(actors[Role.PROVIDER], site)
        handed_in = _at(today - timedelta(days=10 - 2 * number))
        yield handed_in
        clerk.begin(entry, owner, handed_in)
        entry.base_answers = {}
        clerk.take(entry, EntryStep.SUBMIT, owner, handed_in)
        yield handed_in + timedelta(days=1)
        if turn == "checked":
            clerk.take(entry, EntryStep.CHECK, actors[Role.DISTRICT], handed_in + timedelta(days=1))
        if turn == "returned":
            remarks = {"area": "与租赁合同上的180平方米不一致，请核对。", "emergency": "请写明对口医院。"}
            clerk.take(
                entry,
                EntryStep.RETURN,
                actors[Role.DISTRICT],
                handed_in + timedelta(days=1),
                reason="场地面积与合同不一致，应急办法不完整，请补正后重新提交。",
                facts=remarks,
            )


def _newcomer(session: Session, name: str, street: str, number: int, site_kind: SiteKind) -> Site:
    at = _at(date(2025, 9, 1))
    kind = OrganisationKind.SOCIAL_SERVICE
    organisation = open_organisation(
        session,
        name=name,
        kind=kind,
        division_code=street,
        origin=Origin(SOURCE, f"newcomer-{number}", is_example=True),
        at=at,
        uscc=example_uscc(kind, street, 9300 + number),
        opened_on=date(2025, 9, 1),
    )
    latitude, longitude = StreetPoints(str(SEED)).of_street(street)
    place = Place(f"示例新路{number * 18}号", street, street, latitude, longitude, Precision.STREET)
    return open_site(
        session,
        organisation,
        place,
        name=name,
        kind=site_kind,
        origin=Origin(SOURCE, f"newcomer-{number}/0", is_example=True),
        on=date(2025, 9, 1),
        at=at,
    )


def _owner(pattern: Actor, site: Site) -> Actor:
    """Whoever fills in for an institution that has no account in the demonstration."""
    return Actor(
        account_id=pattern.account_id,
        code=pattern.code,
        username=pattern.username,
        name="示例机构经办",
        role=Role.PROVIDER,
        division_code=site.division_code,
        organisation_id=site.organisation_id,
    )


def _begin_for_a_station(session: Session, clerk: Clerk, street: Actor, today: date) -> Story:
    """The street has begun the filing of a station where nobody has an account."""
    at = _at(today - timedelta(days=3))
    yield at
    station = _newcomer(session, NEW_STATION, street.division_code, len(NEWCOMERS) + 1, SiteKind.STATION)
    filing = filing_of(session, station, street_on=at.date())
    clerk.begin(filing, street, at)
    typed = {"level": "street", "opened_on": "2025-09-01", "area": "76", "hours": "周一至周五 9:00—17:00"}
    save_answers(session, filing, typed, base=filing.version, actor=street, at=at)


def _change_what_stands(session: Session, clerk: Clerk, actors: Mapping[Role, Actor], today: date) -> Story:
    """The station of the demonstration has a change waiting for its street; its provider's is half filled in."""
    station = actors[Role.STATION]
    site = _first_site(session, station)
    change = filing_of(session, site)
    at = _at(today - timedelta(days=2))
    yield at
    clerk.begin(change, station, at)
    typed = {"hours": "周一至周六 9:00—17:00", "workers": "4", "certified": "3"}
    save_answers(session, change, typed, base=change.version, actor=station, at=at)
    clerk.take(change, FilingStep.SUBMIT, station, at)
    provider = actors[Role.PROVIDER]
    entry = entry_of(
        session,
        session.get_one(Organisation, provider.organisation_id),
        _first_site(session, provider),
        EntryKind.CHANGE,
        today,
    )
    at = _at(today - timedelta(days=1))
    yield at
    clerk.begin(entry, provider, at)
    half = {"capacity": "36", "hours": "", "phone": "见门口公示栏"}
    save_answers(session, entry, half, base=entry.version, actor=provider, at=at)


def _first_site(session: Session, actor: Actor) -> Site:
    of_owner = sa.select(Site).where(Site.organisation_id == actor.organisation_id).order_by(Site.id)
    return next(iter(session.scalars(of_owner.options(joinedload(Site.organisation)))))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10, 30), SHANGHAI)
