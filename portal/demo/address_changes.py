"""Changes of address in hand and behind us: one confirmed, one returned, one that waits for the district."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.named_providers import site_key
from portal.demo.pacing import Story
from portal.demo.writing import Written
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.organisations.address_changes import Proposal, draft_of
from registry.organisations.models import AddressChange, Site
from registry.organisations.workflow import AddressChangeStep
from registry.policy.queries import working_calendar
from registry.workflow.operations import start, take_step

PROVIDER = "one-short"


@dataclass(frozen=True)
class Clerk:
    """Takes steps for the two accounts, each at its own time."""

    session: Session
    provider: Actor
    officer: Actor
    trail: Trail
    calendar: WorkingCalendar

    def ask(self, site: Site, proposal: Proposal, at: datetime) -> AddressChange:
        """The provider draws a change up and hands it in."""
        change = draft_of(site, proposal, asked_by_id=self.provider.account_id, at=at)
        start(
            self.session,
            change,
            actor=self.provider,
            at=at,
            trail=self.trail,
            calendar=self.calendar,
            facts=proposal,
        )
        self._step(change, AddressChangeStep.SUBMIT, self.provider, at)
        return change

    def answer(self, change: AddressChange, step: AddressChangeStep, at: datetime, reason: str = "") -> None:
        """The district's officer confirms or returns it."""
        self._step(change, step, self.officer, at, reason)

    def _step(
        self, change: AddressChange, step: AddressChangeStep, actor: Actor, at: datetime, reason: str = ""
    ) -> None:
        take_step(
            self.session,
            change,
            step,
            actor=actor,
            at=at,
            trail=self.trail,
            calendar=self.calendar,
            reason=reason,
        )


def write_past_change(session: Session, written: Written, accounts: Accounts, *, trail: Trail) -> Story:
    """The seat of the provider account moved the year before."""
    seat, clerk = _site(session, written, 0), _clerk(session, accounts, trail)
    yield _at(date(2025, 5, 12))
    moved = clerk.ask(seat, _moved(seat, "外滩街道示例中路18号", date(2025, 6, 1)), _at(date(2025, 5, 12)))
    yield _at(date(2025, 5, 15))
    clerk.answer(moved, AddressChangeStep.CONFIRM, _at(date(2025, 5, 15)))


def write_recent_changes(
    session: Session, written: Written, accounts: Accounts, *, today: date, trail: Trail
) -> Story:
    """On the two sites of the provider account."""
    seat, branch = _site(session, written, 0), _site(session, written, 1)
    clerk = _clerk(session, accounts, trail)
    asked_on = today - timedelta(days=12)
    yield _at(asked_on)
    wrong = clerk.ask(
        seat, _moved(seat, "外滩街道示例北路", today + timedelta(days=20), is_placed=False), _at(asked_on)
    )
    reason = "地址没有门牌号，请补充后重新提交。"
    yield _at(asked_on + timedelta(days=3))
    clerk.answer(wrong, AddressChangeStep.RETURN, _at(asked_on + timedelta(days=3)), reason)
    yield _at(today - timedelta(days=4))
    waiting = _moved(branch, "豫园街道示例二路266号", today + timedelta(days=30))
    clerk.ask(branch, waiting, _at(today - timedelta(days=4)))


def _clerk(session: Session, accounts: Accounts, trail: Trail) -> Clerk:
    return Clerk(
        session,
        Actor.of(accounts[Role.PROVIDER].positions[0]),
        Actor.of(accounts[Role.DISTRICT].positions[0]),
        trail,
        working_calendar(session),
    )


def _moved(site: Site, address: str, effective_on: date, *, is_placed: bool = True) -> Proposal:
    """A move within the street; the point goes a little to the north."""
    latitude = round(site.latitude + 0.0006, 6) if is_placed and site.latitude is not None else None
    return Proposal(
        address=address,
        division_code=site.located_code,
        latitude=latitude,
        longitude=site.longitude if latitude is not None else None,
        effective_on=effective_on,
        explanation="租约到期，搬到同一街道的新址。",
    )


def _site(session: Session, written: Written, number: int) -> Site:
    return session.scalars(sa.select(Site).where(Site.id == written.sites[site_key(PROVIDER, number)])).one()


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10, 30), SHANGHAI)
