"""The words of `registry/releases` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.releases.models import FileKind, ReleaseState
from registry.releases.workflow import ReleaseStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (ReleaseState.ASKED, Term("待复核", "awaiting a second person")),
    (ReleaseState.RELEASED, Term("已批准，待取走", "released, to be taken")),
    (ReleaseState.TAKEN, Term("已取走", "taken")),
    (ReleaseState.REFUSED, Term("未批准", "turned down")),
    (ReleaseState.LAPSED, Term("已失效", "lapsed")),
    (ReleaseStep.ASK, Term("提出申请", "ask for the file")),
    (ReleaseStep.RELEASE, Term("批准导出", "release the file")),
    (ReleaseStep.REFUSE, Term("不批准", "turn it down")),
    (ReleaseStep.TAKE, Term("取走文件", "take the file")),
    (ReleaseStep.LAPSE, Term("到期失效", "lapse")),
    (FileKind.XLSX, Term("xlsx", "xlsx")),
    (FileKind.CSV, Term("csv", "csv")),
)
