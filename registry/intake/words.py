"""The words of `registry/intake` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.intake.models import IntakeState
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (IntakeState.WAITING, Term("排队等待预检", "waiting to be checked")),
    (IntakeState.CHECKING, Term("预检中", "being checked")),
    (IntakeState.PREVIEWED, Term("已预检", "previewed")),
    (IntakeState.LOADING, Term("导入中", "being loaded")),
    (IntakeState.COMMITTED, Term("已导入", "loaded")),
    (IntakeState.REFUSED, Term("有错误，未导入", "refused")),
    (IntakeState.UNDOING, Term("撤销中", "being undone")),
    (IntakeState.UNDONE, Term("已撤销", "undone")),
    (IntakeState.FAILED, Term("未能完成", "could not be finished")),
    (IntakeState.CANCELLED, Term("已取消", "cancelled")),
)
