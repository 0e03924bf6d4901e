"""The words of emergencies in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.access.models import EmergencyState
from registry.emergencies.opening import EmergencyReason, EmergencyStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (EmergencyState.OPEN, Term("待复核", "awaiting review")),
    (EmergencyState.UPHELD, Term("已认可", "upheld")),
    (EmergencyState.OBJECTED, Term("不认可", "objected to")),
    (EmergencyStep.OPEN, Term("紧急查看", "open in an emergency")),
    (EmergencyStep.UPHOLD, Term("认可", "uphold")),
    (EmergencyStep.OBJECT, Term("不认可", "object")),
    (EmergencyReason.LIFE, Term("生命安全危急", "a life is in danger")),
    (EmergencyReason.MISSING, Term("人员走失", "a person is missing")),
    (EmergencyReason.VIOLENCE, Term("危害他人安全", "others are in danger")),
)
