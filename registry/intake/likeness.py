"""Says which kind of workbook a file looks like, where it does not fit the kind that it was sent in as."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from registry.intake.columns import matched
from registry.intake.declaration import WorkbookKind
from registry.intake.preview import Preview
from registry.intake.problems import Problem
from registry.intake.tables import RawTable
from registry.messages import N_, message


def told_by_likeness(found: Preview, kinds: Iterable[WorkbookKind[Any]]) -> Preview:
    """The preview, with a finding in front where the file is of another kind: by its template, or by its columns."""
    if found.judged:
        return found
    known = {kind.code: kind for kind in kinds}
    other = known.get(found.table.template) or _likest(found.table, known.values())
    if other is None or other.code == found.kind.code:
        return found
    problem = Problem(
        found.table.sheet,
        0,
        "",
        "",
        found.table.file_name,
        message(N_("这个文件看起来是“%(other)s”，不是“%(kind)s”。"), other=other, kind=found.kind),
        message(
            N_("请选择“%(other)s”再上传；确是“%(kind)s”的，请补上缺少的列。"), other=other, kind=found.kind
        ),
    )
    # What a template of ours says of itself is said better here; what stands in its rows is still told.
    rest = [one for one in found.problems if one.row or not found.table.template]
    return replace(found, problems=(problem, *rest))


def _likest(table: RawTable, kinds: Iterable[WorkbookKind[Any]]) -> WorkbookKind[Any] | None:
    """Of the kinds whose required columns are all there, the one with the most columns."""
    fitting = []
    for kind in kinds:
        places = matched(kind, table.headers)
        if all(column.key in places for column in kind.columns if column.required):
            fitting.append((len(places), kind))
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
