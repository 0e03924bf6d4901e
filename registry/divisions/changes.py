"""The lines of a file of division changes: merges, splits, renames and moves, read and checked one by one.

Columns: kind, from_code, to_code, to_name, effective_on, source, sites. A merge has one line per old division with
the same to_code; a split has one line per part with the same from_code and the codes of the sites that go there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.divisions.codes import candidates
from registry.divisions.models import ChangeKind
from registry.errors import Refusal
from registry.messages import N_, Message, message

HEADERS = {
    "kind": "变更类型",
    "from_code": "原区划代码",
    "to_code": "新区划代码",
    "to_name": "新区划名称",
    "effective_on": "生效日期",
    "source": "依据",
    "sites": "划入的服务场所",
}
NATURAL_ORDER = tuple(HEADERS.values())
"""The heads of lines that are typed without heads."""

COMPULSORY = ("kind", "from_code", "to_code", "effective_on", "source")
KINDS = {
    "合并": ChangeKind.MERGE,
    "拆分": ChangeKind.SPLIT,
    "更名": ChangeKind.RENAME,
    "划转": ChangeKind.MOVE,
} | {kind.value: kind for kind in ChangeKind}
SEPARATORS = re.compile(r"[\s,，;；、]+")


@dataclass(frozen=True)
class Problem:
    """Why a file is refused; `row` is the row of the file, None where it is about the whole."""

    row: int | None
    message: Message


class ChangeRefused(Refusal):
    """A change or an undo that cannot be made; every problem is listed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems[0].message)


@dataclass(frozen=True)
class ChangeLine:
    """One line as it was typed: codes are brought to their canonical length later, against the tree."""

    row: int
    kind: ChangeKind
    from_code: str
    to_code: str
    to_name: str
    effective_on: date
    source: str
    sites: tuple[str, ...] = ()


def read_lines(headers: Sequence[str], rows: Iterable[tuple[int, Sequence[Any]]]) -> list[ChangeLine]:
    """The lines of a table whose rows are numbered as in the file; raises ChangeRefused with every problem."""
    places = _places(headers)
    lines, problems = [], []
    for number, cells in rows:
        values = {name: _text(cells[place]) for name, place in places.items() if place < len(cells)}
        found = list(_problems(number, values))
        problems += found
        if not found:
            lines.append(_line(number, values))
    if not lines and not problems:
        problems.append(Problem(None, message(N_("文件里没有变更内容，请从第2行起每行填一条。"))))
    if problems:
        raise ChangeRefused(problems)
    return lines


def _places(headers: Sequence[str]) -> dict[str, int]:
    """Where each column stands; heads may be English or Chinese."""
    words = [str(header).strip() for header in headers]
    places = {name: words.index(word) for name, zh in HEADERS.items() for word in (name, zh) if word in words}
    missing = [HEADERS[name] for name in COMPULSORY if name not in places]
    if missing:
        note = N_("缺少列：%(columns)s。请在首行补上这些列名。")
        raise ChangeRefused([Problem(1, message(note, columns=tuple(missing)))])
    return places


def _problems(row: int, values: dict[str, str]) -> Iterable[Problem]:
    for name in COMPULSORY:
        if not values.get(name):
            yield Problem(row, message(N_("“%(column)s”没有填。"), column=HEADERS[name]))
            return
    if values["kind"].lower() not in KINDS:
        note = N_("变更类型“%(value)s”不认识，请填合并、拆分、更名或划转。")
        yield Problem(row, message(note, value=values["kind"]))
    for name in ("from_code", "to_code"):
        if not candidates(values[name]):
            note = N_("“%(column)s”的“%(value)s”不是区划代码，应为2、4、6、9或12位数字。")
            yield Problem(row, message(note, column=HEADERS[name], value=values[name]))
    if _date(values["effective_on"]) is None:
        note = N_("生效日期“%(value)s”不是日期，请按2026-01-31的样子填写。")
        yield Problem(row, message(note, value=values["effective_on"]))


def _line(row: int, values: dict[str, str]) -> ChangeLine:
    effective_on = _date(values["effective_on"])
    if effective_on is None:
        raise ValueError("a line with problems is not a line")
    return ChangeLine(
        row=row,
        kind=KINDS[values["kind"].lower()],
        from_code=values["from_code"],
        to_code=values["to_code"],
        to_name=values.get("to_name", ""),
        effective_on=effective_on,
        source=values["source"],
        sites=tuple(code for code in SEPARATORS.split(values.get("sites", "")) if code),
    )


def _text(cell: Any) -> str:
    """A cell as text: spreadsheets give codes as numbers and days as instants."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _date(text: str) -> date | None:
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None
