"""Loads the shipped parameters, targets and calendars; a row that is there already is left as it is."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from registry.policy.models import CalendarDay, Grade, Parameter, Target

DATA = resources.files("registry.policy") / "data"

Row = dict[str, str]
Fact = dict[str, Any]


def load_policy(session: Session) -> int:
    """Insert what is not there yet; how many rows were new. May be run again at any time."""
    return (
        _load(
            session,
            "parameters.csv",
            _parameter,
            (Parameter.key, Parameter.division_code, Parameter.valid_from),
        )
        + _load(
            session, "targets.csv", _target, (Target.figure_code, Target.division_code, Target.valid_from)
        )
        + _load(session, "calendar_2026.csv", _calendar_day, (CalendarDay.day,))
    )


def _load(
    session: Session, name: str, read: Callable[[Row], Fact], identity: tuple[InstrumentedAttribute[Any], ...]
) -> int:
    known = {tuple(row) for row in session.execute(sa.select(*identity))}
    facts = [read(row) for row in _rows(name)]
    new = [fact for fact in facts if tuple(fact[column.key] for column in identity) not in known]
    if new:
        session.execute(sa.insert(identity[0].class_), new)
    return len(new)


def _parameter(row: Row) -> Fact:
    return {
        **row,
        "value": json.loads(row["value"]),
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        "grade": Grade(row["grade"]),
    }


def _target(row: Row) -> Fact:
    return {
        **row,
        "numerator": int(row["numerator"]),
        "denominator": int(row["denominator"]),
        "valid_from": date.fromisoformat(row["valid_from"]),
        "assessed_on": date.fromisoformat(row["assessed_on"]),
        "grade": Grade(row["grade"]),
    }


def _calendar_day(row: Row) -> Fact:
    return {**row, "day": date.fromisoformat(row["day"]), "is_workday": row["is_workday"] == "1"}


def _rows(name: str) -> Iterator[Row]:
    yield from csv.DictReader(DATA.joinpath(name).read_text(encoding="utf-8").splitlines())
