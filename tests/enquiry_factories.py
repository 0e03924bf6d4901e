"""An enquiry as the public form leaves it."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.enquiries.models import EnquiryKind
from registry.enquiries.operations import Receipt, Written, receive
from registry.organisations.models import Site
from registry.policy.loading import load_policy
from registry.sealing.providers import SealProvider

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
SECRET = "a secret that is only good for tests"
TRAIL = Trail(b"a key for tests")


def make_enquiry(
    session: Session,
    seals: SealProvider,
    *,
    text: str = "请问周末开门吗？",
    contact: str = "",
    kind: EnquiryKind = EnquiryKind.QUESTION,
    division_code: str = "310101",
    site: Site | None = None,
    form_key: str = "",
    at: datetime = AT,
    trail: Trail = TRAIL,
    secret: str = SECRET,
) -> Receipt:
    """Received today, with its to-do; policy is loaded, for the deadline is a parameter."""
    load_policy(session)
    written = Written(kind, text, contact, division_code, site)
    return receive(
        session,
        written,
        form_key=form_key or uuid4().hex,
        secret=secret,
        at=at,
        seals=seals,
        trail=trail,
        calendar=WorkingCalendar.of([]),
    )
