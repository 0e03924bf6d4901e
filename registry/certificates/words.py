"""The words of `registry/certificates` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.certificates.models import Ending, ReminderState
from registry.certificates.sending import ReminderStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (Ending.D30, Term("30日内到期", "ends within 30 days")),
    (Ending.D90, Term("90日内到期", "ends within 90 days")),
    (Ending.D180, Term("180日内到期", "ends within 180 days")),
    (Ending.EXPIRED, Term("已到期", "expired")),
    (ReminderState.SENT, Term("已发出", "sent")),
    (ReminderStep.SEND, Term("发出提醒", "send the reminder")),
)
