"""The words of `registry/workflow` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.terms import Term
from registry.workflow.clocks import Urgency

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (Urgency.OVERDUE, Term("逾期", "overdue")),
    (Urgency.TODAY, Term("今天到期", "due today")),
    (Urgency.SOON, Term("3日内到期", "due within 3 days")),
    (Urgency.LATER, Term("未到期", "not yet due")),
    (Urgency.NONE, Term("无期限", "no deadline")),
)
