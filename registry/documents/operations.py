"""Every write of issued documents. The caller has put the bytes in place before a document is called done."""

from dataclasses import asdict, astuple
from datetime import datetime

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.documents.models import DocumentState, IssuedDocument, MakingStep, Printed, Question
from registry.messages import Message


def issue_document(
    session: Session,
    question: Question,
    printed: Printed,
    *,
    code: str,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> IssuedDocument:
    """Put on record a document whose bytes, with the code printed in them, are kept already."""
    document = _asked(question, actor, at, code=code)
    session.add(document)
    finish_document(session, document, printed, at=at, trail=trail)
    return document


def ask_for_document(
    session: Session, question: Question, *, pages: int, actor: Actor, at: datetime
) -> IssuedDocument:
    """Put on record that a job is to make a document; the trail is entered when it is issued."""
    document = _asked(question, actor, at)
    document.pages = pages
    session.add(document)
    session.flush()  # flush: the check code comes with the row
    return document


def begin_making(document: IssuedDocument, *, at: datetime) -> None:
    """A worker has taken it up, perhaps for the second time."""
    document.state = DocumentState.WORKING
    document.begun_at = at
    document.step = MakingStep.READING


def finish_document(
    session: Session, document: IssuedDocument, printed: Printed, *, at: datetime, trail: Trail
) -> None:
    """The bytes are in place: what they say becomes part of the record, with its entry in the trail."""
    document.numerator, document.denominator = printed.numerator, printed.denominator
    document.percent = printed.percent
    document.parts = [list(astuple(part)) for part in printed.parts]
    document.sha256, document.size = printed.sha256, printed.size
    document.state, document.step = DocumentState.DONE, MakingStep.KEEPING
    document.issued_at = at
    _record(session, document, at=at, trail=trail)


def fail_document(document: IssuedDocument, reason: Message) -> None:
    """It could not be made; the reason names the remedy."""
    document.state = DocumentState.FAILED
    document.reason = [reason.msgid, dict(reason.values)]


def fetch_document(
    session: Session, document: IssuedDocument, *, actor: Actor, at: datetime, trail: Trail
) -> None:
    """Somebody takes the file again: the trail says who."""
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.DOCUMENT_SEE,
        result=Result.DONE,
        subject_type=IssuedDocument.__tablename__,
        subject_code=document.code,
        division_code=document.division_code,
        facts={"format": document.format, "sha256": document.sha256},
    )


def reason_of(document: IssuedDocument) -> Message | None:
    """Why it could not be made."""
    if document.reason is None:
        return None
    msgid, values = document.reason
    return Message(msgid, tuple(values.items()))


def _asked(question: Question, actor: Actor, at: datetime, **more: str) -> IssuedDocument:
    return IssuedDocument(
        **asdict(question),
        **more,
        state=DocumentState.WAITING,
        step=MakingStep.ASKED,
        actor_code=actor.code,
        actor_name=actor.name,
        asked_at=at,
    )


def _record(session: Session, document: IssuedDocument, *, at: datetime, trail: Trail) -> None:
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=document.actor_code,
        actor_name=document.actor_name,
        action=Action.DOCUMENT_ISSUE,
        result=Result.DONE,
        subject_type=IssuedDocument.__tablename__,
        subject_code=document.code,
        division_code=document.division_code,
        facts={
            "kind": document.kind,
            "format": document.format,
            "annex": document.annex,
            "figure": document.figure_code,
            "on": document.on.isoformat(),
            "sha256": document.sha256,
        },
    )
