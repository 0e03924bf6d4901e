"""The words of `registry/handovers` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.handovers.models import HandoverKind, HandoverState, Passing
from registry.handovers.workflow import HandoverStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (HandoverKind.LEAVING, Term("离岗（调离、离职、退休）", "leaving")),
    (HandoverKind.SECONDED, Term("借调、挂职", "seconded")),
    (HandoverKind.ABSENT, Term("长期请假", "long absent")),
    (HandoverState.DRAWN_UP, Term("待移交", "to be passed on")),
    (HandoverState.PASSED_ON, Term("已移交，待接办人确认", "passed on, to be acknowledged")),
    (HandoverState.ACKNOWLEDGED, Term("已接办", "acknowledged")),
    (HandoverState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (HandoverStep.DRAW_UP, Term("提出工作交接", "draw the handover up")),
    (HandoverStep.HAND_ON, Term("移交工作", "pass the work on")),
    (HandoverStep.ACKNOWLEDGE_LINE, Term("确认一项", "acknowledge one line")),
    (HandoverStep.ACKNOWLEDGE, Term("收起清单", "put the list away")),
    (HandoverStep.WITHDRAW, Term("撤回交接", "withdraw the handover")),
    (Passing.DESK, Term("本岗继续办理", "goes on at the desk")),
    (Passing.OWNER, Term("改由接办人办理", "becomes the successor's")),
    (Passing.ENDS, Term("随本人结束，需要时重新办理", "ends with the person")),
)
