"""The share once more, from plain rows and plain loops: it imports nothing of the product and trusts nothing of it.

Days are texts like 2026-11-23, which compare like days; None is an open end.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Row = dict[str, Any]

COLUMNS = {
    "organisation": ("id", "code"),
    "standing": ("organisation_id", "kind", "granted_on", "ended_on"),
    "site": ("id", "organisation_id"),
    "site_placement": ("site_id", "division_code", "today_code", "valid_from", "valid_to"),
    "post": ("practitioner_id", "site_id", "engagement", "serves_programme", "start_on", "end_on"),
    "education": (
        "practitioner_id",
        "form",
        "catalogue",
        "major_code",
        "obtained_on",
        "verification",
        "verified_on",
    ),
    "major": ("catalogue", "code", "counts", "valid_from", "valid_to"),
    "certificate": ("practitioner_id", "kind", "issued_on", "valid_from", "valid_to"),
}
PAID = ("full_time", "part_time", "dispatched")


class Oracle:
    """Everything is read once; each question walks through it again."""

    def __init__(self, fetch: Callable[[str], Sequence[Sequence[Any]]]) -> None:
        self.tables = {table: list(rows_of(fetch, table)) for table in COLUMNS}

    def pooled(self, division: str, day: str, **how: str) -> tuple[int, int]:
        """Persons in the numerator and the denominator of a division."""
        return self.pooled_in([division], day, **how)[division]

    def pooled_in(self, divisions: Iterable[str], day: str, **how: str) -> dict[str, tuple[int, int]]:
        """The same for several divisions."""
        posts, holders = self.posts(day, **how), self.holders(day, **how)
        staff = {
            division: {post["practitioner_id"] for post, code, _owner in posts if code.startswith(division)}
            for division in divisions
        }
        return {division: (len(people & holders), len(people)) for division, people in staff.items()}

    def institutions(self, division: str, day: str, **how: str) -> dict[str, tuple[int, int]]:
        """The same for each institution that has a post in the division."""
        staff: dict[int, set[int]] = {}
        for post, code, owner in self.posts(day, **how):
            if code.startswith(division):
                staff.setdefault(owner, set()).add(post["practitioner_id"])
        codes = {row["id"]: row["code"] for row in self.tables["organisation"]}
        holders = self.holders(day, **how)
        return {codes[owner]: (len(people & holders), len(people)) for owner, people in staff.items()}

    def posts(
        self, day: str, rule: str = "assigned", basis: str = "today", **_more: str
    ) -> list[tuple[Row, str, int]]:
        """Each counted post with its division and its organisation."""
        listed = {
            row["organisation_id"]
            for row in self.tables["standing"]
            if row["kind"] == "provider" and holds(row["granted_on"], row["ended_on"], day)
        }
        owners = {row["id"]: row["organisation_id"] for row in self.tables["site"]}
        where = {
            row["site_id"]: row["today_code" if basis == "today" else "division_code"]
            for row in self.tables["site_placement"]
            if holds(row["valid_from"], row["valid_to"], day)
        }
        return [
            (post, where[post["site_id"]], owners[post["site_id"]])
            for post in self.tables["post"]
            if holds(post["start_on"], post["end_on"], day)
            and post["engagement"] in PAID
            and (rule == "all-staff" or post["serves_programme"])
            and post["site_id"] in where
            and owners[post["site_id"]] in listed
        ]

    def holders(self, day: str, figure: str = "qualified-share", **_more: str) -> set[int]:
        """Whoever has what the figure asks for."""
        return self.qualified(day) if figure == "qualified-share" else self.certified(day)

    def qualified(self, day: str) -> set[int]:
        """People with a verified diploma in a major that counts on the day."""
        majors = {
            (row["catalogue"], row["code"])
            for row in self.tables["major"]
            if row["counts"] and holds(row["valid_from"], row["valid_to"], day)
        }
        return {
            row["practitioner_id"]
            for row in self.tables["education"]
            if row["form"] == "diploma"
            and row["verification"] == "verified"
            and row["verified_on"] <= day
            and row["obtained_on"] <= day
            and (row["catalogue"], row["major_code"]) in majors
        }

    def certified(self, day: str) -> set[int]:
        """People with a social worker's certificate on the day."""
        return {
            row["practitioner_id"]
            for row in self.tables["certificate"]
            if row["kind"] == "social_worker"
            and row["issued_on"] <= day
            and holds(row["valid_from"] or "0000", row["valid_to"], day)
        }


def holds(start: str, end: str | None, day: str) -> bool:
    """From the first day to the day before the end."""
    return start <= day and (end is None or day < end)


def rows_of(fetch: Callable[[str], Sequence[Sequence[Any]]], table: str) -> list[Row]:
    """A table as dictionaries, with days as text."""
    names = COLUMNS[table]
    rows = fetch(f"SELECT {', '.join(names)} FROM {table}")
    return [{name: as_text(name, value) for name, value in zip(names, row, strict=True)} for row in rows]


def as_text(name: str, value: Any) -> Any:
    """Some databases give days, others text."""
    is_day = name.endswith("_on") or name in ("valid_from", "valid_to")
    return str(value)[:10] if is_day and value is not None else value
