"""Keeps what is typed, hands it in, and pins remarks to answers.

Typing goes past the workflow's one door, because it changes no state: `save_answers` asks the workflow where a draft
may still be written and by whom. Handing in and returning are steps; their effects are here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.drafts.merging import Clash, Merged, Page, Theirs, disputed, merge, plain
from registry.drafts.models import DraftEdit, DraftRound, Remark
from registry.drafts.queries import edits_since, last_edits
from registry.drafts.questions import Answer, Answers, questionnaire_of
from registry.drafts.reading import faults
from registry.errors import InvalidInput, NotAllowed, StepNotOpen
from registry.messages import N_, Message, message
from registry.workflow_table import Facts, Occasion, drafting_of, workflow_of

LONGEST_ANSWER = 20_000
"""Characters that are kept of any answer, readable or not: more than any question allows."""


UNKNOWN_PAGE = Page()
"""Says nothing but its version."""


@dataclass(frozen=True)
class Saved:
    """What became of what was typed."""

    version: int
    """Of the record now: the next save is made against it. A page that does not say what it was drawn with stays on
    the version it had where others changed something: it would put their answers back."""
    keys: frozenset[str]
    """Answers that were changed."""
    clashes: tuple[Clash, ...]
    """Answers that were left as somebody else has written them since: what was typed is not kept."""
    theirs: tuple[Theirs, ...]
    """Answers that others changed and the page only repeated: it has to take them over."""


def save_answers(
    session: Session,
    record: Any,
    typed: Mapping[str, Answer],
    *,
    base: int,
    actor: Actor,
    at: datetime,
    page: Page = UNKNOWN_PAGE,
    trail: Trail | None = None,
) -> Saved:
    """Keep what was typed on a page that showed version `base`; of two who change one answer nobody is overwritten.

    What the page says it was drawn with goes before what the version had, see `registry/drafts/merging.py`.

    What is kept while somebody types stands in the history of the fields alone; with a `trail`, where he says himself
    that it be kept, the trail names the answers too. Raises NotAllowed or NotVisible where the actor may not write it,
    StepNotOpen where it was handed in meanwhile, InvalidInput for an answer that is longer than anything is kept.
    """
    workflow, drafting = workflow_of(record), drafting_of(record)
    authorize(actor, drafting.action, record, see=workflow.see)
    session.flush()  # reading again would forget what the caller changed and has not written yet
    session.refresh(record, with_for_update={"of": type(record)})
    if record.state not in drafting.states:
        raise StepNotOpen(message(N_("该材料已经提交，不能再修改；如需更改，请先撤回或等待退回。")))
    barred = drafting.barred_to(actor, record)
    if barred is not None:
        raise NotAllowed(barred)
    base = max(0, min(base, record.version))  # no page was drawn of a version that is not there
    known = {question.key for question in questionnaire_of(record).questions}
    wanted = {key: _kept(key, answer) for key, answer in typed.items() if key in known}
    merged = _merged(session, record, wanted, page, base)
    if merged.changed:
        _write(session, record, merged.changed, page, actor, at)
    if merged.changed and trail is not None:
        _record(session, record, merged.changed, actor=actor, at=at, trail=trail)
    version = base if merged.theirs and not page.found else record.version
    return Saved(version, frozenset(merged.changed), merged.clashes, merged.theirs)


def draw_up(_session: Session, record: Any, _occasion: Occasion) -> Facts:
    """Effect of the first step: a change or renewal begins with what stands in the register."""
    record.answers = dict(record.base_answers)
    return {}


def hand_in(session: Session, record: Any, occasion: Occasion) -> Facts:
    """Effect of the hand-in: what the reviewer will see is kept as it is, for ever."""
    number = 1 + (session.scalar(_last_number(record)) or 0)
    session.add(
        DraftRound(
            subject_type=workflow_of(record).subject_type,
            subject_id=record.id,
            number=number,
            answers=dict(record.answers),
            actor_code=occasion.actor.code,
            actor_name=occasion.actor.name,
            at=occasion.at,
        )
    )
    record.submitted_at = occasion.at
    return {"round": number}


def pin_remarks(session: Session, record: Any, occasion: Occasion) -> Facts:
    """Effect of a return: `occasion.facts` is question to remark; a return needs none, only its reason."""
    remarks: Mapping[str, str] = {key: text for key, text in (occasion.facts or {}).items() if text}
    number = session.scalar(_last_number(record)) or 0
    for key, text in remarks.items():
        session.add(
            Remark(
                subject_type=workflow_of(record).subject_type,
                subject_id=record.id,
                round_number=number,
                question_key=key,
                text=text,
                actor_code=occasion.actor.code,
                actor_name=occasion.actor.name,
                at=occasion.at,
            )
        )
    return {"round": number, "remarks": sorted(remarks)}


def is_complete(record: Any) -> Message | None:
    """Requirement of the hand-in: names how many answers are wanting, and the first."""
    found = faults(questionnaire_of(record), record.answers)
    if not found:
        return None
    first = found[0].message or message(N_("请核对。"))
    return message(N_("还有 %(count)s 处没有填好。%(first)s"), count=len(found), first=first)


def _merged(session: Session, record: Any, wanted: Answers, page: Page, base: int) -> Merged:
    found = _found(session, record, wanted, page, base)
    edits = last_edits(session, record, disputed(wanted, record.answers, found))
    return merge(wanted, record.answers, found, edits, page)


def _found(session: Session, record: Any, keys: Iterable[str], page: Page, base: int) -> Answers:
    """What the page says it was drawn with; where it does not say, what its version had."""
    kept = {key: record.answers.get(key, "") for key in keys}
    said = {key: answer for key, answer in page.found.items() if key in kept}
    if said.keys() == kept.keys():
        return said
    for edit in reversed(edits_since(session, record, base)):
        kept[edit.question_key] = edit.before
    return kept | said


def _write(session: Session, record: Any, changed: Answers, page: Page, actor: Actor, at: datetime) -> None:
    before = dict(record.answers)
    record.answers = before | dict(changed)
    session.flush()  # flush: the edits carry the version that the record has now
    for key, answer in changed.items():
        session.add(
            DraftEdit(
                subject_type=workflow_of(record).subject_type,
                subject_id=record.id,
                version=record.version,
                question_key=key,
                before=before.get(key, ""),
                after=answer,
                page_key=page.key or None,
                page_turn=page.turn if page.key else None,
                actor_code=actor.code,
                actor_name=actor.name,
                at=at,
            )
        )


def _record(
    session: Session, record: Any, keys: Iterable[str], *, actor: Actor, at: datetime, trail: Trail
) -> None:
    workflow = workflow_of(record)
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=f"{workflow.subject_type}.save",
        result=Result.DONE,
        subject_type=workflow.subject_type,
        subject_code=record.code,
        division_code=workflow.place_of(record),
        facts={"questions": sorted(keys), "version": record.version},
    )


def _kept(key: str, answer: Answer) -> Answer:
    """Nothing is cut off in silence."""
    kept = plain(answer)
    if len(str(kept)) > LONGEST_ANSWER:
        raise InvalidInput(
            key, message(N_("内容超过%(limit)s个字，没有保存。请缩短后再保存。"), limit=LONGEST_ANSWER)
        )
    return kept


def _last_number(record: Any) -> sa.Select[Any]:
    of_record = (
        DraftRound.subject_type == workflow_of(record).subject_type,
        DraftRound.subject_id == record.id,
    )
    return sa.select(sa.func.max(DraftRound.number)).where(*of_record)
