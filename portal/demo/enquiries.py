"""What the public wrote: one that waits, one that was passed on, one that was answered; all of it made up."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.named_providers import site_key
from portal.demo.pacing import Story
from portal.demo.writing import Written as World
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.enquiries.answering import Answer
from registry.enquiries.models import Enquiry, EnquiryKind
from registry.enquiries.operations import Written, receive
from registry.enquiries.sealed_fields import ANSWER
from registry.enquiries.workflow import EnquiryStep
from registry.organisations.models import Site
from registry.policy.queries import working_calendar
from registry.sealing.providers import SealProvider
from registry.workflow.operations import take_step

PROVIDER = "one-short"


@dataclass(frozen=True)
class Post:
    """What comes in, and the officer who answers it."""

    session: Session
    officer: Actor
    trail: Trail
    seals: SealProvider
    calendar: WorkingCalendar

    def take_in(self, written: Written, at: datetime) -> Enquiry:
        """As the public form does; its key is drawn from the text, so that the world is the same each time."""
        return receive(
            self.session,
            written,
            form_key=sha256(written.text.encode()).hexdigest()[:32],
            secret="示例",  # noqa: S106  # nobody holds a receipt of a made-up enquiry
            at=at,
            seals=self.seals,
            trail=self.trail,
            calendar=self.calendar,
        ).enquiry

    def step(self, enquiry: Enquiry, step: EnquiryStep, given: Answer, at: datetime) -> None:
        """The district's officer takes it."""
        take_step(
            self.session,
            enquiry,
            step,
            actor=self.officer,
            at=at,
            trail=self.trail,
            calendar=self.calendar,
            facts=given,
        )

    def answer(self, enquiry: Enquiry, text: str, at: datetime) -> None:
        """Sealed, as the page does."""
        sealed = ANSWER.values(self.seals, text, enquiry.code)[ANSWER.sealed.key]
        self.step(enquiry, EnquiryStep.ANSWER, Answer(sealed=bytes(sealed)), at)  # type: ignore[arg-type]  # its own value is bytes


def write_enquiries(
    session: Session, world: World, accounts: Accounts, *, today: date, trail: Trail, seals: SealProvider
) -> Story:
    """In the district of the demonstration accounts."""
    officer = Actor.of(accounts[Role.DISTRICT].positions[0])
    post = Post(session, officer, trail, seals, working_calendar(session))
    site = session.scalars(sa.select(Site).where(Site.id == world.sites[site_key(PROVIDER, 0)])).one()
    yield _at(today, 20)
    asked = post.take_in(
        _about(site, EnquiryKind.QUESTION, "周六上午能不能去？从外滩坐公交怎么走？"), _at(today, 20)
    )
    yield _at(today, 17)
    post.answer(asked, "周六上午9点至11点半开门。公交20路示例路站下车，步行5分钟。", _at(today, 17))
    yield _at(today, 8)
    complaint = post.take_in(
        _about(None, EnquiryKind.COMPLAINT, "在医院开的转介单，交上去三周没有回音。", officer.division_code),
        _at(today, 8),
    )
    yield _at(today, 6)
    post.step(complaint, EnquiryStep.PASS_ON, Answer(passed_to="黄浦区卫生健康委员会（示例）"), _at(today, 6))
    yield _at(today, 3)
    post.take_in(
        _about(site, EnquiryKind.SUGGESTION, "希望晚上也能开放一两次，家里人白天要上班。"), _at(today, 3)
    )


def _about(site: Site | None, kind: EnquiryKind, text: str, division_code: str = "") -> Written:
    code = site.division_code if site else division_code
    return Written(kind, text, "", code, site, is_example=True)


def _at(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(9, 30), SHANGHAI)
