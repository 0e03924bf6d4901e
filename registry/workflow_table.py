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
from registry.messages import Message


@dataclass(frozen=True)
class Occasion:
    """Who takes a step, when and why, and what was typed with it: all that an effect knows of the world."""

    actor_id: int
    actor_name: str
    at: datetime
    on: date
    """The day in Shanghai."""
    reason: str
    facts: Any


Facts = Mapping[str, Any]
"""Plain values that the trail keeps."""

Requirement = Callable[[Any], Message | None]
"""Looks at the record; says what is missing, or nothing."""

Effect = Callable[[Session, Any, Occasion], Facts]
"""What a step does to the register beside the new state; gives back what the trail keeps. It may refuse."""


@dataclass(frozen=True)
class Waiting:
    """A step leaves this to whoever may do `action` on the record: it appears in their inboxes."""

    action: Action
    title: str
    """A msgid."""
    within: str | None = None
    """The key of the policy parameter that gives the term in working days; None where there is none."""


@dataclass(frozen=True)
class Subject:
    """What a to-do speaks of: enough to name it and to link to it."""

    type: str
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Telling:
    """A step is made known to the officers of another place, who need not answer."""

    action: Action
    """Whose officers: the roles that may do this."""
    title: str
    """A msgid."""
    place_of: Callable[[Any], str | None]
    """The division to tell; None where nobody needs to know."""
    about: Callable[[Any], Subject]
    """What the officers of that place can open."""


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
    requires: tuple[Requirement, ...] = ()
    effect: Effect | None = None
    waiting: Waiting | None = None
    telling: Telling | None = None

    @property
    def keeps_waiting(self) -> bool:
        """A step that leaves the state alone answers nothing, so what waits goes on waiting."""
        return self.to_state is None


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
    """The row on which simultaneous starts wait for one another."""
    start: Transition
    """The step that makes the record; it comes from no state."""
    transitions: tuple[Transition, ...]

    def subject_of(self, record: Any) -> Subject:
        """The record as a to-do names it."""
        return Subject(self.subject_type, record.id, record.code, self.name_of(record))

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


def workflow_of(record: Any) -> Workflow:
    """The table that the record's kind follows; a record without one is a fault of the caller."""
    return WORKFLOWS[type(record)]
