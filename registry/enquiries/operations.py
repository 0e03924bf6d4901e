"""What becomes of an enquiry: it is received from nobody's account, answered or passed on by the district.

Receiving is no step of an account, so the permission table has no say in it: the public form is its door.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from registry.access.actors import Visitor
from registry.audit.trail import Trail
from registry.base import new_code
from registry.clock import WorkingCalendar
from registry.enquiries.checking import check_code, hash_of
from registry.enquiries.models import Enquiry, EnquiryKind, EnquiryState
from registry.enquiries.sealed_fields import CONTACT, TEXT
from registry.organisations.models import Site
from registry.sealing.providers import SealProvider
from registry.workflow.operations import take_in

PUBLIC = "公众"
"""Whoever wrote, as the history and the inbox name him."""


@dataclass(frozen=True)
class Written:
    """What somebody wrote; `division_code` is the district where no place was named."""

    kind: EnquiryKind
    text: str
    contact: str
    division_code: str
    site: Site | None = None
    is_example: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the writer takes along."""

    enquiry: Enquiry
    check_code: str


def receive(
    session: Session,
    written: Written,
    *,
    form_key: str,
    secret: str,
    at: datetime,
    seals: SealProvider,
    trail: Trail,
    calendar: WorkingCalendar,
) -> Receipt:
    """Take an enquiry in and leave it to the district; the same form again gives the same receipt."""
    code = check_code(secret, form_key)
    taken = take_in(
        session,
        _sealed(written, code, at, seals),
        visitor=Visitor(PUBLIC),
        at=at,
        trail=trail,
        calendar=calendar,
        idempotency_key=form_key,
    )
    return Receipt(session.get_one(Enquiry, taken.subject_id), code)


def _sealed(written: Written, code: str, at: datetime, seals: SealProvider) -> Enquiry:
    enquiry = Enquiry(
        code=new_code(),  # now: the values are sealed for it
        kind=written.kind,
        state=EnquiryState.RECEIVED,
        division_code=written.division_code,
        site_id=written.site.id if written.site else None,
        check_hash=hash_of(code),
        received_at=at,
        is_example=written.is_example,
    )
    _write_sealed(enquiry, TEXT.values(seals, written.text, enquiry.code))
    if written.contact:
        _write_sealed(enquiry, CONTACT.values(seals, written.contact, enquiry.code))
    return enquiry


def _write_sealed(enquiry: Enquiry, values: Mapping[str, bytes | str]) -> None:
    for column, sealed in values.items():
        setattr(enquiry, column, sealed)
