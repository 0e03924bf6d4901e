"""Every read of issued documents."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.documents.models import DocumentState, IssuedDocument

KEPT_FOR = timedelta(days=30)
"""How long the bytes of a document can be fetched again; what it said is kept for ever."""


def document_by_code(session: Session, code: str) -> IssuedDocument | None:
    """The document under a check code, in whatever state."""
    return session.scalar(sa.select(IssuedDocument).where(IssuedDocument.code == code))


def issued_under(session: Session, code: str) -> IssuedDocument | None:
    """The document that was really handed out under a check code."""
    document = document_by_code(session, code)
    return document if document is not None and document.state is DocumentState.DONE else None


def own_documents(session: Session, actor: Actor, *, at: datetime, limit: int = 100) -> list[IssuedDocument]:
    """What the actor asked for within the time that files are kept and may still see, the newest first."""
    return list(
        session.scalars(
            sa.select(IssuedDocument)
            .where(IssuedDocument.actor_code == actor.code, IssuedDocument.asked_at > at - KEPT_FOR)
            .where(readable(IssuedDocument, actor, Action.DOCUMENT_SEE))
            .order_by(IssuedDocument.id.desc())
            .limit(limit)
        )
    )


def codes_in_hand(session: Session) -> list[str]:
    """Documents that a job has still to make, the oldest first: a worker that starts is given them again."""
    in_hand = IssuedDocument.state.in_((DocumentState.WAITING, DocumentState.WORKING))
    return list(session.scalars(sa.select(IssuedDocument.code).where(in_hand).order_by(IssuedDocument.id)))


def is_past_keeping(document: IssuedDocument, at: datetime) -> bool:
    """Whether its bytes need no longer be there."""
    return document.asked_at <= at - KEPT_FOR
