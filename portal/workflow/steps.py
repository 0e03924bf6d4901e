"""A record on its way, as its page shows it: what was done, who has it now, what the reader may do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.frame import place_name
from portal.preferences import has_keys
from portal.workflow.inbox import KINDS, left_of
from portal.workflow.withdrawing import step_word
from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import WorkingCalendar, utc_now
from registry.divisions.codes import LENGTH_OF_LEVEL, Level
from registry.policy.queries import working_calendar
from registry.workflow.clocks import Urgency, paused_clocks, urgency_of
from registry.workflow.models import Todo
from registry.workflow.queries import history, open_steps, waiting_on
from registry.workflow_table import workflow_of

PASS_KEY, RETURN_KEY = "e", "r"
RETURNING = frozenset({"return", "send_back", "refuse"})
"""Steps that give a record back to whoever handed it in; where one is open, the page is one of review."""

PLACE_LEVELS = {Role.STREET: Level.TOWNSHIP, Role.DISTRICT: Level.DISTRICT, Role.PROVINCE: Level.PROVINCE}
"""A to-do lies in the place of the record; these roles are named with the place of their own level."""

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""直辖市: each is its own city."""


@dataclass(frozen=True)
class Button:
    """A step that is open to the reader."""

    label: str
    url: str
    is_main: bool
    is_direct: bool
    """Taken from the page of the record, which shows all there is to check; the others have a page of their own."""
    key: str = ""
    """The single letter that leads to it, on a page of review; empty elsewhere and where the reader wants none."""

    @property
    def hint(self) -> str:
        """e 初核通过."""
        return f"{self.key} {self.label}"


@dataclass(frozen=True)
class Past:
    """A step that was taken."""

    step: str
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Waiting:
    """Whoever has the record now."""

    role: Role
    place: str
    """The division, or the organisation."""
    since: datetime
    due_on: date | None
    due_at: datetime | None
    is_estimated: bool
    left: str
    kind: str
    urgency: Urgency
    paused: str
    """What is left of the term that stands still meanwhile; empty where none does."""


def buttons_of(
    session: Session,
    record: Any,
    actor: Actor,
    pages: Mapping[Any, str],
    *,
    main: frozenset[Any],
    direct: frozenset[Any] = frozenset(),
) -> tuple[Button, ...]:
    """What the actor may do now, in the order of the table; `pages` names each step's endpoint, if it has a button."""
    argument = record.__tablename__
    return keyed(
        (
            transition.step,
            Button(
                step_word(record, transition.step),
                url_for(pages[transition.step], **{argument: record.code}),
                is_main=transition.step in main,
                is_direct=transition.step in direct,
            ),
        )
        for transition in open_steps(session, record, actor)
        if transition.step in pages
    )


def keyed(steps: Iterable[tuple[str, Button]]) -> tuple[Button, ...]:
    """The buttons; on a page of review e leads to the main one and r to the one that returns, and neither decides."""
    found = tuple(steps)
    is_review = has_keys() and any(step in RETURNING for step, _button in found)
    passing = next((step for step, button in found if button.is_main and step not in RETURNING), None)
    keys = {passing: PASS_KEY} | dict.fromkeys(RETURNING, RETURN_KEY) if is_review else {}
    return tuple(replace(button, key=keys.get(step, "")) for step, button in found)


def past_of(session: Session, record: Any, steps: type[StrEnum]) -> tuple[Past, ...]:
    """The steps that the record went through, first to last."""
    return tuple(
        Past(step_word(record, steps(step.step)), step.actor_name, step.at, step.reason)
        for step in history(session, record)
    )


def waiting_for(
    session: Session, record: Any, today: date, place_of: Callable[[Todo], str]
) -> tuple[Waiting, ...]:
    """Who has the record now, and until when."""
    calendar = working_calendar(session)
    paused = paused_words(session, record, calendar)
    found = []
    for todo in waiting_on(session, record):
        how_urgent = urgency_of(todo, utc_now())
        found.append(
            Waiting(
                role=todo.role,
                place=place_of(todo),
                since=todo.opened_at,
                due_on=todo.due_on,
                due_at=todo.due_at,
                is_estimated=todo.is_estimated,
                left=left_of(todo, how_urgent, today, calendar),
                kind=KINDS[how_urgent],
                urgency=how_urgent,
                paused=paused,
            )
        )
    return tuple(found)


def place_of_desk(todo: Todo) -> str:
    """Where whoever is waited for sits: 上海市 for the city's civil affairs, though the record lies in a street."""
    return place_name(desk_code(todo.role, todo.division_code)) or ""


def desk_code(role: Role, division_code: str) -> str:
    """The division of the role's own level that a place lies in."""
    if role is Role.CITY:
        level = Level.PROVINCE if division_code[:2] in MUNICIPALITIES else Level.CITY
        return division_code[: LENGTH_OF_LEVEL[level]]
    own = PLACE_LEVELS.get(role)
    return division_code[: LENGTH_OF_LEVEL[own]] if own else division_code


def paused_words(session: Session, record: Any, calendar: WorkingCalendar) -> str:
    """办理时限暂停，还剩 3 个工作日; empty where no term stands still."""
    paused = paused_clocks(session, workflow_of(record).subject_of(record))
    if not paused:
        return ""
    left = paused[0].reading.left(calendar)
    return str(ngettext("办理时限暂停，还剩 %(num)s 个工作日", "办理时限暂停，还剩 %(num)s 个工作日", left))
