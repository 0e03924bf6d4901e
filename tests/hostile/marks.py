"""T4: markup and formulas in every column of words, each with a number by which it is found again wherever it shows."""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import lxml.etree
import lxml.html
import openpyxl
import sqlalchemy as sa
from pypdf import PdfReader
from werkzeug.test import TestResponse

from registry.base import Base
from tests.hostile.judging import faults_of_answer

MARK = re.compile(r"k(\d+)z")
MARKUP = "<img src=x onerror=hit()>"
NO_WORDS = (
    "sign_in.browser",  # a word of ours for what the browser says of itself
    "parameter.key",
    "reveal.field",
    "audit_entry.action",
    "audit_entry.request_id",
    "figure_snapshot.counting_rule",
    "institution_snapshot.counting_rule",
    "intake_run.kind",
    "workflow_step.step",
    "workflow_step.from_state",
    "workflow_step.to_state",
    "dossier_fact.value",  # for most kinds of facts a member of an enumeration
)
"""Columns of any text that hold names of the code: nobody types them."""
NAMES_OF_THE_CODE = (
    "code",
    "_code",
    "_hash",
    "_index",
    "_digest",
    "_type",
    "_key",
    "_ref",
    "mark",
    "_old_seal",
)
SHORTEST = 60


def text_of(number: int) -> str:
    """A formula, the end of a text and of a script, markup that runs something, and a template."""
    return f"=k{number}z'\"></script>{MARKUP}{{{{7*7}}}}"


def word_columns() -> list[sa.Column[Any]]:
    """Every column into which words go, of every table that there is."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if is_of_words(column) and str(column) not in NO_WORDS
    ]


def is_of_words(column: sa.Column[Any]) -> bool:
    if not isinstance(column.type, sa.String) or isinstance(column.type, sa.Enum):
        return False
    is_short = column.type.length is not None and column.type.length < SHORTEST
    return not (
        is_short or column.name.endswith(NAMES_OF_THE_CODE) or column.foreign_keys or is_unique(column)
    )


def is_unique(column: sa.Column[Any]) -> bool:
    constraints = (one for one in column.table.constraints if isinstance(one, sa.UniqueConstraint))
    return bool(column.unique) or any(column.name in one.columns for one in constraints)


def write_marks(connection: Any) -> dict[int, str]:
    """Overwrites the words of the register; the columns by their numbers."""
    named = dict(enumerate(word_columns()))
    for number, column in named.items():
        connection.execute(sa.update(column.table).values({column: text_of(number)}).where(column != ""))
    for column in json_columns():
        mark_json(connection, column)
    return {number: str(column) for number, column in named.items()}


def json_columns() -> list[sa.Column[Any]]:
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.JSON)
    ]


def mark_json(connection: Any, column: sa.Column[Any]) -> None:
    """Chinese words inside are words of people."""
    (key,) = column.table.primary_key.columns
    for row in connection.execute(sa.select(key, column).where(column.is_not(None))).all():
        text = json.dumps(row[1], ensure_ascii=False)
        marked = re.sub(r'(?<=: )"[^"%\\]*[一-龥][^"%\\]*"', lambda _: json.dumps(text_of(999)), text)
        if marked != text:
            connection.execute(
                sa.update(column.table).where(key == row[0]).values({column: json.loads(marked)})
            )


def faults_of_document(answer: TestResponse) -> Iterator[str]:
    """Whatever a reader's program would run of what people typed."""
    yield from faults_of_answer(answer)
    kind, data = answer.mimetype, answer.get_data()
    if kind in ("text/html", "image/svg+xml"):
        yield from faults_of_markup(data)
    elif kind == "text/csv":
        cells = (cell for row in csv.reader(StringIO(data.decode("utf-8-sig"))) for cell in row)
        yield from (f"holds the formula {cell[:30]!r}" for cell in cells if cell.startswith(("=", "+", "@")))
    elif kind.endswith("spreadsheetml.sheet"):
        book = openpyxl.load_workbook(BytesIO(data))
        cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
        yield from (f"{cell.coordinate} is a formula" for cell in cells if cell.data_type == "f")
    elif kind.endswith("wordprocessingml.document"):
        yield from faults_of_word(data)
    elif kind == "application/pdf" and re.search(rb"/(JavaScript|JS|Launch|OpenAction)\b", data):
        yield "holds a script"


def faults_of_markup(data: bytes) -> Iterator[str]:
    """Elements and attributes that nobody of ours wrote."""
    text = data.decode()
    if MARKUP in text:
        yield f"holds markup: {text[max(0, text.index(MARKUP) - 80) :][:120]!r}"
    tree = lxml.html.fromstring(data, parser=lxml.html.HTMLParser(encoding="utf-8"))
    for element in tree.iter(lxml.etree.Element):
        for name, value in element.attrib.items():
            if str(name).startswith("on") or re.match(r"(?i)\s*(javascript|data:text)", str(value)):
                yield f"<{element.tag} {name}={value[:40]!r}>"


def faults_of_word(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                tree = lxml.etree.fromstring(parts.read(name))
                if any(MARK.search(str(value)) for value in tree.xpath("//@Target")):
                    yield f"{name} leads to what was typed"
                if any("fldSimple" in str(one.tag) or "instrText" in str(one.tag) for one in tree.iter()):
                    told = "".join(tree.itertext())
                    if MARK.search(told) and re.search(r"=\s*k\d+z[^<]*MERGE", told):
                        yield f"{name} holds a field"


def marks_in(answer: TestResponse) -> set[int]:
    """The numbers of the columns whose words stand in an answer."""
    kind, data = answer.mimetype, answer.get_data()
    if kind == "application/pdf":
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    elif zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as parts:
            text = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    else:
        text = data.decode("utf-8", "replace")
    return {int(number) for number in MARK.findall(text)}
