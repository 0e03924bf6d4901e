"""What the demonstration froze at three years' ends: against the oracle, but for the one correction made since."""

from collections import defaultdict
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from registry.divisions.codes import NATION, lies_within
from registry.policy.models import FigureSnapshot, InstitutionSnapshot, SnapshotKind
from registry.workforce.counting import Place
from reports.figures.corrections import CorrectionKind, corrections
from reports.figures.definitions import FIGURES, QUALIFIED_SHARE, STAFF, FigureDefinition
from reports.figures.shares import Measure
from reports.figures.year_end import frozen_days
from tests.reports.figures.oracle import Oracle

YEARS = ("2023-12-31", "2024-12-31", "2025-12-31")
CORRECTED = ("31", "3101", "310106", "310106019")
"""The street of the institution that is corrected, and all above it."""
ADDED_SINCE = {
    "qualified-share": (-1, 1),
    "certified-share": (0, 1),
    "trained-share": (0, 0),
    "registered-share": (0, 0),
    "staff": (1, 1),
    "staff-per-10000": (1, 0),
}
"""By the end of 2025: one diploma proved wrong, one care worker without a certificate was entered late.

Training is written after the correction, and she is not among the holders of a social worker's certificate.
"""


@pytest.fixture(scope="module")
def oracle(demo_engine) -> Oracle:
    with demo_engine.connect() as connection:
        return Oracle(lambda sql: connection.exec_driver_sql(sql).fetchall())


def readings(session: Session, figure: FigureDefinition, rule: str, day: str) -> dict[str, tuple[int, int]]:
    frozen = sa.select(FigureSnapshot).where(
        FigureSnapshot.kind == SnapshotKind.FROZEN,
        FigureSnapshot.figure_code == figure.code,
        FigureSnapshot.counting_rule == rule,
        FigureSnapshot.division_code != NATION,
    )
    rows = session.scalars(frozen)
    return {row.division_code: (row.numerator, row.denominator) for row in rows if str(row.on) == day}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_frozen_reading_is_what_the_oracle_counts_less_what_was_corrected_since(
    demo_session: Session, oracle: Oracle, figure: FigureDefinition
) -> None:
    for rule in figure.rules:
        for day in YEARS:
            said = readings(demo_session, figure, rule.code, day)
            known = oracle.pooled_in(said, day, rule=str(rule.code), figure=figure.code)
            since = {
                place: (known[place][0] - pair[0], known[place][1] - pair[1])
                for place, pair in said.items()
                if known[place] != pair
            }
            expected = ADDED_SINCE[figure.code] if day == YEARS[-1] else (0, 0)
            assert len(said) > 100
            assert since == (dict.fromkeys(CORRECTED, expected) if expected != (0, 0) else {}), (
                day,
                rule.code,
            )


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_the_people_who_were_kept_make_up_every_frozen_number(
    demo_session: Session, figure: FigureDefinition
) -> None:
    kept: dict[tuple[str, str], list[dict[str, dict[str, list[str]]]]] = defaultdict(list)
    of_figure = sa.select(InstitutionSnapshot).where(InstitutionSnapshot.figure_code == figure.code)
    for row in demo_session.scalars(of_figure.options(undefer(InstitutionSnapshot.people))):
        assert row.people is not None
        assert counted([row.people], NATION) == (row.numerator, row.denominator)
        kept[row.counting_rule, str(row.on)].append(row.people)
    if figure.measure is Measure.DENSITY:
        assert kept == {}
        return
    assert len(kept) == len(figure.rules) * len(YEARS)
    for (rule, day), people in kept.items():
        said = readings(demo_session, figure, rule, day)
        assert {place: counted(people, place) for place in said} == said


def counted(people: list[dict[str, dict[str, list[str]]]], division: str) -> tuple[int, int]:
    here = [listed for one in people for code, listed in one.items() if lies_within(code, division)]
    holders = {key for listed in here for key in listed["holders"]}
    return len(holders), len(holders | {key for listed in here for key in listed["others"]})


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (
            QUALIFIED_SHARE,
            {"何佳怡": (CorrectionKind.ADDED, 0, 1), "郑晓东": (CorrectionKind.LOWERED, -1, 0)},
        ),
        (STAFF, {"何佳怡": (CorrectionKind.ADDED, 1, 1)}),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_the_corrections_of_2025_are_the_two_named_people(
    demo_session: Session, figure: FigureDefinition, expected: dict[str, tuple[CorrectionKind, int, int]]
) -> None:
    rule = figure.default_rule
    for division in ("31", "310106"):
        days = frozen_days(demo_session, figure, division=division, on=date(2026, 11, 23), rule=rule)
        found = corrections(
            demo_session, figure, place=Place(division), on=days[0].on, rule=rule, frozen=days[0].share
        )
        assert found is not None
        assert {one.person.name: (one.kind, one.numerator, one.denominator) for one in found} == expected
        assert days[0].live is not None
        assert sum(one.denominator for one in found) == days[0].live.denominator - days[0].share.denominator


def test_some_numbers_are_signed_and_others_are_not(demo_session: Session) -> None:
    signed = sa.select(FigureSnapshot).where(FigureSnapshot.signed_by.is_not(None))
    rows = demo_session.scalars(signed)
    found = {(row.figure_code, row.on.year, row.division_code) for row in rows}
    assert found == {
        ("qualified-share", 2023, "31"),
        ("qualified-share", 2023, "310101"),
        ("qualified-share", 2023, "310106"),
        ("qualified-share", 2024, "31"),
        ("qualified-share", 2024, "310101"),
        ("qualified-share", 2025, "31"),
        ("qualified-share", 2025, "310101"),
        ("staff", 2025, "31"),
        ("staff", 2025, "310106"),
    }
