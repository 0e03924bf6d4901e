"""The words of `registry/appointments` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.appointments.models import AppointmentKind, AppointmentState
from registry.appointments.workflow import AppointmentStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (AppointmentKind.NEW_ACCOUNT, Term("新开账号", "new account")),
    (AppointmentKind.FURTHER_POSITION, Term("增加岗位", "further position")),
    (AppointmentKind.MOVE, Term("变动岗位", "move to another position")),
    (AppointmentState.ASKED, Term("待复核", "awaiting a second person")),
    (AppointmentState.RETURNED, Term("已退回", "sent back")),
    (AppointmentState.CONFIRMED, Term("已任命", "appointed")),
    (AppointmentState.INVITED, Term("已任命，代码已发放", "appointed, code handed out")),
    (AppointmentState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (AppointmentStep.ASK, Term("提出任命", "ask for the appointment")),
    (AppointmentStep.CONFIRM, Term("同意任命", "confirm the appointment")),
    (AppointmentStep.REFUSE, Term("退回任命", "send the appointment back")),
    (AppointmentStep.INVITE, Term("发放首次登录代码", "hand out the first one-time code")),
    (AppointmentStep.WITHDRAW, Term("撤回任命", "withdraw the appointment")),
)
