"""The words of `registry/audit` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.audit.chain import Fault
from registry.audit.models import Result
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (Result.DONE, Term("已办", "done")),
    (Result.REFUSED, Term("已拒绝", "refused")),
    (Fault.MISSING, Term("有一条缺失，或插入了一条", "an entry is missing or was inserted")),
    (Fault.LINK, Term("与上一条不相连", "not linked to the entry before it")),
    (Fault.CONTENT, Term("内容被改动，或封印所用的密钥不同", "changed, or sealed with another key")),
    (Fault.TAIL, Term("末尾被截去", "the end was cut off")),
    (Fault.REWRITTEN, Term("与另存的链首摘要不符", "not what a head kept outside says")),
    (Fault.CHECKPOINT, Term("归档记录不实", "the record of what was retired is forged")),
    (Fault.ARCHIVE, Term("归档文件缺失或被改动", "the file of retired entries is missing or was changed")),
)
