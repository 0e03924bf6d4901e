"""区划调整 on a page: a file or typed lines, as one table with numbered rows, and back as text."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField

from portal.fields import CHINESE, stripped
from registry.divisions.changes import HEADERS, NATURAL_ORDER
from registry.intake.tables import RawTable
from reports.workbooks.reading import read_table

MOST_TYPED = 20_000
WIDE = str.maketrans({"，": ",", "\t": ",", "；": ";"})


class ChangeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Lines, from a file or typed; `confirms` holds the digest of what was previewed."""

    file = FileField(
        _l("变更文件"),
        description=_l("Excel（.xlsx、.xls）或CSV，列名与下面的次序相同。选了文件的，不看下面填写的内容。"),
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )
    lines = TextAreaField(
        _l("或逐行填写"),
        description=_l(
            "一行一条，用逗号隔开：变更类型（合并、拆分、更名、划转）、原区划代码、新区划代码、新区划名称、"
            "生效日期、依据、划入的服务场所（拆分时填场所编号，用空格隔开）。"
        ),
        filters=[stripped],
        render_kw={"rows": 6, "maxlength": MOST_TYPED, "spellcheck": "false"} | CHINESE,
    )
    confirms = HiddenField()

    def table(self) -> tuple[Sequence[str], list[tuple[int, Sequence[Any]]]]:
        """Heads and numbered rows; FileRefused where the file cannot be read. What is typed may leave the heads out."""
        if self.file.data:
            table: RawTable = read_table(self.file.data.read(), self.file.data.filename or "")
            return table.headers, [(row.number, row.cells) for row in table.rows]
        rows = [
            (number, cells) for number, cells in enumerate(_typed(self.lines.data or ""), start=1) if cells
        ]
        if rows and set(rows[0][1]) & (set(HEADERS) | set(HEADERS.values())):
            return rows[0][1], list(rows[1:])
        return NATURAL_ORDER, list(rows)

    def check(self) -> bool:
        """Something must have been given."""
        if self.file.data or (self.lines.data or "").strip():
            return True
        self.lines.errors = [_("请选择变更文件，或逐行填写。")]
        return False


def as_text(headers: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]]) -> str:
    """The same table as somebody would type it, in the natural order of its columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    english = dict(zip(HEADERS.values(), HEADERS, strict=True))
    for _number, cells in rows:
        by_head = dict(zip((str(head).strip() for head in headers), cells, strict=False))
        writer.writerow([_cell(by_head.get(head, by_head.get(english[head], ""))) for head in NATURAL_ORDER])
    return out.getvalue().strip()


def _typed(text: str) -> list[list[str]]:
    return list(csv.reader(text.translate(WIDE).splitlines(), skipinitialspace=True))


def _cell(value: Any) -> str:
    """Days of a workbook come with a time of day, whole numbers with a point."""
    if hasattr(value, "date"):
        return str(value.date().isoformat())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
