"""What a proposal does: drawing up and saving read what was typed, publishing writes the plan into the list.

The steps are taken through the workflow (workflow.py has the table); these are its effects, and the bar of the second
person.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account
from registry.errors import InvalidInput, RequirementUnmet
from registry.majors.models import MajorChange, MajorChangeLine, MajorChangeState, MajorDeed
from registry.majors.planning import entries_of, faults_in, plan_of
from registry.messages import N_, Message, message
from registry.policy.models import Grade
from registry.workflow_table import Facts, Occasion
from registry.workforce.models import Catalogue, Major, MajorFamily

LONGEST_REASON, LONGEST_SOURCE, LONGEST_NAME = 500, 200, 60
CODE = re.compile(r"[0-9]{4,8}[A-Z]{0,2}")
ADDED = "added_code"
"""The field of the form in which the code of a new major stands."""


@dataclass(frozen=True)
class Line:
    """What is to be done to one major; name, family and note are read for a new one alone."""

    deed: MajorDeed
    catalogue: Catalogue
    code: str
    name: str = ""
    family: MajorFamily | None = None
    counts: bool = True
    note: str = ""

    @property
    def field(self) -> str:
        """The field of the form that says it."""
        return ADDED if self.deed is MajorDeed.ADD else field_of(self.catalogue, self.code)


@dataclass(frozen=True)
class Proposal:
    """Everything that is typed for a proposal."""

    valid_from: date
    is_backdated: bool
    reason: str
    source: str
    grade: Grade
    lines: tuple[Line, ...]


def field_of(catalogue: Catalogue, code: str) -> str:
    """The field of the form that speaks of a major of the list."""
    return f"major-{catalogue.value}-{code}"


def change_of(proposal: Proposal, *, actor: Actor, at: datetime) -> MajorChange:
    """A new proposal, not yet in any session: the workflow starts it with the same facts."""
    return MajorChange(
        state=MajorChangeState.DRAFT,
        division_code=actor.division_code,
        valid_from=proposal.valid_from,
        is_backdated=proposal.is_backdated,
        reason=proposal.reason,
        source=proposal.source,
        grade=proposal.grade,
        made_by="",
        drawn_up_at=at,
        proposed_as=actor.role,
        proposed_by_id=actor.account_id,
    )


def draw_up(session: Session, change: MajorChange, occasion: Occasion) -> Facts:
    """InvalidInput names the field of the first thing that is wrong."""
    with session.no_autoflush:
        change.proposed_by = session.get_one(Account, occasion.actor.account_id)
    return save(session, change, occasion)


def save(session: Session, change: MajorChange, occasion: Occasion) -> Facts:
    """Takes over what was typed, whole."""
    proposal: Proposal = occasion.facts
    _refuse_words(proposal)
    _refuse_silent_backdating(proposal, occasion.on)
    with session.no_autoflush:
        lines = [_line_of(session, one, proposal.valid_from) for one in proposal.lines]
        _refuse_faults(session, lines, proposal)
    change.valid_from, change.is_backdated = proposal.valid_from, proposal.valid_from < occasion.on
    change.reason, change.source, change.grade = proposal.reason, proposal.source, proposal.grade
    _sign(change, occasion.actor)
    _replace_lines(session, change, lines)
    return facts_of(change)


def submit(session: Session, change: MajorChange, occasion: Occasion) -> Facts:
    """Handed to a second person as it stands; what cannot be published is not handed on."""
    _refuse_late(change, occasion.on)
    plan_of(session, change)
    change.submitted_at = occasion.at
    _sign(change, occasion.actor)
    return facts_of(change)


def publish(session: Session, change: MajorChange, occasion: Occasion) -> Facts:
    """Entries end and begin on the day; rows of before stay as they were up to it, and so does what was signed."""
    _refuse_late(change, occasion.on)
    # Two publications at once go through one by one, and the second is planned by the list that the first one left.
    session.execute(sa.select(Major.id).order_by(Major.id).limit(1).with_for_update())
    plan = plan_of(session, change)
    for major in plan.ended:
        major.valid_to = plan.on
    for one in plan.begun:
        session.add(_entry(change, one.line, one.valid_from, one.valid_to, occasion.actor.name))
    change.published_at = occasion.at
    return {**facts_of(change), "is backdated": change.valid_from < occasion.on}


def had_a_hand(change: MajorChange, actor: Actor) -> Message | None:
    """Bar of the second person's steps: nobody passes what he made himself."""
    if change.makers & actor.people:
        return message(N_("方案由另一人复核发布：起草、修改或提交过的人不能发布或退回。"))
    return None


def facts_of(change: MajorChange) -> Facts:
    """What the trail keeps of a proposal."""
    return {
        "valid_from": change.valid_from.isoformat(),
        "source": change.source,
        "lines": [f"{line.deed.value} {line.catalogue.value} {line.code}" for line in change.lines],
    }


def _sign(change: MajorChange, actor: Actor) -> None:
    change.made_by = " ".join(sorted(change.makers | actor.people))


def _refuse_words(proposal: Proposal) -> None:
    if not proposal.reason:
        raise InvalidInput("reason", message(N_("请写明调整理由。")))
    if len(proposal.reason) > LONGEST_REASON:
        raise InvalidInput("reason", message(N_("调整理由不超过%(most)s个字。"), most=LONGEST_REASON))
    if not proposal.source:
        raise InvalidInput("source", message(N_("请写明依据文件，如文件名称和文号。")))
    if len(proposal.source) > LONGEST_SOURCE:
        raise InvalidInput("source", message(N_("依据文件不超过%(most)s个字。"), most=LONGEST_SOURCE))
    if not proposal.lines:
        raise InvalidInput("form", message(N_("还没有选择要调整的专业：请至少调整一项，或增加一个专业。")))


def _refuse_silent_backdating(proposal: Proposal, on: date) -> None:
    if proposal.valid_from < on and not proposal.is_backdated:
        sentence = N_("生效日期早于今天，该日以后的数字都会改变；确需追溯的，请勾选“追溯生效”。")
        raise InvalidInput("valid_from", message(sentence))


def _refuse_late(change: MajorChange, on: date) -> None:
    """A day that came and went while the proposal waited is not made the past by silence."""
    if change.valid_from < on and not change.is_backdated:
        sentence = N_("生效日期%(day)s已过，而方案不是追溯生效。请退回修改生效日期，或写明追溯生效。")
        raise RequirementUnmet(message(sentence, day=change.valid_from.isoformat()))


def _refuse_faults(session: Session, lines: list[MajorChangeLine], proposal: Proposal) -> None:
    keys = [(line.catalogue, line.code) for line in lines]
    for line, typed in zip(lines, proposal.lines, strict=True):
        if keys.count((line.catalogue, line.code)) > 1:
            sentence = N_("专业“%(name)s”（%(code)s）写了两次，请只留一项。")
            raise InvalidInput(typed.field, message(sentence, name=line.name, code=line.code))
    fault = next(faults_in(lines, entries_of(session, lines), proposal.valid_from), None)
    if fault is not None:
        raise InvalidInput(proposal.lines[lines.index(fault.line)].field, fault.message)


def _line_of(session: Session, one: Line, on: date) -> MajorChangeLine:
    """Of a major that is on the list, name and family are those of the list."""
    if one.deed is MajorDeed.ADD:
        return _new_line(one)
    newest = (
        sa.select(Major)
        .where(Major.catalogue == one.catalogue, Major.code == one.code)
        .order_by((Major.valid_from <= on).desc(), Major.valid_from.desc())
        .limit(1)
    )
    major = session.scalar(newest)
    if major is None:
        raise InvalidInput(one.field, message(N_("专业目录中没有代码%(code)s。"), code=one.code))
    return MajorChangeLine(
        deed=one.deed,
        catalogue=one.catalogue,
        code=one.code,
        name=major.name,
        family=major.family,
        counts=one.deed is MajorDeed.SWITCH_ON,
        note=one.note,
    )


def _new_line(one: Line) -> MajorChangeLine:
    if not CODE.fullmatch(one.code):
        sentence = N_("专业代码由4至8位数字组成，后面可以有T、K，如040102、100205TK。")
        raise InvalidInput(ADDED, message(sentence))
    if not one.name or len(one.name) > LONGEST_NAME:
        sentence = N_("请填写专业名称，不超过%(most)s个字。")
        raise InvalidInput("added_name", message(sentence, most=LONGEST_NAME))
    if one.family is None:
        raise InvalidInput("added_family", message(N_("请选择专业属于哪一类。")))
    return MajorChangeLine(
        deed=one.deed,
        catalogue=one.catalogue,
        code=one.code,
        name=one.name,
        family=one.family,
        counts=one.counts,
        note=one.note,
    )


def _replace_lines(session: Session, change: MajorChange, lines: list[MajorChangeLine]) -> None:
    """The old ones go first: a major stands once in a proposal."""
    if change.id is not None:
        change.lines.clear()
        session.flush()
    change.lines.extend(lines)


def _entry(
    change: MajorChange, line: MajorChangeLine, valid_from: date, valid_to: date | None, publisher: str
) -> Major:
    return Major(
        catalogue=line.catalogue,
        code=line.code,
        name=line.name,
        family=line.family,
        counts=line.counts,
        note=line.note,
        valid_from=valid_from,
        valid_to=valid_to,
        source=change.source,
        grade=change.grade,
        approved_by=publisher,
    )
