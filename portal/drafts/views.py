"""A draft as its pages show it, made before they are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.drafts.comparing import Comparison, asking, compared
from portal.drafts.fields import words_of
from portal.drafts.kinds import DraftedKind, Facts
from portal.formatting import spoken_message
from portal.workflow.steps import Button, Past, Waiting, keyed, past_of, place_of_desk, waiting_for
from registry.access.actors import Actor
from registry.access.rules import may
from registry.drafts.models import DraftRound, Remark
from registry.drafts.queries import (
    Progress,
    differences,
    findings_of,
    last_edit,
    open_remarks,
    progress_of,
    remarks_of,
    rounds_of,
    typists_of,
)
from registry.drafts.questions import Answers, Question, Topic, questionnaire_of
from registry.drafts.reading import faults
from registry.workflow.models import Todo
from registry.workflow.queries import history, open_steps
from registry.workflow_table import Transition, drafting_of, workflow_of

PROGRESS_KINDS = {
    Progress.NOT_STARTED: "draft",
    Progress.STARTED: "active",
    Progress.FAULTY: "wrong",
    Progress.COMPLETE: "done",
}


@dataclass(frozen=True)
class Task:
    """One page that is to be filled in."""

    title: str
    url: str
    progress: Progress
    kind: str
    remarks: int
    """How many answers of it the reviewer had something to say of."""


@dataclass(frozen=True)
class Line:
    """One answer beside what it was, with all that was said of it."""

    question: Question
    label: str
    before: str | Markup
    now: str | Markup
    is_changed: bool
    is_missing: bool
    findings: Sequence[str]
    remarks: Sequence[Remark]
    url: str
    """Where it is mended; empty where the reader may not."""
    typist: str
    """Who typed it last; empty where the page does not say."""


@dataclass(frozen=True)
class Section:
    """The answers of one topic."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class DraftPage:
    """Everything that the page of one draft shows."""

    record: Any
    name: str
    kind: str
    marks: Sequence[StrEnum]
    facts: Facts
    can_write: bool
    is_short: bool
    """One checks it here and hands it in; the others have a list of pages and one for checking."""
    edit_url: str
    """The page on which a short one is filled in; empty where the reader may not."""
    submit_url: str
    submits: StrEnum
    """The step by which the reader hands in."""
    tasks: Sequence[Task]
    sections: Sequence[Section]
    rounds: Sequence[DraftRound]
    compared: str
    """What the answers stand beside, in words; empty where there is nothing."""
    others: Sequence[Comparison]
    """What else they could stand beside: the round before, or the register."""
    only_changed: bool
    changed_url: str
    changes: int
    buttons: Sequence[Button]
    past: Sequence[Past]
    waiting: Sequence[Waiting]
    reason: str
    """Why it was returned, while it is returned."""
    first_remark_url: str
    saved_at: datetime | None
    faults: int
    more: Mapping[str, Any]


def draft_page(session: Session, kind: DraftedKind, record: Any, actor: Actor, on: date) -> DraftPage:
    """One draft for one reader."""
    can_write = is_writable(record, actor) and may(actor, kind.ask, record)
    questionnaire = questionnaire_of(record)
    submits = kind.submits_by(record, actor)
    rounds, remarked = rounds_of(session, record), open_remarks(session, record)
    beside = compared(session, record, rounds, actor, is_maker=can_write)
    only_changed = request.args.get("show") == "changed"
    sections = sections_of(session, kind, record, beside.shown.answers, can_write=can_write)
    return DraftPage(
        record=record,
        name=workflow_of(record).name_of(record),
        kind=kind.states[record.state],
        marks=kind.marks_of(record, on),
        facts=kind.facts_of(session, record, on),
        can_write=can_write,
        is_short=questionnaire.is_short,
        edit_url=topic_url(kind, record, questionnaire.topics[0]) if can_write else "",
        submit_url=_step_url(kind, record, submits),
        submits=submits,
        tasks=_tasks(kind, record, remarked) if can_write else (),
        sections=_changed(sections) if only_changed else sections,
        rounds=rounds,
        compared=beside.shown.words,
        others=beside.others,
        only_changed=only_changed,
        changed_url=asking(show="" if only_changed else "changed"),
        changes=beside.shown.changes,
        buttons=_buttons(session, kind, record, actor),
        past=past_of(session, record, kind.steps),
        waiting=waiting_for(session, record, on, lambda todo: _place_of(todo, record)),
        reason=_reason(session, record),
        first_remark_url=_first_remark(kind, record, remarked) if can_write else "",
        saved_at=_saved_at(session, record),
        faults=len(faults(questionnaire, record.answers)),
        more=kind.more(session, record),
    )


def is_writable(record: Any, actor: Actor) -> bool:
    """Whether its state lets anybody type on it, and this reader among them."""
    drafting = drafting_of(record)
    return record.state in drafting.states and drafting.barred_to(actor, record) is None


def _is_in_hand(record: Any) -> bool:
    """Whether its maker has it."""
    return record.state in drafting_of(record).states


def sections_of(
    session: Session, kind: DraftedKind, record: Any, before: Answers, *, can_write: bool
) -> tuple[Section, ...]:
    """All answers, topic by topic, beside what they were."""
    questionnaire = questionnaire_of(record)
    found, said = {}, _said_of(session, record)
    typists = typists_of(session, record) if kind.names_typists(record) else {}
    missing = {fault.field for fault in faults(questionnaire, record.answers)}
    for one in differences(questionnaire, before, record.answers):
        key = one.question.key
        found[key] = Line(
            question=one.question,
            label=_(one.question.label),
            before=words_of(one.question, one.before),
            now=words_of(one.question, one.now),
            is_changed=bool(before) and one.is_changed,
            is_missing=key in missing,
            findings=said.findings.get(key, ()),
            remarks=said.remarks.get(key, ()),
            url=_question_url(kind, record, key) if can_write else "",
            typist=typists.get(key, ""),
        )
    return tuple(
        Section(_(topic.title), tuple(found[question.key] for question in topic.questions))
        for topic in questionnaire.topics
    )


@dataclass(frozen=True)
class _Said:
    findings: Mapping[str, Sequence[str]]
    remarks: Mapping[str, Sequence[Remark]]


def _said_of(session: Session, record: Any) -> _Said:
    findings: dict[str, list[str]] = {}
    for finding in findings_of(session, record):
        findings.setdefault(finding.key, []).append(spoken_message(finding.message))
    remarks: dict[str, list[Remark]] = {}
    for remark in remarks_of(session, record):
        remarks.setdefault(remark.question_key, []).append(remark)
    return _Said(findings, remarks)


def _changed(sections: Sequence[Section]) -> tuple[Section, ...]:
    kept = (
        Section(section.title, tuple(line for line in section.lines if line.is_changed or line.remarks))
        for section in sections
    )
    return tuple(section for section in kept if section.lines)


def _tasks(kind: DraftedKind, record: Any, remarked: Mapping[str, Remark]) -> tuple[Task, ...]:
    return tuple(_task(kind, record, topic, remarked) for topic in questionnaire_of(record).topics)


def _task(kind: DraftedKind, record: Any, topic: Topic, remarked: Mapping[str, Remark]) -> Task:
    progress = progress_of(topic, record.answers)
    return Task(
        title=_(topic.title),
        url=topic_url(kind, record, topic),
        progress=progress,
        kind=PROGRESS_KINDS[progress],
        remarks=sum(question.key in remarked for question in topic.questions),
    )


def topic_url(kind: DraftedKind, record: Any, topic: Topic, endpoint: str = "topic") -> str:
    """The page of a topic."""
    return url_for(f"{kind.name}.{endpoint}", **{kind.argument: record.code}, topic=topic.key)


def _question_url(kind: DraftedKind, record: Any, key: str) -> str:
    topic = questionnaire_of(record).topic_of(key)
    return f"{topic_url(kind, record, topic)}#{key}" if topic is not None else ""


def _first_remark(kind: DraftedKind, record: Any, remarked: Mapping[str, Remark]) -> str:
    """The returned form opens at the first remark."""
    keys = [question.key for question in questionnaire_of(record).questions if question.key in remarked]
    return _question_url(kind, record, keys[0]) if keys else ""


def _buttons(session: Session, kind: DraftedKind, record: Any, actor: Actor) -> tuple[Button, ...]:
    """Handing in is on the page on which one checks one's answers."""
    can_write = is_writable(record, actor)
    hidden = {kind.submit, kind.submits_by(record, actor)} if can_write else {kind.submit}
    return keyed(
        (transition.step, _button(kind, record, transition))
        for transition in open_steps(session, record, actor)
        if transition.step not in hidden
    )


def _button(kind: DraftedKind, record: Any, transition: Transition) -> Button:
    return Button(
        kind.verb(record, transition.step),
        _step_url(kind, record, transition.step),
        is_main=transition.step in kind.main,
        is_direct=transition.step in kind.direct,
    )


def _step_url(kind: DraftedKind, record: Any, step: StrEnum) -> str:
    values = {kind.argument: record.code, "step": step.value.replace("_", "-")}
    return url_for(f"{kind.name}.step", **values)


def _reason(session: Session, record: Any) -> str:
    """Why it came back, while its maker has it."""
    if not _is_in_hand(record):
        return ""
    reasons = [step.reason for step in history(session, record) if step.to_state == record.state]
    return reasons[-1] if reasons else ""


def _saved_at(session: Session, record: Any) -> datetime | None:
    edit = last_edit(session, record)
    return edit.at if edit is not None else None


def _place_of(todo: Todo, record: Any) -> str:
    if todo.organisation_id is not None:
        return str(record.organisation.name)
    return place_of_desk(todo)
