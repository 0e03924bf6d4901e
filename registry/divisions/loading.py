"""Loads the shipped divisions and census counts; `data/SOURCES.md` says where they come from."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import WITHOUT_CHILDREN, level_of, parent_of
from registry.divisions.models import (
    SHIPPED,
    ChangeKind,
    Division,
    DivisionChange,
    DivisionChangeLine,
    DivisionKind,
    Population,
)

BEGINNING = date(1949, 10, 1)
"""Written where a list does not say since when a code has existed."""

CENSUS_YEAR = 2020
CODES_SOURCE = "国家统计局统计用区划代码（2023-06-30），china-division 2.7.0"
CENSUS_SOURCE = "第七次全国人口普查分县资料（2020-11-01）"
DATA = resources.files("registry.divisions") / "data"

PSEUDO_CITIES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
KIND_OF_TYPE = {
    "街道": DivisionKind.SUBDISTRICT,
    "镇": DivisionKind.TOWN,
    "乡": DivisionKind.TOWNSHIP,
    "县": DivisionKind.DISTRICT,
    "功能区/其他": DivisionKind.FUNCTION_ZONE,
}
CANONICAL_LENGTH = {"province": 2, "city": 4, "county": 6}

Fact = dict[str, Any]


def load_divisions(session: Session, *, at: datetime, by: str) -> int:
    """Insert what is not there yet; how many divisions were new. May be run again at any time."""
    known = set(session.execute(sa.select(Division.code, Division.valid_from)))
    new = [row for row in _divisions() if (row["code"], row["valid_from"]) not in known]
    _insert(session, Division, new)
    _load_population(session)
    _load_successions(session, at=at, by=by)
    return len(new)


def _divisions() -> Iterator[Fact]:
    begins = {row["successor"]: date.fromisoformat(row["valid_to"]) for row in _earlier() if row["successor"]}
    for row in _rows("provinces_cities_2023.csv"):
        yield _division(row["code"], row["name"], _kind_above_counties(row))
    for code, name in WITHOUT_CHILDREN.items():
        yield _division(code, name, DivisionKind.PROVINCE)
    for row in _rows("counties_2023.csv"):
        begun = begins.get(row["code"], BEGINNING)
        yield _division(row["code"], row["name"], DivisionKind.DISTRICT, valid_from=begun)
    for row in _rows("townships_sh_jx_sc_2023.csv"):
        yield _division(row["code"], row["name"], KIND_OF_TYPE[row["type"]])
    for row in _earlier():
        kind, ended = KIND_OF_TYPE[row["type"]], date.fromisoformat(row["valid_to"])
        yield _division(row["code"], row["name"], kind, valid_to=ended, source=CENSUS_SOURCE)


def _division(
    code: str,
    name: str,
    kind: DivisionKind,
    *,
    valid_from: date = BEGINNING,
    valid_to: date | None = None,
    source: str = CODES_SOURCE,
) -> Fact:
    return {
        "code": code,
        "name": name,
        "level": level_of(code),
        "kind": kind,
        "parent_code": parent_of(code),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "source": source,
    }


def _kind_above_counties(row: dict[str, str]) -> DivisionKind:
    if len(row["code"]) == 2:
        return DivisionKind.PROVINCE
    return DivisionKind.PSEUDO if row["name"] in PSEUDO_CITIES else DivisionKind.CITY


def _load_population(session: Session) -> None:
    """Every level as published; the rows of one level are never added to those of another."""
    known = set(session.scalars(sa.select(Population.division_code).where(Population.year == CENSUS_YEAR)))
    counted = [_residents(row) for row in _rows("census_2020_sh_jx_sc.csv")]
    _insert(session, Population, [count for count in counted if count["division_code"] not in known])


def _residents(row: dict[str, str]) -> Fact:
    return {
        "division_code": row["code"][: CANONICAL_LENGTH[row["level"]]],
        "year": CENSUS_YEAR,
        "residents": int(row["residents"]),
        "source": CENSUS_SOURCE,
        "is_example": False,
    }


def _load_successions(session: Session, *, at: datetime, by: str) -> None:
    """A code that ended before the list of 2023 leads to its successor, like any later change."""
    known = set(session.scalars(sa.select(DivisionChangeLine.from_code)))
    for row in _earlier():
        if row["successor"] and row["code"] not in known:
            session.add(_succession(row, at=at, by=by))
    session.flush()


def _succession(row: dict[str, str], *, at: datetime, by: str) -> DivisionChange:
    line = DivisionChangeLine(
        kind=ChangeKind.RENAME,
        from_code=row["code"],
        to_code=row["successor"],
        to_name=row["successor_name"],
        details={SHIPPED: True},
    )
    return DivisionChange(
        effective_on=date.fromisoformat(row["valid_to"]),
        source=row["note"],
        applied_at=at,
        applied_by=by,
        lines=[line],
    )


def _earlier() -> list[dict[str, str]]:
    return list(_rows("earlier_divisions.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(DATA.joinpath(name).read_text(encoding="utf-8").splitlines())


def _insert(session: Session, model: type[Division] | type[Population], facts: list[Fact]) -> None:
    if facts:
        session.execute(sa.insert(model), facts)
