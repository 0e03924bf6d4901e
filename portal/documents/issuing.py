"""Issuing at once: the bytes are put in place first, the record follows in one transaction, or nothing is left."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.documents.files import IssuedFiles
from portal.documents.making import Made, make, read_briefing, with_list
from portal.settings import Settings
from registry.access.actors import Actor
from registry.audit.trail import Trail
from registry.base import new_code
from registry.documents.models import IssuedDocument, Question
from registry.documents.operations import issue_document
from registry.documents.queries import KEPT_FOR
from reports.documents.briefing import Briefing


@dataclass(frozen=True)
class Issued:
    """The record with the bytes that it speaks of."""

    document: IssuedDocument
    briefing: Briefing
    data: bytes


@dataclass(frozen=True)
class Issuer:
    """Who issues, when, and where files and the trail are kept."""

    actor: Actor
    at: datetime
    settings: Settings
    trail: Trail

    def issue(
        self,
        session: Session,
        question: Question,
        *,
        briefing: Briefing | None = None,
        also: Callable[[bytes], None] | None = None,
    ) -> Issued:
        """Commits. What is read is let go of before pages are laid out, so that no writer waits for them.

        `also` is done with the bytes before the record is made: where it fails, nothing is on record.
        """
        spoken = with_list(session, briefing or read_briefing(session, question, at=self.at), question.annex)
        question = replace(question, place_name=spoken.place)
        session.rollback()
        document, data = self.hand_out(
            session,
            question,
            lambda code: make(spoken, question, code=code, settings=self.settings),
            also=also,
        )
        return Issued(document, spoken, data)

    def hand_out(
        self,
        session: Session,
        question: Question,
        lay_out: Callable[[str], Made],
        *,
        also: Callable[[bytes], None] | None = None,
    ) -> tuple[IssuedDocument, bytes]:
        """Laid out under a new check code, kept, put on record and committed, or nothing is left."""
        code = new_code()
        made = lay_out(code)
        files, name = IssuedFiles(self.settings.home), f"{code}.{question.format.value}"
        files.keep(name, made.data)
        try:
            if also is not None:
                also(made.data)
            document = self._put_on_record(session, question, made, code)
        except BaseException:
            files.discard(name)
            raise
        files.clear(self.at - KEPT_FOR)
        return document, made.data

    def _put_on_record(self, session: Session, question: Question, made: Made, code: str) -> IssuedDocument:
        document = issue_document(
            session, question, made.printed, code=code, actor=self.actor, at=self.at, trail=self.trail
        )
        session.commit()
        return document
