"""The words of `registry/documents` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.documents.models import Annex, DocumentFormat, DocumentKind, DocumentState, MakingStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (DocumentKind.BRIEFING, Term("工作简报", "briefing")),
    (DocumentKind.ONE_PAGE, Term("一页纸", "one-page view")),
    (DocumentKind.PACK, Term("迎检台账包", "inspection pack")),
    (DocumentKind.PLAN, Term("达标方案", "plan to reach the target")),
    (DocumentFormat.PDF, Term("PDF", "PDF")),
    (DocumentFormat.DOCX, Term("Word", "Word")),
    (DocumentState.WAITING, Term("排队中", "waiting")),
    (DocumentState.WORKING, Term("制作中", "being made")),
    (DocumentState.DONE, Term("已出具", "issued")),
    (DocumentState.FAILED, Term("未能出具", "could not be issued")),
    (MakingStep.ASKED, Term("排队", "waiting in the queue")),
    (MakingStep.READING, Term("汇总数据", "adding up the figures")),
    (MakingStep.LAYOUT, Term("排版", "laying out the pages")),
    (MakingStep.KEEPING, Term("保存", "keeping the file")),
    (Annex.NONE, Term("不附名单", "no list")),
    (Annex.INSTITUTIONS, Term("附机构名单", "with a list of institutions")),
    (Annex.PEOPLE, Term("附人员名单", "with a list of staff")),
)
