"""The words of `registry/tasks` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.handling import Handling
from registry.tasks.models import TaskState
from registry.tasks.queries import Standing as TaskStanding
from registry.tasks.workflow import TaskStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (TaskState.SENT, Term("待接收", "sent")),
    (TaskState.ACCEPTED, Term("办理中", "accepted")),
    (TaskState.DECLINED, Term("不属本部门", "declined")),
    (TaskState.REPLIED, Term("已答复", "replied")),
    (TaskState.CLOSED, Term("已办结", "closed")),
    (TaskState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (TaskStep.SEND, Term("发出任务", "send the task")),
    (TaskStep.ACCEPT, Term("接收", "accept")),
    (TaskStep.DECLINE, Term("不属本部门，退回", "decline")),
    (TaskStep.REPLY, Term("答复", "reply")),
    (TaskStep.ASK_AGAIN, Term("再次要求答复", "ask again")),
    (TaskStep.CLOSE, Term("办结", "close")),
    (TaskStep.WITHDRAW, Term("撤回任务", "withdraw the task")),
    (TaskStanding.OVERDUE, Term("逾期未答复", "overdue")),
    (TaskStanding.UNANSWERED, Term("待答复", "to be answered")),
    (TaskStanding.ANSWERED, Term("待核对", "to be read by its sender")),
    (TaskStanding.DONE, Term("已结束", "over")),
    (Handling.OPEN, Term("办理中", "in hand")),
    (Handling.DONE, Term("已结束", "over")),
)
