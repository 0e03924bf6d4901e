"""An enquiry as its pages show it, opened before they are drawn."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import data, moment, word
from portal.frame import place_name
from portal.sealing import current_seals
from portal.workflow.steps import PLACE_LEVELS, Button, Past, Waiting, buttons_of, past_of, waiting_for
from registry.access.actors import Actor
from registry.access.masks import Field, Mask, mask_of
from registry.divisions.codes import LENGTH_OF_LEVEL
from registry.documents.codes import grouped
from registry.enquiries.models import Enquiry, EnquiryState
from registry.enquiries.sealed_fields import ANSWER, CONTACT, TEXT, opened
from registry.enquiries.workflow import EnquiryStep
from registry.sealing.fields import SealedValue
from registry.workflow.models import Todo

STATE_KINDS = {
    EnquiryState.RECEIVED: "waiting",
    EnquiryState.PASSED_ON: "active",
    EnquiryState.ANSWERED: "done",
}
STEP_PAGES = {EnquiryStep.ANSWER: "enquiries.answer", EnquiryStep.PASS_ON: "enquiries.pass_on"}
SEEN = {Field.ENQUIRY_TEXT: TEXT, Field.ENQUIRY_CONTACT: CONTACT, Field.ENQUIRY_ANSWER: ANSWER}


@dataclass(frozen=True)
class EnquiryRow:
    """One enquiry in a list: what it is about, not what it says."""

    enquiry: Enquiry
    number: str
    kind: str


@dataclass(frozen=True)
class EnquiryPage:
    """Everything that the page of one enquiry shows."""

    enquiry: Enquiry
    number: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    text: str
    answer: str
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]


def row_of(enquiry: Enquiry) -> EnquiryRow:
    """One enquiry as a list shows it."""
    return EnquiryRow(enquiry, grouped(enquiry.code), STATE_KINDS[enquiry.state])


def enquiry_page(session: Session, enquiry: Enquiry, actor: Actor, on: date) -> EnquiryPage:
    """One enquiry for one reader."""
    said = _opened(session, enquiry, actor)
    return EnquiryPage(
        enquiry=enquiry,
        number=grouped(enquiry.code),
        kind=STATE_KINDS[enquiry.state],
        facts=_facts(enquiry, said.get(CONTACT.name, "")),
        text=said.get(TEXT.name, ""),
        answer=said.get(ANSWER.name, ""),
        buttons=buttons_of(session, enquiry, actor, STEP_PAGES, main=frozenset({EnquiryStep.ANSWER})),
        past=past_of(session, enquiry, EnquiryStep),
        waiting=waiting_for(session, enquiry, on, _place_of),
    )


def _opened(session: Session, enquiry: Enquiry, actor: Actor) -> dict[str, str]:
    shown: list[SealedValue] = [one for field, one in SEEN.items() if mask_of(actor, field) is Mask.SHOW]
    return opened(session, current_seals(), enquiry, shown)


def _facts(enquiry: Enquiry, contact: str) -> tuple[tuple[str, str], ...]:
    passed_to = ((_("转交给"), data(enquiry.passed_to)),) if enquiry.passed_to else ()
    return (
        (_("类别"), word(enquiry.kind)),
        (_("关于"), data(enquiry.site.name if enquiry.site else "")),
        (_("区划"), data(place_name(enquiry.division_code))),
        (_("收到时间"), moment(enquiry.received_at)),
        (_("联系方式"), data(contact)),
        *passed_to,
    )


def _place_of(todo: Todo) -> str:
    level = PLACE_LEVELS.get(todo.role)
    code = todo.division_code[: LENGTH_OF_LEVEL[level]] if level else todo.division_code
    return place_name(code) or ""
