"""A task as its pages show it, made before they are drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import data, day, moment, word
from portal.frame import place_name
from portal.workflow.steps import Button, Past, Waiting, buttons_of, past_of, waiting_for
from registry.access.actors import Actor
from registry.tasks.models import DepartmentTask, TaskState
from registry.tasks.queries import DepartmentLoad, Standing
from registry.tasks.receivers import Receiver
from registry.tasks.workflow import TaskStep
from registry.workflow.models import Todo

STATE_KINDS = {
    TaskState.SENT: "waiting",
    TaskState.ACCEPTED: "active",
    TaskState.DECLINED: "returned",
    TaskState.REPLIED: "done",
    TaskState.CLOSED: "ended",
    TaskState.WITHDRAWN: "ended",
}
STANDING_KINDS = {
    Standing.OVERDUE: "late",
    Standing.UNANSWERED: "waiting",
    Standing.ANSWERED: "active",
    Standing.DONE: "ended",
}
STEP_PAGES = {
    TaskStep.ACCEPT: "tasks.accept",
    TaskStep.REPLY: "tasks.reply",
    TaskStep.DECLINE: "tasks.decline",
    TaskStep.CLOSE: "tasks.close",
    TaskStep.ASK_AGAIN: "tasks.ask_again",
    TaskStep.WITHDRAW: "tasks.withdraw",
}
MAIN_STEPS = frozenset({TaskStep.REPLY, TaskStep.CLOSE})
DIRECT_STEPS = frozenset({TaskStep.ACCEPT, TaskStep.CLOSE})


@dataclass(frozen=True)
class TaskPage:
    """Everything that the page of one task shows."""

    task: DepartmentTask
    kind: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True)
class Cell:
    """A number of the table by department, and the list of its rows; no address where there are none."""

    count: int
    url: str


@dataclass(frozen=True)
class LoadRow:
    """One department in the table above the list."""

    name: str
    cells: tuple[Cell, ...]


def task_page(session: Session, task: DepartmentTask, actor: Actor, today: date) -> TaskPage:
    """One task for one reader."""
    return TaskPage(
        task=task,
        kind=STATE_KINDS[task.state],
        facts=_facts(task),
        buttons=buttons_of(session, task, actor, STEP_PAGES, main=MAIN_STEPS, direct=DIRECT_STEPS),
        past=past_of(session, task, TaskStep),
        waiting=waiting_for(session, task, today, lambda todo: _place_of(todo, task)),
    )


def load_rows(loads: Iterable[DepartmentLoad], division_code: str) -> list[LoadRow]:
    """The departments with their numbers, each of which opens its rows."""
    return [
        LoadRow(word(load.role), tuple(_cell(load, standing, division_code) for standing in SHOWN))
        for load in loads
    ]


SHOWN = (Standing.OVERDUE, Standing.UNANSWERED, Standing.ANSWERED)


def _cell(load: DepartmentLoad, standing: Standing, division_code: str) -> Cell:
    count = load.counts.get(standing, 0)
    asked = {"division": division_code, "to": load.role.value, "standing": standing.value}
    return Cell(count, url_for("tasks.index", **asked) if count else "")  # type: ignore[arg-type]  # filters, not Flask's options


def grouped_receivers(receivers: Iterable[Receiver]) -> dict[str, dict[str, str]]:
    """The desks that can be asked, by role: 财政部门 → 上海市黄浦区."""
    groups: dict[str, dict[str, str]] = {}
    for one in receivers:
        place = one.organisation_name or place_name(one.division_code) or one.division_code
        groups.setdefault(word(one.role), {})[one.key] = place
    return groups


def party(task_role: object, place: str | None) -> str:
    """区县民政 · 上海市黄浦区."""
    return f"{word(task_role)} · {place or ''}"  # type: ignore[arg-type]  # a role is a word of the vocabulary


def _facts(task: DepartmentTask) -> tuple[tuple[str, str], ...]:
    organisation = task.organisation
    to_place = organisation.name if organisation else place_name(task.to_code)
    found = [
        (_("发出部门"), data(party(task.from_role, place_name(task.from_code)))),
        (_("发出人"), data(task.asked_by.name)),
        (_("接收部门"), data(party(task.to_role, to_place))),
        (_("答复期限"), day(task.due_on)),
        (_("具体要求"), data(task.content)),
    ]
    if task.reply:
        found += [(_("答复"), data(task.reply)), (_("答复时间"), moment(task.replied_at))]
    return tuple(found)


def _place_of(todo: Todo, task: DepartmentTask) -> str:
    if todo.organisation_id is not None and task.organisation is not None:
        return task.organisation.name
    return place_name(todo.division_code) or ""
