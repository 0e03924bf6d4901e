"""What a draft went through, and how far it is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.drafts.models import DraftEdit, DraftRound, Remark
from registry.drafts.questions import (
    Answer,
    Answers,
    Finding,
    Question,
    Questionnaire,
    Topic,
    questionnaire_of,
)
from registry.drafts.reading import faults_of_topic, values_of
from registry.workflow_table import workflow_of


class Progress(StrEnum):
    """How far a page of a draft is; few words, so that the eye goes to what is left."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    FAULTY = "faulty"
    COMPLETE = "complete"


@dataclass(frozen=True)
class Difference:
    """One answer before and now."""

    question: Question
    before: Answer
    now: Answer

    @property
    def is_changed(self) -> bool:
        return self.before != self.now


def rounds_of(session: Session, record: Any) -> list[DraftRound]:
    """What was handed in, first to last."""
    return list(session.scalars(_of(DraftRound, record).order_by(DraftRound.number)))


def remarks_of(session: Session, record: Any) -> list[Remark]:
    """All remarks of all rounds, oldest first."""
    return list(session.scalars(_of(Remark, record).order_by(Remark.id)))


def open_remarks(session: Session, record: Any) -> Mapping[str, Remark]:
    """Question to remark, of the round that was returned last: what the maker still has to look at."""
    newest = sa.select(sa.func.max(DraftRound.number)).where(*_is_of(DraftRound, record)).scalar_subquery()
    found = session.scalars(_of(Remark, record).where(Remark.round_number == newest).order_by(Remark.id))
    return {remark.question_key: remark for remark in found}


def edits_since(session: Session, record: Any, version: int) -> list[DraftEdit]:
    """What others, or the same person in another window, changed after a version, first to last."""
    newer = _of(DraftEdit, record).where(DraftEdit.version > version)
    return list(session.scalars(newer.order_by(DraftEdit.id)))


def last_edits(session: Session, record: Any, keys: Collection[str]) -> Mapping[str, DraftEdit]:
    """Question to its last change, of those that were ever changed."""
    if not keys:
        return {}
    last = (
        sa.select(sa.func.max(DraftEdit.id))
        .where(*_is_of(DraftEdit, record), DraftEdit.question_key.in_(keys))
        .group_by(DraftEdit.question_key)
    )
    edits = session.scalars(sa.select(DraftEdit).where(DraftEdit.id.in_(last)))
    return {edit.question_key: edit for edit in edits}


def last_edit(session: Session, record: Any) -> DraftEdit | None:
    """When and by whom an answer was last kept."""
    newest: DraftEdit | None = session.scalar(_of(DraftEdit, record).order_by(DraftEdit.id.desc()).limit(1))
    return newest


def typists_of(session: Session, record: Any) -> Mapping[str, str]:
    """Question to the name of whoever typed its answer last."""
    edits = session.scalars(_of(DraftEdit, record).order_by(DraftEdit.id))
    return {edit.question_key: edit.actor_name for edit in edits}


def progress_of(topic: Topic, answers: Answers) -> Progress:
    """Of one page: an answer that cannot be read is worse than one that is missing."""
    given = [question for question in topic.questions if answers.get(question.key)]
    faults = faults_of_topic(topic, answers)
    if any(answers.get(fault.field) for fault in faults):
        return Progress.FAULTY
    if not given:
        return Progress.NOT_STARTED
    if faults:
        return Progress.STARTED
    return Progress.COMPLETE


def differences(questionnaire: Questionnaire, before: Answers, now: Answers) -> list[Difference]:
    """All answers side by side, in the order of the pages."""
    return [Difference(one, before.get(one.key, ""), now.get(one.key, "")) for one in questionnaire.questions]


def findings_of(session: Session, record: Any) -> list[Finding]:
    """What the automatic checks have to say."""
    return list(_findings(session, record, questionnaire_of(record)))


def _findings(session: Session, record: Any, questionnaire: Questionnaire) -> Iterator[Finding]:
    values = values_of(questionnaire, record.answers)
    for check in questionnaire.checks:
        yield from check(session, record, values)


def _is_of(model: Any, record: Any) -> tuple[Any, Any]:
    return model.subject_type == workflow_of(record).subject_type, model.subject_id == record.id


def _of(model: Any, record: Any) -> Any:
    return sa.select(model).where(*_is_of(model, record))
