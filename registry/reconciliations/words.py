"""The words of reconciliations; the vocabulary takes them in."""

from collections.abc import Mapping
from enum import StrEnum

from registry.reconciliations.models import (
    ComparisonState,
    Corrector,
    Evidence,
    Outcome,
    Progress,
    SubjectKind,
)
from registry.terms import Term

EVIDENCE_WORDS: Mapping[Evidence, Term] = {
    Evidence.IDENTITY_NUMBER: Term("身份证号", "identity number"),
    Evidence.REGISTER_NUMBER: Term("人员编号", "register number"),
    Evidence.SITE_CODE: Term("场所编号", "site code"),
    Evidence.STANDING_NUMBER: Term("入库编号", "listing number"),
    Evidence.CERTIFICATE_NUMBER: Term("证书编号", "certificate number"),
    Evidence.CREDIT_CODE: Term("统一社会信用代码", "credit code"),
    Evidence.NAME_AND_YEAR: Term("姓名和出生年份", "name and year of birth"),
    Evidence.NAME: Term("场所名称", "name of the site"),
}

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (SubjectKind.PRACTITIONERS, Term("从业人员", "practitioners")),
    (SubjectKind.SITES, Term("服务场所", "sites")),
    (ComparisonState.UPLOADED, Term("待指明各列", "columns to be named")),
    (ComparisonState.COMPARED, Term("已核对", "compared")),
    (Outcome.DIFFERENT, Term("内容不一致", "different")),
    (Outcome.THEY_LACK, Term("对方缺项", "missing on their side")),
    (Outcome.WE_LACK, Term("我方缺项", "missing on our side")),
    (Outcome.ONLY_THEIRS, Term("仅对方有", "only on their list")),
    (Outcome.ONLY_OURS, Term("仅我方有", "only on our list")),
    (Outcome.LIKELY_SAME, Term("写法不同，可能一致", "worded differently, probably the same")),
    (Outcome.AMBIGUOUS, Term("待人工认定", "to be told apart by hand")),
    (Outcome.UNREADABLE, Term("无法识别", "cannot be identified")),
    (Corrector.THEM, Term("对方更正", "they correct")),
    (Corrector.US, Term("我方更正", "we correct")),
    (Corrector.OPEN, Term("待定", "undecided")),
    (Progress.NEW, Term("未报", "not reported")),
    (Progress.REPORTED, Term("已报", "reported")),
    (Progress.UNCHANGED, Term("已报未改", "reported, unchanged")),
    (Progress.CORRECTED, Term("已改", "corrected")),
    *EVIDENCE_WORDS.items(),
)
