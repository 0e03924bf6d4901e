"""What of an enquiry is sealed, and how it is opened."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from registry.enquiries.models import Enquiry
from registry.sealing.fields import SealedValue, declare_sealed, sealed_values
from registry.sealing.providers import SealProvider

TEXT = declare_sealed(SealedValue("enquiry.text", Enquiry.text_sealed))
CONTACT = declare_sealed(SealedValue("enquiry.contact", Enquiry.contact_sealed))
ANSWER = declare_sealed(SealedValue("enquiry.answer", Enquiry.answer_sealed))


def opened(
    session: Session, seals: SealProvider, enquiry: Enquiry, fields: Iterable[SealedValue]
) -> dict[str, str]:
    """The plaintexts by field, "" where nothing was written; SealBroken where a value does not open."""
    wanted = tuple(fields)
    found = sealed_values(session, wanted, [enquiry.id])[enquiry.id]
    return {
        field.name: field.opened(seals, sealed, enquiry.code) if (sealed := found[field.name]) else ""
        for field in wanted
    }
