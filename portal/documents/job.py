"""A long document as a job: read, laid out, kept; done again from the start where a worker was killed in the middle."""

import logging
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.documents.files import IssuedFiles
from portal.documents.making import make, read_briefing, with_list
from portal.settings import Settings
from registry.audit.trail import Trail
from registry.clock import utc_now
from registry.documents.models import IssuedDocument, MakingStep, Question
from registry.documents.operations import begin_making, fail_document, finish_document
from registry.documents.queries import KEPT_FOR, document_by_code
from registry.engine import READS_ONLY
from registry.errors import Refusal
from registry.messages import N_, Message, message
from reports.documents.briefing import Briefing

logger = logging.getLogger(__name__)

BROKEN = N_(
    "系统在制作文件时出错，没有出具任何文件，故障已记入运行日志。请稍后重新出具；仍然出错时请联系系统管理员。"
)


def make_document(settings: Settings, engine: sa.Engine, code: str, at: datetime) -> None:
    """Make one document that was asked for; nothing happens where it is made already, or is no longer wanted."""
    question = _begun(engine, code, at)
    if question is None:
        return
    try:
        _made(settings, engine, code, question, at)
    except Refusal as refusal:
        _fail(engine, code, refusal.message or message(BROKEN))
    except Exception:  # the 500 page of a job: whoever waits is told, and the log has the cause
        logger.exception("a document could not be made", extra={"document": code})
        _fail(engine, code, message(BROKEN))
        raise


def _begun(engine: sa.Engine, code: str, at: datetime) -> Question | None:
    with Session(engine) as session:
        document = document_by_code(session, code)
        if document is None or not document.is_in_hand:
            return None
        begin_making(document, at=at)
        session.commit()
        return document.question


def _made(settings: Settings, engine: sa.Engine, code: str, question: Question, at: datetime) -> None:
    briefing = _read(engine, question, at)
    _note(engine, code, MakingStep.LAYOUT)
    made = make(briefing, question, code=code, settings=settings)
    _note(engine, code, MakingStep.KEEPING)
    files, name = IssuedFiles(settings.home), f"{code}.{question.format.value}"
    files.keep(name, made.data)
    with Session(engine) as session:
        document = _document(session, code)
        finish_document(
            session, document, made.printed, at=utc_now(), trail=Trail(settings.audit_key.encode())
        )
        session.commit()
    files.clear(utc_now() - KEPT_FOR)


def _read(engine: sa.Engine, question: Question, at: datetime) -> Briefing:
    """Without the write lock: the portal goes on working meanwhile."""
    reader = engine.execution_options(**{READS_ONLY: True})
    with Session(reader) as session:
        return with_list(session, read_briefing(session, question, at=at), question.annex)


def _note(engine: sa.Engine, code: str, step: MakingStep) -> None:
    with Session(engine) as session:
        _document(session, code).step = step
        session.commit()


def _fail(engine: sa.Engine, code: str, reason: Message) -> None:
    with Session(engine) as session:
        fail_document(_document(session, code), reason)
        session.commit()


def _document(session: Session, code: str) -> IssuedDocument:
    return session.scalars(sa.select(IssuedDocument).where(IssuedDocument.code == code)).one()
