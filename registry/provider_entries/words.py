"""The words of `registry/provider_entries` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.provider_entries.models import EntryKind, EntryMark, EntryState
from registry.provider_entries.questions import Paper, ServiceForm
from registry.provider_entries.workflow import EntryStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (EntryKind.ENTRY, Term("入库", "entry")),
    (EntryKind.CHANGE, Term("变更", "change")),
    (EntryKind.RENEWAL, Term("续期", "renewal")),
    (EntryMark.SUSPENDED, Term("已暂停", "suspended")),
    (EntryMark.LAPSED, Term("有效期已过", "validity expired")),
    (EntryState.DRAFT, Term("草稿", "draft")),
    (EntryState.SUBMITTED, Term("待初核", "awaiting the first check")),
    (EntryState.RETURNED, Term("已退回补正", "returned for correction")),
    (EntryState.CHECKED, Term("已初核，待确认", "checked, awaiting confirmation")),
    (EntryState.LISTED, Term("在库", "listed")),
    (EntryState.LEAVING, Term("拟退出，申辩期", "notice given, case may be stated")),
    (EntryState.DECIDING, Term("待决定去留", "to be decided")),
    (EntryState.LEFT, Term("已退出", "left")),
    (EntryState.REPLACED, Term("已被新内容替代", "replaced by a newer one")),
    (EntryState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (EntryStep.DRAW_UP, Term("起草", "draw up")),
    (EntryStep.SUBMIT, Term("提交", "hand in")),
    (EntryStep.RETURN, Term("退回补正", "return for correction")),
    (EntryStep.CHECK, Term("初核通过", "pass the first check")),
    (EntryStep.TAKE_BACK, Term("撤销初核", "take the check back")),
    (EntryStep.SEND_BACK, Term("退回补正", "return for correction")),
    (EntryStep.CONFIRM, Term("确认入库", "confirm the listing")),
    (EntryStep.WITHDRAW, Term("撤回", "withdraw")),
    (EntryStep.HALT, Term("随机构资格变动退回", "returned, as the listing changed")),
    (EntryStep.END, Term("随机构退出终止", "ended, as the institution left")),
    (EntryStep.REPLACE, Term("由新内容替代", "replaced by a newer one")),
    (EntryStep.SUSPEND, Term("暂停资格", "suspend")),
    (EntryStep.RESUME, Term("恢复资格", "resume")),
    (EntryStep.NOTIFY, Term("告知拟退出", "give notice of removal")),
    (EntryStep.DEFEND, Term("陈述申辩", "state the case")),
    (EntryStep.ASK_TO_LEAVE, Term("申请退出", "ask to leave")),
    (EntryStep.KEEP, Term("保留在库", "keep listed")),
    (EntryStep.REMOVE, Term("决定退出", "remove")),
    (EntryStep.ADOPT, Term("由既有名单转入", "brought over from an earlier list")),
    (EntryStep.SUCCEED, Term("因承继变动", "changed by a succession")),
    (EntryStep.GIVE_BACK, Term("承继已撤销，恢复", "restored: the succession was undone")),
    (ServiceForm.DAY, Term("日间康复", "day rehabilitation")),
    (ServiceForm.RESIDENTIAL, Term("过渡住宿", "transitional residence")),
    (ServiceForm.HOME, Term("入户服务", "home visits")),
    (ServiceForm.GROUP, Term("小组活动", "group activities")),
    (ServiceForm.OUTREACH, Term("外展服务", "outreach")),
    (Paper.HELD, Term("已取得", "held")),
    (Paper.APPLIED, Term("办理中", "applied for")),
    (Paper.NONE, Term("未取得", "not held")),
    (Paper.NOT_NEEDED, Term("无需办理", "not needed")),
)
