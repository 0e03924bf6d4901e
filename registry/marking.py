"""The mark of the register: another one after each change, so that whoever remembers an answer knows whether it holds.

A session that wrote anything shown anywhere leaves a new mark in the transaction of its writes: nobody sees one without
the other. The mark is random, so that a restored backup never comes back to one that stood for something else.
"""

import secrets
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, SessionTransaction, mapped_column

from registry.base import Base, Id

UNSHOWN = frozenset(
    {
        "account",
        "audit_check",
        "audit_checkpoint",
        "audit_entry",
        "audit_head",
        "emergency_access",
        "failed_attempts",
        "former_password",
        "issued_document",
        "one_time_code",
        "recovery_code",
        "register_mark",
        "reveal",
        "second_factor",
        "sign_in",
    }
)
"""Tables of which no remembered answer tells anything; every other one counts, also one that comes later."""

HAS_WRITTEN = "has_written"


class RegisterMark(Base):
    """One row, moved by each change."""

    __tablename__ = "register_mark"
    __table_args__ = (sa.CheckConstraint("id = 1", name="is_the_only_row"),)

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(sa.String(32))


_MARK = sa.select(RegisterMark.__table__.c.mark)
_MOVE = sa.text(
    "INSERT INTO register_mark (id, mark) VALUES (1, :mark) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
)


def register_mark(session: Session) -> str | None:
    """What stands for the register as this transaction sees it; None where nothing was ever written.

    To be read before what is remembered under it: on PostgreSQL a later statement may see more, never less.
    """
    return session.scalar(_MARK)


@event.listens_for(Session, "after_flush")
def _notice_rows(session: Session, _context: Any) -> None:
    for record in (*session.new, *session.dirty, *session.deleted):
        if _is_shown(sa.inspect(type(record)).local_table):
            session.info[HAS_WRITTEN] = True
            return


@event.listens_for(Session, "do_orm_execute")
def _notice_statement(state: ORMExecuteState) -> None:
    if not state.is_select and _is_shown(getattr(state.statement, "table", None)):
        state.session.info[HAS_WRITTEN] = True


@event.listens_for(Session, "before_commit")
def _move_mark(session: Session) -> None:
    session.flush()
    if session.info.pop(HAS_WRITTEN, False):
        session.connection().execute(_MOVE, {"mark": secrets.token_hex(16)})


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:  # what was written before a savepoint outlives it
        session.info.pop(HAS_WRITTEN, None)


def _is_shown(table: Any) -> bool:
    return getattr(table, "name", None) not in UNSHOWN
