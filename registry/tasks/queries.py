"""Reads of tasks: one by key, the joint list, and how the departments of a place stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.rules import readable
from registry.actions import Action
from registry.divisions.codes import within
from registry.handling import handling_filter
from registry.listing import (
    ON,
    Column,
    Filter,
    Listing,
    code_value,
    enum_filter,
    facet_filter,
    facet_value,
    text_filter,
)
from registry.messages import N_
from registry.organisations.models import Organisation
from registry.tasks.models import DepartmentTask, TaskState

IN_HAND = (TaskState.SENT, TaskState.ACCEPTED, TaskState.DECLINED, TaskState.REPLIED)
UNANSWERED = (TaskState.SENT, TaskState.ACCEPTED)

WHOLE = (joinedload(DepartmentTask.organisation), joinedload(DepartmentTask.asked_by))
"""What a page about a task names."""


class Standing(StrEnum):
    """How a task stands on the day of the list."""

    OVERDUE = "overdue"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    DONE = "done"


IS_OPEN = DepartmentTask.state.in_(IN_HAND)
IS_UNANSWERED = DepartmentTask.state.in_(UNANSWERED)
STANDINGS = {
    Standing.OVERDUE: sa.and_(IS_UNANSWERED, DepartmentTask.due_on < ON),
    Standing.UNANSWERED: sa.and_(IS_UNANSWERED, DepartmentTask.due_on >= ON),
    Standing.ANSWERED: sa.and_(IS_OPEN, sa.not_(IS_UNANSWERED)),
    Standing.DONE: sa.not_(IS_OPEN),
}
RANK = sa.case((STANDINGS[Standing.OVERDUE], 0), (IS_UNANSWERED, 1), (IS_OPEN, 2), else_=3)
"""Overdue first, then what is to be answered, then what its sender has to read."""


def _place_filter() -> Filter:
    """Sent from there or to there, with everything below."""
    return Filter(
        "division",
        N_("区划"),
        parse=code_value,
        clause=lambda code, _on: sa.or_(
            within(DepartmentTask.from_code, code), within(DepartmentTask.to_code, code)
        ),
    )


TASKS = Listing(
    key="tasks",
    model=DepartmentTask,
    columns=(
        Column("code", N_("编号"), DepartmentTask.code),
        Column("title", N_("任务"), DepartmentTask.title),
        Column("to_role", N_("接收部门"), DepartmentTask.to_role, order=(DepartmentTask.to_role, RANK)),
        Column("to_code", N_("接收区划"), DepartmentTask.to_code),
        Column(
            "organisation",
            N_("接收单位"),
            sa.select(Organisation.name)
            .where(Organisation.id == DepartmentTask.organisation_id)
            .scalar_subquery(),
        ),
        Column("from_role", N_("发出部门"), DepartmentTask.from_role, order=(DepartmentTask.from_role,)),
        Column("from_code", N_("发出区划"), DepartmentTask.from_code),
        Column("due_on", N_("答复期限"), DepartmentTask.due_on, order=(RANK, DepartmentTask.due_on)),
        Column("state", N_("状态"), DepartmentTask.state),
        Column("standing", N_("进度"), facet_value(STANDINGS)),
        Column("sent_at", N_("发出时间"), DepartmentTask.sent_at, order=(DepartmentTask.sent_at,)),
    ),
    filters=(
        _place_filter(),
        handling_filter(IS_OPEN),
        enum_filter("to", N_("接收部门"), DepartmentTask.to_role, Role),
        enum_filter("from", N_("发出部门"), DepartmentTask.from_role, Role),
        facet_filter("standing", N_("进度"), STANDINGS),
        text_filter("q", N_("任务内容"), DepartmentTask.title, DepartmentTask.content),
    ),
    default_sort="due_on",
)
"""联合清单: the tasks between the departments of a place, overdue first."""


@dataclass(frozen=True)
class DepartmentLoad:
    """How many tasks one department has, by how they stand."""

    role: Role
    counts: Mapping[Standing, int]


def loads(session: Session, actor: Actor, division_code: str, on: date) -> list[DepartmentLoad]:
    """The departments that have open tasks in a place, so far as the actor sees them; those with overdue ones first."""
    place = sa.or_(
        within(DepartmentTask.from_code, division_code), within(DepartmentTask.to_code, division_code)
    )
    standing = facet_value(STANDINGS)
    counted = (
        sa.select(DepartmentTask.to_role, standing, sa.func.count())
        .where(IS_OPEN, place, readable(DepartmentTask, actor, Action.TASK_SEE))
        .group_by(DepartmentTask.to_role, standing)
    )
    found: dict[Role, dict[Standing, int]] = {}
    for role, word, count in session.execute(counted, {"on": on}):
        found.setdefault(role, {})[word] = count
    order = list(Role)
    ranked = sorted(found, key=lambda role: (-found[role].get(Standing.OVERDUE, 0), order.index(role)))
    return [DepartmentLoad(role, found[role]) for role in ranked]


def task_by_id(session: Session, key: int) -> DepartmentTask | None:
    """One task by its integer key, which the history holds."""
    return session.scalar(sa.select(DepartmentTask).where(DepartmentTask.id == key).options(*WHOLE))
