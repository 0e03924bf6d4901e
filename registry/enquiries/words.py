"""The words of enquiries; the vocabulary takes them in."""

from enum import StrEnum

from registry.enquiries.models import EnquiryKind, EnquiryState
from registry.enquiries.workflow import EnquiryStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (EnquiryKind.QUESTION, Term("咨询", "question")),
    (EnquiryKind.COMPLAINT, Term("投诉", "complaint")),
    (EnquiryKind.SUGGESTION, Term("建议", "suggestion")),
    (EnquiryState.RECEIVED, Term("已收到，待答复", "received, to be answered")),
    (EnquiryState.PASSED_ON, Term("已转交，待答复", "passed on, to be answered")),
    (EnquiryState.ANSWERED, Term("已答复", "answered")),
    (EnquiryStep.RECEIVE, Term("收到", "receive it")),
    (EnquiryStep.ANSWER, Term("答复", "answer it")),
    (EnquiryStep.PASS_ON, Term("转交其他单位", "pass it on")),
)
