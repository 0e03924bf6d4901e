"""The words of `registry/drafts` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.drafts.queries import Progress
from registry.terms import Term


class Discarding(StrEnum):
    """Giving a draft up that was never handed in; the table has one step and one state for it and for withdrawing."""

    STEP = "step"
    STATE = "state"


WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (Progress.NOT_STARTED, Term("未开始", "not started")),
    (Progress.STARTED, Term("进行中", "in progress")),
    (Progress.FAULTY, Term("有问题", "has a problem")),
    (Progress.COMPLETE, Term("已完成", "complete")),
    (Discarding.STEP, Term("放弃草稿", "discard draft")),
    (Discarding.STATE, Term("草稿已放弃", "draft discarded")),
)
