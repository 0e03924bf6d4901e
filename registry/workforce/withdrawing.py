"""撤回误录: a row of a person's record that was entered in error goes, with its reason, and it stays known that it was.

One way for posts, education, certificates and courses. Figures of past days are read as if the row had never been, as
after any correction; verdicts that are frozen keep their numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.rules import authorize
from registry.actions import Action, Deed
from registry.attachments.models import Attachment
from registry.attachments.operations import mark_erased
from registry.attachments.queries import attachments_of
from registry.errors import NotVisible, ReasonMissing, RequirementUnmet
from registry.messages import N_, Message, message
from registry.policy.models import InstitutionSnapshot
from registry.turns import take_turns
from registry.workflow.models import Clock, Todo, WorkflowStep
from registry.workforce.models import (
    Certificate,
    CertificateKind,
    Education,
    Post,
    Practitioner,
    Training,
    Verification,
)
from registry.workforce.withdrawn import RowKind, WithdrawnRow
from registry.workforce.words import WORDS
from registry.workforce.writing import Hand, note, plain, refuse_former_employer, refuse_stale, touch

ERASED_FOR = "所附的记录已撤回"
CERTIFICATES = {one: word.zh for one, word in WORDS if isinstance(one, CertificateKind)}
"""As a withdrawn one is called: that is data, in Chinese."""
NOT_TOLD = frozenset({"id", "code", "version", "practitioner_id", "site_id"})

Row = Post | Education | Certificate | Training


@dataclass(frozen=True)
class Kind:
    """How rows of one kind are called once they are gone, and what keeps one from going."""

    model: Any
    """The mapped class of a `Row`."""
    name_of: Callable[[Any], str]
    day_of: Callable[[Any], date]
    depends: Callable[[Practitioner, Any], Message | None]


def withdraw(
    session: Session, person: Practitioner, kind: RowKind, code: str, *, reason: str, version: int, hand: Hand
) -> WithdrawnRow:
    """`version` is the record's that the page was opened against; the same row withdrawn before is given back.

    NotVisible for no row of this person, RequirementUnmet where something depends on it.
    """
    if not reason.strip():
        raise ReasonMissing
    take_turns(session, person)
    earlier = withdrawn_before(session, person, code)
    if earlier is not None:
        return earlier
    row = _row(session, person, kind, code)
    _let_in(hand, person, row)
    refuse_stale(person, version)
    hindrance = KINDS[kind].depends(person, row)
    if hindrance is not None:
        raise RequirementUnmet(hindrance)
    gone = _remembered(session, person, kind, row, reason, hand)
    _carry_over(session, kind, row, gone, hand)
    told = {"kind": kind.value, "row": row.code, "before": plain(_facts(row))}
    session.delete(row)
    touch(session, person, hand.at)
    session.expire(person, ["posts", "education", "certificates", "training"])
    note(session, person, Deed.ROW_WITHDRAW, hand, told, reason=reason)
    return gone


def withdrawn_before(session: Session, person: Practitioner, code: str) -> WithdrawnRow | None:
    """The row that had this code, where it was withdrawn."""
    of_person = WithdrawnRow.practitioner_id == person.id
    return session.scalar(sa.select(WithdrawnRow).where(WithdrawnRow.row_code == code, of_person))


def withdrawn_of(session: Session, person: Practitioner, organisation_id: int | None) -> list[WithdrawnRow]:
    """The newest first; an institution does not read of posts at others."""
    found = sa.select(WithdrawnRow).where(WithdrawnRow.practitioner_id == person.id)
    if organisation_id is not None:
        own = WithdrawnRow.organisation_id
        found = found.where(sa.or_(own.is_(None), own == organisation_id))
    return list(session.scalars(found.order_by(WithdrawnRow.id.desc())))


def called(kind: RowKind, row: Any) -> tuple[str, date]:
    """What a row is called once it is gone, and its day."""
    return KINDS[kind].name_of(row), KINDS[kind].day_of(row)


def assessed_days(session: Session, post: Post) -> list[date]:
    """The days of assessment, frozen by now, on which the post was held."""
    on = InstitutionSnapshot.on
    held = sa.select(on).where(
        InstitutionSnapshot.organisation_code == post.site.organisation.code, on >= post.start_on
    )
    if post.end_on is not None:
        held = held.where(on < post.end_on)
    return list(session.scalars(held.distinct().order_by(on)))


def _row(session: Session, person: Practitioner, kind: RowKind, code: str) -> Row:
    model = KINDS[kind].model
    is_it = (model.code == code, model.practitioner_id == person.id)
    statement = sa.select(model).where(*is_it).with_for_update(of=model)
    if model is Post:
        statement = statement.options(joinedload(Post.site))
    row: Row | None = session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        raise NotVisible
    return row


def _let_in(hand: Hand, person: Practitioner, row: Row) -> None:
    """Whoever may write the row may withdraw it."""
    if isinstance(row, Post):
        authorize(hand.actor, Action.PRACTITIONER_RECORD, row.site, see=Action.SITE_SEE)
    else:
        authorize(hand.actor, Action.PRACTITIONER_RECORD, person, see=Action.PRACTITIONER_SEE)
        refuse_former_employer(hand.actor, person, hand.on)


def _remembered(
    session: Session, person: Practitioner, kind: RowKind, row: Row, reason: str, hand: Hand
) -> WithdrawnRow:
    name, day = called(kind, row)
    gone = WithdrawnRow(
        kind=kind,
        row_code=row.code,
        name=name,
        day=day,
        reason=reason,
        withdrawn_at=hand.at,
        withdrawn_by_code=hand.actor.code,
        withdrawn_by=hand.actor.name,
        practitioner_id=person.id,
        organisation_id=row.site.organisation_id if isinstance(row, Post) else None,
    )
    session.add(gone)
    session.flush()
    return gone


def _carry_over(session: Session, kind: RowKind, row: Row, gone: WithdrawnRow, hand: Hand) -> None:
    """Nobody need act on it any more, its files are erased, and its history is the history of what was withdrawn.

    The key of a row that is gone may be given to a new one, which must not inherit any of it.
    """
    for one in attachments_of(session, row):
        if one.is_kept:
            mark_erased(
                session, one, why=ERASED_FOR, at=hand.at, trail=hand.trail, by=hand.actor.name
            )  # the night sweeps the file away
    session.flush()
    for model in (Todo, Clock):
        open_ones = (model.subject_type == kind.value, model.subject_id == row.id, model.closed_at.is_(None))
        session.execute(sa.update(model).where(*open_ones).values(closed_at=hand.at))
    for about in (Todo, Clock, WorkflowStep, Attachment):
        of_row = sa.update(about).where(about.subject_type == kind.value, about.subject_id == row.id)
        session.execute(of_row.values(subject_type=WithdrawnRow.__tablename__, subject_id=gone.id))


def _facts(row: Row) -> dict[str, Any]:
    """What it said, as the trail keeps it: a site by its code."""
    columns = type(row).__table__.columns.keys()
    said = {name: getattr(row, name) for name in columns if name not in NOT_TOLD}
    return said | ({"site": row.site.code} if isinstance(row, Post) else {})


def _hindrance_of_post(person: Practitioner, _post: Post) -> Message | None:
    if len(person.posts) > 1:
        return None
    return message(
        N_(
            "这是本人唯一一段任职，撤回后没有机构负责这份记录。请先登记正确的任职，再撤回这一段；人已离任的，请填写离任日期。"
        )
    )


def _hindrance_of_education(_person: Practitioner, education: Education) -> Message | None:
    if education.verification is not Verification.VERIFIED:
        return None
    return message(N_("这项学历已经核验，不能撤回。确属误录的，请区县先撤销核验。"))


def _no_hindrance(_person: Practitioner, _row: Any) -> Message | None:
    return None


KINDS: dict[RowKind, Kind] = {
    RowKind.POST: Kind(Post, lambda post: post.site.name, lambda post: post.start_on, _hindrance_of_post),
    RowKind.EDUCATION: Kind(
        Education, lambda one: one.major_name, lambda one: one.obtained_on, _hindrance_of_education
    ),
    RowKind.CERTIFICATE: Kind(
        Certificate, lambda one: CERTIFICATES[one.kind], lambda one: one.issued_on, _no_hindrance
    ),
    RowKind.TRAINING: Kind(Training, lambda one: one.subject, lambda one: one.held_on, _no_hindrance),
}
