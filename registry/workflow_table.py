"""Workflows as data: the states, steps and transitions that a noun declares. `registry/workflow` runs them.

Nouns listed above the workflow declare tables too, so the shape of a table stands here, beside the base.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry.actions import Action
from registry.audit.trail import Trail
from registry.messages import Message


@dataclass(frozen=True)
class Occasion:
    """Who takes a step, when and why, and what was typed with it: all that an effect knows of the world."""

    actor: Any
    """The `Actor`, which stands below this file."""
    at: datetime
    on: date
    """The day in Shanghai."""
    reason: str
    facts: Any
    trail: Trail


Facts = Mapping[str, Any]
"""Plain values that the trail keeps."""

Requirement = Callable[[Any], Message | None]
"""Looks at the record; says what is missing, or nothing."""

Bar = Callable[[Any, Any], Message | None]
"""Looks at the record and at the `Actor`; says why the step is not his, beyond the permission table, or nothing."""

Effect = Callable[[Session, Any, Occasion], Facts]
"""What a step does to the register beside the new state; gives back what the trail keeps. It may refuse."""


@dataclass(frozen=True)
class Waiting:
    """A step leaves this to whoever may do `action` on the record: it appears in their inboxes."""

    action: Action
    title: str
    """A msgid."""
    within: str | None = None
    """The key of the policy parameter that gives the term in working days; None where there is none.

    A term of the record that stands still goes on with the working days it has left (`Transition.pauses`).
    """
    goes_on: bool = False
    """The step undoes the one that ended the term: it runs as if it had never ended, with all the days used since."""
    nearest: bool = False
    """Only the lowest level; where the next step has bars, the lowest that has somebody to do it: a one-person unit has
    its checker above."""
    desk_of: Callable[[Any], "Desk"] | None = None
    """The one inbox in which it waits; without it, the inboxes of whoever may do the action on the record."""
    until: Callable[[Any], date | None] | None = None
    """The last day, where the record itself names it, such as the day by which a problem is to be put right."""


@dataclass(frozen=True)
class Subject:
    """What a to-do speaks of: enough to name it and to link to it."""

    type: str
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Desk:
    """One inbox: a role in a place, or a role in one organisation."""

    role: Any
    """The `Role`, which stands below this file."""
    division_code: str
    organisation_id: int | None = None


@dataclass(frozen=True)
class Telling:
    """A step is made known to people who need not answer: the officers of another place, or of the record's own."""

    action: Action
    """Whose officers: the roles that may do this."""
    title: str
    """A msgid."""
    place_of: Callable[[Any], str | None] | None = None
    """The division to tell; None where nobody needs to know. Without it, whoever may do the action on the record."""
    about: Callable[[Any], Subject] | None = None
    """What the officers of that place can open; without it, the record itself."""
    desk_of: Callable[[Any], Desk] | None = None
    """The one inbox that is told, whatever its role."""


@dataclass(frozen=True)
class Transition:
    """One cell of the table: a step that leads from these states to that one."""

    step: StrEnum
    from_states: frozenset[StrEnum]
    to_state: StrEnum | None
    """None where the record stays in its state."""
    action: Action
    asks_reason: bool = False
    asks_facts: bool = False
    """The step brings typed facts: it is taken on a form of its own, not by a mere button."""
    other_than: StrEnum | None = None
    """Four eyes: whoever last took that step may not take this one."""
    bars: tuple[Bar, ...] = ()
    requires: tuple[Requirement, ...] = ()
    effect: Effect | None = None
    waiting: Waiting | None = None
    besides: Waiting | None = None
    """What else the step leaves, under a term of its own, such as the days in which somebody may state his case."""
    telling: Telling | None = None
    pauses: str | None = None
    """The key of the term that stands still from this step on, until a step waits within it again.

    A step in between that changes the state names it too, or the term is over.
    """
    follows: bool = False
    """A step of another record brings it along (`registry.workflow.operations.follow`); nobody takes it by itself."""

    def barred_to(self, actor: Any, record: Any) -> Message | None:
        """Why the step is not this actor's to take; None where nothing stands against it."""
        return next((why for bar in self.bars if (why := bar(record, actor)) is not None), None)

    @property
    def keeps_waiting(self) -> bool:
        """A step that leaves the state alone answers nothing, so what waits goes on waiting."""
        return self.to_state is None


@dataclass(frozen=True)
class Drafting:
    """Where a record may still be typed on, and by whom: typing changes no state and so is no step."""

    action: Action
    states: frozenset[StrEnum]
    bars: tuple[Bar, ...] = ()

    def barred_to(self, actor: Any, record: Any) -> Message | None:
        """Why this actor may not type on it, beyond the permission table; None where nothing stands against it."""
        return next((why for bar in self.bars if (why := bar(record, actor)) is not None), None)


@dataclass(frozen=True)
class Workflow:
    """The table of one kind of record. Its model has `id`, `code`, `state` and `version`."""

    subject_type: str
    model: type
    states: type[StrEnum]
    see: Action
    """Who may know of the record; everybody else is told that there is none."""
    name_of: Callable[[Any], str]
    place_of: Callable[[Any], str]
    """The division whose terms apply and under which the trail files the record."""
    parent_of: Callable[[Any], Any]
    """The row on which simultaneous starts wait for one another; None where there is none yet."""
    start: Transition
    """The step that makes the record; it comes from no state."""
    transitions: tuple[Transition, ...]
    drafting: Drafting | None = None
    """Of a record that is filled in as a draft (`registry/drafts`)."""
    line_of: Callable[[Any], str] | None = None
    """The name in a line of the inbox, where `name_of` would give several open records the same; 200 characters."""

    def subject_of(self, record: Any) -> Subject:
        """The record as a to-do names it."""
        return Subject(self.subject_type, record.id, record.code, (self.line_of or self.name_of)(record))

    def transition(self, step: StrEnum) -> Transition | None:
        """The row of a step; None where the table has none."""
        return next((transition for transition in self.transitions if transition.step == step), None)

    def leaving(self, state: StrEnum) -> tuple[Transition, ...]:
        """What is open in a state, in the order of the table."""
        return tuple(transition for transition in self.transitions if state in transition.from_states)


WORKFLOWS: dict[type, Workflow] = {}


def declare_workflow(workflow: Workflow) -> Workflow:
    """Called once by the noun that owns the model."""
    WORKFLOWS[workflow.model] = workflow
    return workflow


DRAFTS: dict[type, tuple[Any, ...]] = {}
"""Model to what the name of one of its drafts is read from, as options of a select."""


def declare_drafts(model: type, *load: Any) -> None:
    """Called once by the noun: its records are somebody's drafts in the state that their first step leads to."""
    DRAFTS[model] = load


def workflow_of(record: Any) -> Workflow:
    """The table that the record's kind follows; a record without one is a fault of the caller."""
    return WORKFLOWS[type(record)]


def drafting_of(record: Any) -> Drafting:
    """Where the record's kind may be typed on; a kind that is no draft is a fault of the caller."""
    drafting = workflow_of(record).drafting
    if drafting is None:
        raise TypeError(f"{type(record).__name__} is not filled in as a draft")
    return drafting
