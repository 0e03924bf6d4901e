"""The words of `registry/majors` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.majors.models import MajorChangeState, MajorDeed
from registry.majors.queries import Counting, InForce
from registry.majors.workflow import MajorChangeStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (MajorChangeState.DRAFT, Term("草稿", "draft")),
    (MajorChangeState.SUBMITTED, Term("待复核", "awaiting a second person")),
    (MajorChangeState.RETURNED, Term("退回修改", "returned")),
    (MajorChangeState.PUBLISHED, Term("已发布", "published")),
    (MajorChangeState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (MajorDeed.SWITCH_ON, Term("改为计入", "made to count")),
    (MajorDeed.SWITCH_OFF, Term("改为不计入", "made not to count")),
    (MajorDeed.ADD, Term("增加", "added")),
    (MajorDeed.END, Term("终止", "ended")),
    (MajorChangeStep.DRAW_UP, Term("起草方案", "draw up")),
    (MajorChangeStep.SAVE, Term("修改方案", "change the proposal")),
    (MajorChangeStep.SUBMIT, Term("提交复核", "hand in")),
    (MajorChangeStep.RETURN, Term("退回修改", "return")),
    (MajorChangeStep.PUBLISH, Term("复核发布", "publish")),
    (MajorChangeStep.WITHDRAW, Term("撤回方案", "withdraw")),
    (Counting.YES, Term("计入", "counts")),
    (Counting.NO, Term("不计入", "does not count")),
    (InForce.NOW, Term("有效", "in force")),
    (InForce.LATER, Term("未生效", "not yet in force")),
    (InForce.OVER, Term("已终止", "ended")),
)
