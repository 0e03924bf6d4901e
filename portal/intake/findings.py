"""The findings about a file: all of them, grouped by their cause, narrowed down, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from portal.intake.kept import uploaded_files
from registry.errors import InvalidInput
from registry.intake.models import IntakeRun
from registry.intake.problems import Problem, Severity
from registry.intake.queries import problems_of
from registry.listing import MAX_PAGE, Count, Page
from registry.messages import N_, message

PAGE_ROWS = 50
PRINTED_ROWS = 2_000
"""What fits a print; beyond that the annotated file is read."""
FIRST_PLACES = 3


@dataclass(frozen=True)
class Cause:
    """The same finding in the same column, wherever it stands."""

    code: str
    first: Problem
    problems: tuple[Problem, ...]

    @property
    def count(self) -> int:
        """How often it was found."""
        return len(self.problems)

    @property
    def places(self) -> tuple[str, ...]:
        """The first cells, as a workbook names them; empty where it concerns the file."""
        return tuple(f"{one.column}{one.row}" for one in self.problems[:FIRST_PLACES] if one.row)


def kept_problems(run: IntakeRun, *, with_values: bool) -> tuple[Problem, ...]:
    """All of them; once the file is forgotten, the first ones, which stay with the run."""
    sheet = uploaded_files().sheet(run)
    if sheet is None:
        return problems_of(run, with_values=with_values)
    return sheet.problems if with_values else tuple(replace(one, value="") for one in sheet.problems)


def problems_not_kept(run: IntakeRun) -> int:
    """How many more there were."""
    return 0 if uploaded_files().sheet(run) is not None else run.problems_left_out


def causes_of(problems: Sequence[Problem]) -> list[Cause]:
    """Errors before warnings, and the most frequent first."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(cause_code(problem), []).append(problem)
    causes = [Cause(code, same[0], tuple(same)) for code, same in found.items()]
    return sorted(causes, key=lambda cause: (cause.first.severity is not Severity.ERROR, -cause.count))


def cause_code(problem: Problem) -> str:
    """What an address names a cause by: it stays the same as long as the rule and the column do."""
    words = f"{problem.severity}\n{problem.message.msgid}\n{problem.column}\n{problem.header}"
    return sha256(words.encode()).hexdigest()[:10]


def narrowed(problems: Sequence[Problem], *, severity: str, cause: str) -> list[Problem]:
    """Only errors or only warnings, only of one cause; what the address does not know is refused."""
    if severity not in ("", Severity.ERROR, Severity.WARNING):
        raise InvalidInput("severity", message(N_("筛选条件不认识；请从问题清单重新选择。")))
    return [
        one for one in problems if severity in ("", one.severity.value) and cause in ("", cause_code(one))
    ]


def page_of(rows: Sequence[Any], typed: str) -> Page:
    """One page of rows that are in hand; a number beyond the last page shows the last one."""
    if not typed.isascii() or not typed.isdigit() or not 1 <= int(typed) <= MAX_PAGE:
        raise InvalidInput("page", message(N_("页码应为正整数。")))
    last = max(1, -(-len(rows) // PAGE_ROWS))
    number = min(int(typed), last)
    start = (number - 1) * PAGE_ROWS
    return Page(rows[start : start + PAGE_ROWS], Count(len(rows)), number, number < last)
