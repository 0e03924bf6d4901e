"""What a task does: sending and asking again check the deadline and the desk, a reply is kept.

The steps are taken through the workflow (workflow.py has the table); these are its effects, and the bars that say whose
step it is not.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account
from registry.clock import WorkingCalendar
from registry.errors import InvalidInput
from registry.messages import N_, Message, message
from registry.policy.queries import working_calendar
from registry.tasks.checks import LONGEST_CONTENT, LONGEST_TITLE, refuse_deadline, refuse_words
from registry.tasks.models import DepartmentTask, TaskState
from registry.tasks.receivers import is_manned, receivers_for
from registry.workflow_table import Desk, Facts, Occasion


@dataclass(frozen=True)
class Request:
    """What is asked of whom, by when."""

    title: str
    content: str
    due_on: date
    receiver: Desk


def task_of(request: Request, *, actor: Actor, at: datetime) -> DepartmentTask:
    """A new task, not yet in any session: the workflow starts it."""
    return DepartmentTask(
        state=TaskState.SENT,
        title=request.title.strip(),
        content=request.content.strip(),
        due_on=request.due_on,
        sent_at=at,
        from_role=actor.role,
        from_code=actor.division_code,
        to_role=request.receiver.role,
        to_code=request.receiver.division_code,
        organisation_id=request.receiver.organisation_id,
        asked_by_id=actor.account_id,
    )


def send(session: Session, task: DepartmentTask, occasion: Occasion) -> Facts:
    """InvalidInput names the field of the first thing that is wrong."""
    with session.no_autoflush:
        reachable = {one.desk for one in receivers_for(session, occasion.actor, occasion.on)}
        if task.receiver not in reachable:
            sentence = N_("这个部门不在可选范围，或今天没有在岗人员，请另选。")
            raise InvalidInput("receiver", message(sentence))
        refuse_words("title", task.title, LONGEST_TITLE)
        refuse_words("content", task.content, LONGEST_CONTENT)
        _refuse_deadline(session, task, task.due_on, occasion.at)
        task.asked_by = session.get_one(Account, occasion.actor.account_id)
    return _facts(task)


def ask_again(session: Session, task: DepartmentTask, occasion: Occasion) -> Facts:
    """A new deadline; what is missing is the step's reason."""
    due_on: date = occasion.facts
    refuse_words("reason", occasion.reason, LONGEST_CONTENT)
    _refuse_deadline(session, task, due_on, occasion.at)
    if not is_manned(session, task.receiver, occasion.on):
        raise InvalidInput("due_on", message(N_("对方今天没有在岗人员，请另发一份任务单给上级部门。")))
    task.due_on = due_on
    return _facts(task)


def reply(_session: Session, task: DepartmentTask, occasion: Occasion) -> Facts:
    """The answer, which the history keeps as well."""
    text = occasion.reason
    refuse_words("reason", text, LONGEST_CONTENT)
    task.reply, task.replied_at = text, occasion.at
    return {**_facts(task), "is late": occasion.on > task.due_on}


def decline(_session: Session, task: DepartmentTask, occasion: Occasion) -> Facts:
    """Why it is not theirs to do."""
    refuse_words("reason", occasion.reason, LONGEST_CONTENT)
    return _facts(task)


def is_not_his_to_answer(task: DepartmentTask, actor: Actor) -> Message | None:
    """Accepting, declining and replying are for the desk that was asked."""
    return None if task.is_to(actor) else message(N_("这一步由接收任务的部门办理。"))


def is_not_his_to_lead(task: DepartmentTask, actor: Actor) -> Message | None:
    """Asking again, closing and withdrawing are for the desk that asked."""
    return None if task.is_from(actor) else message(N_("这一步由发出任务的部门办理。"))


def _refuse_deadline(session: Session, task: DepartmentTask, due_on: date, at: datetime) -> None:
    calendar: WorkingCalendar = working_calendar(session)
    refuse_deadline(session, due_on, place=task.to_code, at=at, calendar=calendar)


def _facts(task: DepartmentTask) -> Facts:
    return {
        "from": f"{task.from_role.value} {task.from_code}",
        "to": f"{task.to_role.value} {task.to_code}",
        "due_on": task.due_on.isoformat(),
    }
