"""The share once more, from plain rows and plain loops: it imports nothing of the product and trusts nothing of it.

Days are texts like 2026-11-23, which compare like days; None is an open end.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Row = dict[str, Any]

COLUMNS = {
    "organisation": ("id", "code"),
    "standing": ("organisation_id", "kind", "granted_on", "ended_on"),
    "site": ("id", "organisation_id"),
    "site_placement": ("site_id", "division_code", "today_code", "valid_from", "valid_to"),
    "post": (
        "practitioner_id",
        "site_id",
        "profession",
        "engagement",
        "serves_programme",
        "direct_service",
        "start_on",
        "end_on",
    ),
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
    "division_change_line": ("from_code", "to_code"),
    "population": ("division_code", "year", "residents"),
    "training": ("practitioner_id", "held_on", "hours", "is_rehabilitation"),
    "parameter": ("key", "division_code", "value", "valid_from", "valid_to"),
    "certificate": ("id", "practitioner_id", "kind", "issued_on", "valid_from", "valid_to"),
    "certificate_registration": ("certificate_id", "valid_from", "valid_to"),
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
        pairs = {division: (len(people & holders), len(people)) for division, people in staff.items()}
        if how.get("figure") == "staff-per-10000":
            residents = self.residents(day)
            return {place: (pair[0], residents.get(place, 0)) for place, pair in pairs.items()}
        return pairs

    def residents(self, day: str) -> dict[str, int]:
        """By the newest count up to the year of the day; who took over what nobody counted has no count any more."""
        years = [row["year"] for row in self.tables["population"] if row["year"] <= int(day[:4])]
        counted = {
            row["division_code"]: row["residents"]
            for row in self.tables["population"]
            if years and row["year"] == max(years)
        }
        found = dict(counted)
        for line in self.tables["division_change_line"]:
            former, present = line["from_code"], line["to_code"]
            if former != present and present in found:
                if former in counted:
                    found[present] += counted[former]
                else:
                    del found[present]
        return found

    def institutions(self, division: str, day: str, **how: str) -> dict[str, tuple[int, int]]:
        """The same for each institution that has a post in the division."""
        staff: dict[int, set[int]] = {}
        for post, code, owner in self.posts(day, **how):
            if code.startswith(division):
                staff.setdefault(owner, set()).add(post["practitioner_id"])
        codes = {row["id"]: row["code"] for row in self.tables["organisation"]}
        holders = self.holders(day, **how)
        is_per_head = how.get("figure") == "staff-per-10000"
        return {
            codes[owner]: (len(people & holders), 0 if is_per_head else len(people))
            for owner, people in staff.items()
        }

    def professions(self, division: str, day: str, **how: str) -> dict[str, int]:
        """Persons by profession, once in each."""
        people: dict[str, set[int]] = {}
        for post, code, _owner in self.posts(day, **how):
            if code.startswith(division):
                people.setdefault(post["profession"], set()).add(post["practitioner_id"])
        return {profession: len(who) for profession, who in people.items()}

    def posts(
        self,
        day: str,
        rule: str = "assigned",
        basis: str = "today",
        figure: str = "qualified-share",
        **_more: str,
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
        admitted = self.papers(day)
        return [
            (post, where[post["site_id"]], owners[post["site_id"]])
            for post in self.tables["post"]
            if holds(post["start_on"], post["end_on"], day)
            and post["engagement"] in PAID
            and (rule == "all-staff" or post["serves_programme"])
            and post["site_id"] in where
            and owners[post["site_id"]] in listed
            and (figure != "trained-share" or post["direct_service"])
            and (figure != "registered-share" or post["practitioner_id"] in admitted)
        ]

    def holders(self, day: str, figure: str = "qualified-share", **_more: str) -> set[int]:
        """Whoever has what the figure asks for."""
        ways = {
            "qualified-share": self.qualified,
            "certified-share": self.certified,
            "registered-share": self.registered,
            "trained-share": self.trained,
            "staff": self.everybody,
            "staff-per-10000": self.everybody,
        }
        return ways[figure](day)

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
        begun = {row["id"]: start for row, start, _end in self.registrations() if start and start <= day}
        unregistered = {
            row["practitioner_id"]
            for row in self.tables["certificate"]
            if row["kind"] == "social_worker" and row["issued_on"] <= day and row["id"] not in begun
        }
        return unregistered | self.registered(day)

    def everybody(self, _day: str) -> set[int]:
        """Whoever ever held a post."""
        return {row["practitioner_id"] for row in self.tables["post"]}

    def papers(self, day: str) -> set[int]:
        """People whom a social worker's certificate was given."""
        return {
            row["practitioner_id"]
            for row in self.tables["certificate"]
            if row["kind"] == "social_worker" and row["issued_on"] <= day
        }

    def registered(self, day: str) -> set[int]:
        """People whose certificate is registered on the day."""
        return {
            row["practitioner_id"]
            for row, start, end in self.registrations()
            if row["issued_on"] <= day and start is not None and holds(start, end, day)
        }

    def registrations(self) -> list[tuple[Row, str | None, str | None]]:
        """Social workers' certificates with their latest registration, and again with each that was renewed."""
        theirs = {row["id"]: row for row in self.tables["certificate"] if row["kind"] == "social_worker"}
        renewed = [
            (theirs[row["certificate_id"]], row["valid_from"], row["valid_to"])
            for row in self.tables["certificate_registration"]
            if row["certificate_id"] in theirs
        ]
        return [(row, row["valid_from"], row["valid_to"]) for row in theirs.values()] + renewed

    def trained(self, day: str) -> set[int]:
        """People with the hours of the year, in tenths; newcomers by their months where policy says so."""
        tenths: dict[int, int] = {}
        for row in self.tables["training"]:
            if row["is_rehabilitation"] and row["held_on"][:4] == day[:4] and row["held_on"] <= day:
                person = row["practitioner_id"]
                tenths[person] = tenths.get(person, 0) + round(float(row["hours"]) * 10)
        needed = round(float(self.policy("training.rehabilitation_hours", day)) * 10)
        is_pro_rata = self.policy("training.newcomers", day) == "pro_rata"
        first: dict[int, str] = {}
        for post in self.tables["post"]:
            if post["engagement"] in PAID:
                person = post["practitioner_id"]
                first[person] = min(first.get(person, "9999"), post["start_on"])
        return {
            person
            for person, count in tenths.items()
            if count * 12 >= needed * (months_left(first.get(person), day) if is_pro_rata else 12)
        }

    def policy(self, key: str, day: str) -> Any:
        """A national parameter on a day, from its JSON."""
        values = [
            (row["valid_from"], row["value"])
            for row in self.tables["parameter"]
            if row["key"] == key
            and row["division_code"] == "0"
            and holds(row["valid_from"], row["valid_to"], day)
        ]
        value = max(values)[1]
        return json.loads(value) if isinstance(value, str) and value[:1] in '"0123456789' else value


def months_left(first: str | None, day: str) -> int:
    """Of the year of the day, from the first month of who began in it."""
    is_newcomer = first is not None and first[:4] == day[:4]
    return 13 - int(first[5:7]) if is_newcomer and first else 12


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
    is_day = name.endswith("_on") or name in ("valid_from", "valid_to", "held_on")
    return str(value)[:10] if is_day and value is not None else value
