"""The same intake, written straight down for one kind of file: what somebody in a hurry and in command would write."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import python_calamine
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.base import new_codes
from registry.organisations.models import Site
from registry.workforce.models import Certificate, CertificateKind, Engagement, Post, Practitioner, Profession

PROFESSIONS = {
    "社会工作者": Profession.SOCIAL_WORKER,
    "护士": Profession.NURSE,
    "康复治疗师": Profession.REHABILITATION_THERAPIST,
    "生活辅导员": Profession.CARE_WORKER,
}
ENGAGEMENTS = {
    "专职": Engagement.FULL_TIME,
    "兼职": Engagement.PART_TIME,
    "派遣": Engagement.DISPATCHED,
    "志愿": Engagement.VOLUNTEER,
}
CERTIFICATES = {
    "社会工作者职业水平证书": CertificateKind.SOCIAL_WORKER,
    "护士执业证书": CertificateKind.NURSE_LICENCE,
    "康复治疗技术资格": CertificateKind.REHABILITATION_THERAPIST,
}
ANSWERS = {"是": True, "否": False}
IDENTITY = re.compile(r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
DAY = re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日?|(\d{4})(\d\d)(\d\d)")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
CHUNK = 5_000

Row = dict[str, Any]
Fault = tuple[int, int]
"""Row of the sheet and column, both from 1."""


def calamine_rows(data: bytes) -> list[list[Any]]:
    """The first sheet without its head."""
    workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data))
    return workbook.get_sheet_by_index(0).to_python()[1:]


def openpyxl_rows(data: bytes) -> Iterator[Sequence[Any]]:
    """The same by openpyxl, as one who knows it reads: without styles, row by row."""
    sheet = openpyxl.load_workbook(BytesIO(data), read_only=True).worksheets[0]
    return sheet.iter_rows(min_row=2, values_only=True)


def sites_of(session: Session) -> dict[str, tuple[int, int]]:
    """Code to site and organisation."""
    return {code: (key, owner) for code, key, owner in session.execute(SITES)}


SITES = sa.select(Site.code, Site.id, Site.organisation_id)


def checked(
    lines: Iterable[Sequence[Any]], sites: dict[str, tuple[int, int]]
) -> tuple[list[Row], list[Fault]]:
    """Clean rows and where the faults are."""
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: set[tuple[Any, ...]] = set()
    people: dict[str, tuple[str, int]] = {}
    posts: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    certificates: dict[tuple[CertificateKind, str], tuple[Any, ...]] = {}
    stays: dict[tuple[str, int], date] = {}
    for number, line in enumerate(lines, start=2):
        cells = tuple("" if cell is None else cell for cell in line)
        if all(cell == "" for cell in cells) or cells in seen:
            continue
        seen.add(cells)
        row, bad = _row(cells, sites)
        if not bad:
            bad = _contradictions(row, people, posts, certificates, stays)
        faults += [(number, column) for column in bad]
        rows.append(row)
    return rows, faults


def _row(cells: Sequence[Any], sites: dict[str, tuple[int, int]]) -> tuple[Row, list[int]]:
    bad: list[int] = []

    def read(column: int, parse: Any, *, required: bool = True) -> Any:
        cell = cells[column - 1]
        if cell == "" or (isinstance(cell, str) and cell.isspace()):
            if required:
                bad.append(column)
            return None
        if isinstance(cell, str) and len(cell) >= 18 and IDENTITY.search(cell):
            bad.append(column)
            return None
        try:
            return parse(cell)
        except (ValueError, KeyError):
            bad.append(column)
            return None

    row = {
        "person_no": read(1, lambda cell: code(cell, 40)),
        "name": read(2, lambda cell: text(cell, 100)),
        "birth_year": read(3, year),
        "site": read(4, lambda cell: sites[code(cell, 16)]),
        "profession": read(5, lambda cell: PROFESSIONS[code(cell, 40)]),
        "engagement": read(6, lambda cell: ENGAGEMENTS[code(cell, 40)]),
        "serves_programme": read(7, lambda cell: ANSWERS[code(cell, 40)]),
        "start_on": read(8, day),
        "kind": read(9, lambda cell: CERTIFICATES[code(cell, 40)]),
        "grade": read(10, lambda cell: text(cell, 200), required=False) or "",
        "number": read(11, lambda cell: code(cell, 60)),
        "issued_on": read(12, day),
    }
    if row["start_on"] and row["birth_year"] and row["start_on"].year - row["birth_year"] < 16:
        bad.append(3)
    return row, bad


def text(cell: Any, limit: int) -> str:
    words = unicodedata.normalize("NFC", _plain(cell).translate(FULL_WIDTH)).strip()
    if len(words) > limit or not words.isprintable():
        raise ValueError(words)
    return words


def code(cell: Any, limit: int) -> str:
    return "".join(text(cell, limit).split())


def year(cell: Any) -> int:
    number = int(_plain(cell).translate(FULL_WIDTH).strip().removesuffix("年"))
    if not 1900 <= number <= 2100:
        raise ValueError(number)
    return number


def day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = DAY.fullmatch(_plain(cell).translate(FULL_WIDTH).strip())
    if not found:
        raise ValueError(cell)
    year_, month, number = (int(part) for part in found.groups() if part and part.isdigit())
    return date(year_, month, number)


def _plain(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _contradictions(
    row: Row,
    people: dict[str, tuple[str, int]],
    posts: dict[tuple[Any, ...], tuple[Any, ...]],
    certificates: dict[tuple[CertificateKind, str], tuple[Any, ...]],
    stays: dict[tuple[str, int], date],
) -> list[int]:
    """Rows that say something else of the same person, post or certificate; two open posts at one institution."""
    person, (site, organisation) = row["person_no"], row["site"]
    bad = []
    if people.setdefault(person, (row["name"], row["birth_year"])) != (row["name"], row["birth_year"]):
        bad.append(1)
    post = (person, site, row["profession"], row["start_on"])
    facts = (row["engagement"], row["serves_programme"])
    if post not in posts and stays.setdefault((person, organisation), row["start_on"]) != row["start_on"]:
        bad.append(8)
    if posts.setdefault(post, facts) != facts:
        bad.append(5)
    certificate = (person, row["grade"], row["issued_on"])
    if certificates.setdefault((row["kind"], row["number"]), certificate) != certificate:
        bad.append(11)
    return bad


def insert_with_core(session: Session, rows: Sequence[Row], at: datetime) -> None:
    """People, posts and certificates of one file in which everybody is new and named once."""
    first = (session.scalar(sa.select(sa.func.max(Practitioner.id))) or 0) + 1
    keyed = list(zip(range(first, first + len(rows)), new_codes(len(rows)), rows, strict=True))
    same = {"source": "工作簿导入", "is_example": False, "updated_at": at, "version": 1}
    for start in range(0, len(keyed), CHUNK):
        part = keyed[start : start + CHUNK]
        session.execute(
            sa.insert(Practitioner.__table__),
            [
                {"id": key, "code": code_, "person_no": row["person_no"], "name": row["name"]}
                | {"birth_year": row["birth_year"]}
                | same
                for key, code_, row in part
            ],
        )
        session.execute(sa.insert(Post.__table__), [_post(key, row) for key, _code, row in part])
        session.execute(
            sa.insert(Certificate.__table__), [_certificate(key, row) for key, _code, row in part]
        )
    session.commit()


def insert_with_orm(session: Session, rows: Sequence[Row], at: datetime) -> None:
    """The same as objects."""
    session.add_all(
        Practitioner(
            person_no=row["person_no"],
            name=row["name"],
            birth_year=row["birth_year"],
            source="工作簿导入",
            updated_at=at,
            posts=[
                Post(**{name: value for name, value in _post(0, row).items() if name != "practitioner_id"})
            ],
            certificates=[
                Certificate(
                    **{
                        name: value
                        for name, value in _certificate(0, row).items()
                        if name != "practitioner_id"
                    }
                )
            ],
        )
        for row in rows
    )
    session.commit()


def _post(person: int, row: Row) -> Row:
    return {
        "practitioner_id": person,
        "site_id": row["site"][0],
        "profession": row["profession"],
        "start_on": row["start_on"],
        "engagement": row["engagement"],
        "serves_programme": row["serves_programme"],
        "end_on": None,
    }


def _certificate(person: int, row: Row) -> Row:
    return {
        "practitioner_id": person,
        "kind": row["kind"],
        "number": row["number"],
        "grade": row["grade"],
        "issued_on": row["issued_on"],
        "valid_from": None,
        "valid_to": None,
    }
