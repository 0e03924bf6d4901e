"""The words of services and activities; the vocabulary takes them in."""

from enum import StrEnum

from registry.services.facets import Charge, Lateness, Offer, Weekday
from registry.services.models import ActivityState, ReportKind, ServiceKind, ServiceReportState
from registry.services.workflow import ServiceReportStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (ServiceKind.MEDICATION, Term("服药训练", "medication training")),
    (ServiceKind.RELAPSE, Term("预防复发训练", "relapse prevention")),
    (ServiceKind.PHYSICAL, Term("躯体管理训练", "physical health management")),
    (ServiceKind.LIVING, Term("生活技能训练", "daily living skills")),
    (ServiceKind.SOCIAL, Term("社交技能训练", "social skills")),
    (ServiceKind.VOCATIONAL, Term("职业康复训练", "vocational rehabilitation")),
    (ServiceKind.PSYCHOLOGICAL, Term("心理治疗和康复", "psychological therapy")),
    (ServiceKind.PEER, Term("同伴支持", "peer support")),
    (ServiceKind.FAMILY, Term("家庭支持", "family support")),
    (ServiceKind.OTHER, Term("其他服务", "other service")),
    (ReportKind.NEW, Term("新增", "new")),
    (ReportKind.CHANGE, Term("变更", "changed")),
    (ReportKind.END, Term("停止", "ended")),
    (ServiceReportState.DRAFT, Term("草稿", "draft")),
    (ServiceReportState.SUBMITTED, Term("待确认", "awaiting confirmation")),
    (ServiceReportState.RETURNED, Term("已退回", "returned")),
    (ServiceReportState.CONFIRMED, Term("已确认", "confirmed")),
    (ServiceReportState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (ActivityState.RECORDED, Term("有效", "counts")),
    (ActivityState.VOIDED, Term("已作废", "struck out")),
    (ServiceReportStep.DRAW_UP, Term("起草", "draw up")),
    (ServiceReportStep.SAVE, Term("修改", "edit")),
    (ServiceReportStep.SUBMIT, Term("提交", "submit")),
    (ServiceReportStep.RETURN, Term("退回", "return")),
    (ServiceReportStep.CONFIRM, Term("确认", "confirm")),
    (ServiceReportStep.WITHDRAW, Term("撤回", "withdraw")),
    (ServiceReportStep.SUCCEED, Term("因承继变动", "changed by a succession")),
    (ServiceReportStep.GIVE_BACK, Term("承继已撤销，恢复", "restored: the succession was undone")),
    (Weekday.MONDAY, Term("周一", "Monday")),
    (Weekday.TUESDAY, Term("周二", "Tuesday")),
    (Weekday.WEDNESDAY, Term("周三", "Wednesday")),
    (Weekday.THURSDAY, Term("周四", "Thursday")),
    (Weekday.FRIDAY, Term("周五", "Friday")),
    (Weekday.SATURDAY, Term("周六", "Saturday")),
    (Weekday.SUNDAY, Term("周日", "Sunday")),
    (Offer.OFFERED, Term("开设中", "offered")),
    (Offer.COMING, Term("尚未开始", "not begun yet")),
    (Offer.ENDED, Term("已停止", "ended")),
    (Charge.FREE, Term("免费", "free")),
    (Charge.PAID, Term("收费", "paid")),
    (Charge.UNKNOWN, Term("未说明", "not said")),
    (Lateness.SAME_DAY, Term("当日登记", "entered on its day")),
    (Lateness.LATE, Term("补录", "entered later")),
)
