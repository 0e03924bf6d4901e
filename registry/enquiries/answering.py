"""What the steps of an enquiry do: it comes in, the district answers it itself or passes it on."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from registry.enquiries.models import Enquiry
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.workflow_table import Facts, Occasion


@dataclass(frozen=True)
class Answer:
    """The answer, sealed for this enquiry; empty where it was passed on without a word."""

    sealed: bytes | None = None
    passed_to: str = ""


def come_in(_session: Session, enquiry: Enquiry, _occasion: Occasion) -> Facts:
    """The trail keeps of what kind it is, never what it says."""
    return {"kind": enquiry.kind.value}


def answer(_session: Session, enquiry: Enquiry, occasion: Occasion) -> Facts:
    """The trail keeps that it was answered, never what was said."""
    given: Answer = occasion.facts
    if given.sealed is None:
        raise InvalidInput("answer", message(N_("请写明答复。")))
    enquiry.answer_sealed = given.sealed
    enquiry.answered_at = occasion.at
    return {"kind": enquiry.kind.value}


def pass_on(_session: Session, enquiry: Enquiry, occasion: Occasion) -> Facts:
    """Whoever wrote is told who has it now."""
    given: Answer = occasion.facts
    if not given.passed_to:
        raise InvalidInput("passed_to", message(N_("请写明转交给哪个单位。")))
    enquiry.passed_to = given.passed_to
    return {"kind": enquiry.kind.value, "passed_to": given.passed_to}
