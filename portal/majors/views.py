"""The list of majors and a proposal as their pages show them, made before they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import data, day, moment, word
from portal.frame import place_name
from portal.workflow.steps import Button, Past, Waiting, buttons_of, past_of, place_of_desk, waiting_for
from registry.access.actors import Actor
from registry.majors.models import MajorChange, MajorChangeLine, MajorChangeState, MajorDeed
from registry.majors.queries import Counting, InForce, history_of, majors_on
from registry.majors.workflow import MajorChangeStep, name_of
from registry.periods import Period
from registry.policy.models import Grade
from registry.workflow.queries import history
from registry.workforce.models import Major

STATE_KINDS = {
    MajorChangeState.DRAFT: "draft",
    MajorChangeState.SUBMITTED: "waiting",
    MajorChangeState.RETURNED: "returned",
    MajorChangeState.PUBLISHED: "done",
    MajorChangeState.WITHDRAWN: "ended",
}
COUNTING_KINDS = {Counting.YES: "done", Counting.NO: "ended"}
IN_FORCE_KINDS = {InForce.NOW: "active", InForce.LATER: "waiting", InForce.OVER: "ended"}
GRADE_KINDS = {Grade.OFFICIAL: "done", Grade.SECOND_HAND: "active", Grade.DESIGN: "draft"}
STEP_PAGES = {
    MajorChangeStep.SAVE: "major_changes.edit",
    MajorChangeStep.SUBMIT: "major_changes.submit",
    MajorChangeStep.PUBLISH: "major_changes.publish",
    MajorChangeStep.RETURN: "major_changes.send_back",
    MajorChangeStep.WITHDRAW: "major_changes.withdraw",
}
MAIN_STEPS = frozenset({MajorChangeStep.SUBMIT, MajorChangeStep.PUBLISH})


@dataclass(frozen=True)
class ChangePage:
    """Everything that the page of one proposal shows."""

    change: MajorChange
    name: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]
    reason: str
    """Why it came back; empty where it did not."""
    is_late: bool
    """Its day has come and gone."""
    can_be_rehearsed: bool


@dataclass(frozen=True)
class EntryRow:
    """One period of a major."""

    major: Major
    counting: Counting
    in_force: InForce


def change_page(session: Session, change: MajorChange, actor: Actor, today: date) -> ChangePage:
    """One proposal for one reader."""
    returned = [step.reason for step in history(session, change) if step.step == MajorChangeStep.RETURN]
    is_open = change.state not in (MajorChangeState.PUBLISHED, MajorChangeState.WITHDRAWN)
    return ChangePage(
        change=change,
        name=name_of(change),
        kind=STATE_KINDS[change.state],
        facts=_facts(change),
        buttons=buttons_of(session, change, actor, STEP_PAGES, main=MAIN_STEPS),
        past=past_of(session, change, MajorChangeStep),
        waiting=waiting_for(session, change, today, place_of_desk),
        reason=returned[-1] if returned and change.state is MajorChangeState.RETURNED else "",
        is_late=is_open and change.valid_from < today,
        can_be_rehearsed=is_open,
    )


def entry_rows(majors: Sequence[Major], on: date) -> list[EntryRow]:
    """The periods of a major, each with how it stands on a day."""
    return [EntryRow(one, Counting.YES if one.counts else Counting.NO, _in_force(one, on)) for one in majors]


def offered(session: Session, lines: Sequence[MajorChangeLine], on: date) -> list[Major]:
    """The majors that a proposal may choose from: the list of the day, and what the proposal names already."""
    listed = majors_on(session, on)
    known = {(one.catalogue, one.code) for one in listed}
    for line in lines:
        if line.deed is not MajorDeed.ADD and (line.catalogue, line.code) not in known:
            listed += history_of(session, line.catalogue, line.code)[:1]
    return listed


def _in_force(major: Major, on: date) -> InForce:
    if Period(major.valid_from, major.valid_to).holds_on(on):
        return InForce.NOW
    return InForce.LATER if major.valid_from > on else InForce.OVER


def _facts(change: MajorChange) -> tuple[tuple[str, str], ...]:
    place = place_name(change.division_code)
    found = [
        (_("生效日期"), day(change.valid_from)),
        (_("依据文件"), data(change.source)),
        (_("依据等级"), word(change.grade)),
        (_("调整理由"), data(change.reason)),
        (_("起草人"), data(change.proposed_by.name)),
        (_("起草岗位"), data(f"{word(change.proposed_as)} · {place or ''}")),
    ]
    if change.published_at is not None:
        found.append((_("发布时间"), moment(change.published_at)))
    return tuple(found)
