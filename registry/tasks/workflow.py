"""How a task goes from one department to another and back."""

from enum import StrEnum

from registry.actions import Action
from registry.messages import N_
from registry.tasks.models import DepartmentTask, TaskState
from registry.tasks.operations import (
    ask_again,
    decline,
    is_not_his_to_answer,
    is_not_his_to_lead,
    reply,
    send,
)
from registry.workflow_table import Subject, Telling, Transition, Waiting, Workflow, declare_workflow

SENT, ACCEPTED, DECLINED, REPLIED = (
    TaskState.SENT,
    TaskState.ACCEPTED,
    TaskState.DECLINED,
    TaskState.REPLIED,
)


class TaskStep(StrEnum):
    """The verbs of a task."""

    SEND = "send"
    ACCEPT = "accept"
    DECLINE = "decline"
    REPLY = "reply"
    ASK_AGAIN = "ask_again"
    CLOSE = "close"
    WITHDRAW = "withdraw"


def itself(task: DepartmentTask) -> Subject:
    """What the notice of a withdrawal speaks of."""
    return Subject("department_task", task.id, task.code, task.title)


TO_ANSWER = Waiting(
    Action.TASK_ANSWER,
    N_("答复部门任务"),
    desk_of=lambda task: task.receiver,
    until=lambda task: task.due_on,
)
TO_READ = Waiting(Action.TASK_SEND, N_("核对部门任务的答复"), desk_of=lambda task: task.sender)

TASKS = declare_workflow(
    Workflow(
        subject_type="department_task",
        model=DepartmentTask,
        states=TaskState,
        see=Action.TASK_SEE,
        name_of=lambda task: task.title,
        place_of=lambda task: task.to_code,
        parent_of=lambda task: task.asked_by,
        start=Transition(
            TaskStep.SEND,
            frozenset(),
            SENT,
            Action.TASK_SEND,
            asks_facts=True,
            effect=send,
            waiting=TO_ANSWER,
        ),
        transitions=(
            Transition(
                TaskStep.ACCEPT,
                frozenset({SENT}),
                ACCEPTED,
                Action.TASK_ANSWER,
                bars=(is_not_his_to_answer,),
                waiting=TO_ANSWER,
            ),
            Transition(
                TaskStep.REPLY,
                frozenset({SENT, ACCEPTED}),
                REPLIED,
                Action.TASK_ANSWER,
                asks_reason=True,
                bars=(is_not_his_to_answer,),
                effect=reply,
                waiting=TO_READ,
            ),
            Transition(
                TaskStep.DECLINE,
                frozenset({SENT, ACCEPTED}),
                DECLINED,
                Action.TASK_ANSWER,
                asks_reason=True,
                bars=(is_not_his_to_answer,),
                effect=decline,
                waiting=TO_READ,
            ),
            Transition(
                TaskStep.CLOSE,
                frozenset({REPLIED, DECLINED}),
                TaskState.CLOSED,
                Action.TASK_SEND,
                bars=(is_not_his_to_lead,),
            ),
            Transition(
                TaskStep.ASK_AGAIN,
                frozenset({REPLIED, DECLINED}),
                SENT,
                Action.TASK_SEND,
                asks_reason=True,
                asks_facts=True,
                bars=(is_not_his_to_lead,),
                effect=ask_again,
                waiting=TO_ANSWER,
            ),
            Transition(
                TaskStep.WITHDRAW,
                frozenset({SENT, ACCEPTED}),
                TaskState.WITHDRAWN,
                Action.TASK_SEND,
                asks_reason=True,
                bars=(is_not_his_to_lead,),
                telling=Telling(
                    Action.TASK_SEE,
                    N_("部门任务已撤回，不必再答复"),
                    about=itself,
                    desk_of=lambda task: task.receiver,
                ),
            ),
        ),
    )
)
