"""The rows without errors, judged beside each other: a row that goes may have been the only one to name something."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from registry.intake.declaration import Outcome
from registry.intake.preview import Preview, preview


def rows_in_error(found: Preview) -> list[int]:
    """Numbers of the rows that cannot be loaded."""
    return [judged.row.number for judged in found.judged if judged.outcome is Outcome.ERROR]


def may_be_loaded_in_part(found: Preview) -> bool:
    """Only rows are wrong and not the file as a whole, some rows are right, and the kind is no list to be complete."""
    of_file = any(problem.row <= found.table.header_row for problem in found.errors)
    wanted = found.count(Outcome.CREATE) + found.count(Outcome.UPDATE)
    return bool(found.errors) and not of_file and wanted > 0 and not found.kind.is_whole


def without_errors(session: Session, found: Preview) -> tuple[Preview, list[int]]:
    """The file without its faulty rows, judged again until none is left; and the numbers of the rows left out."""
    left_out: list[int] = []
    while found.errors and (wrong := set(rows_in_error(found))):
        left_out += wrong
        table = replace(
            found.table,
            rows=[row for row in found.table.rows if row.number not in wrong],
            problems=tuple(problem for problem in found.table.problems if problem.row not in wrong),
        )
        found = preview(session, found.kind, table, found.context)
    return found, sorted(left_out)


def as_ranges(numbers: Sequence[int]) -> list[list[int]]:
    """Sorted numbers as pairs of a first and a last one."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges
