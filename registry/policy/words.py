"""The words of `registry/policy` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.policy.models import Grade, SnapshotKind
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (Grade.OFFICIAL, Term("正式文件", "official text")),
    (Grade.SECOND_HAND, Term("二手来源", "second-hand source")),
    (Grade.DESIGN, Term("本系统口径", "our own convention")),
    (SnapshotKind.NIGHTLY, Term("每日", "nightly")),
    (SnapshotKind.FROZEN, Term("已定格", "frozen")),
)
