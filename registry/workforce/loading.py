"""Loads the shipped majors: a proposal of what counts for the 30% rule, see `data/SOURCES.md`."""

import csv
from datetime import date
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.policy.models import Grade
from registry.workforce.models import Catalogue, Major, MajorFamily

MAJORS = resources.files("registry.workforce") / "data" / "majors.csv"
SOURCE = "本系统建议：未见正式专业目录，待主管部门确认"
VALID_FROM = date(2000, 1, 1)


def load_majors(session: Session) -> int:
    """Insert what is not there yet; how many were new. May be run again at any time."""
    known = set(session.execute(sa.select(Major.catalogue, Major.code)))
    rows = csv.DictReader(MAJORS.read_text(encoding="utf-8").splitlines())
    new = [_major(row) for row in rows if (Catalogue(row["catalogue"]), row["code"]) not in known]
    if new:
        session.execute(sa.insert(Major), new)
    return len(new)


def _major(row: dict[str, str]) -> dict[str, Any]:
    return {
        "catalogue": Catalogue(row["catalogue"]),
        "code": row["code"],
        "name": row["name"],
        "family": MajorFamily(row["family"]),
        "counts": row["counts"] == "1",
        "note": row["note"],
        "valid_from": VALID_FROM,
        "source": SOURCE,
        "grade": Grade.DESIGN,
    }
