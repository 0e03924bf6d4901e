"""What must hold in every world: made-up worlds, small and dirty, against the oracle and against each other."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.divisions.codes import NATION, Level
from registry.divisions.models import Population
from registry.organisations.models import SitePlacement, StandingKind
from registry.workforce.counting import Basis, Place
from registry.workforce.models import CertificateKind, EducationForm, Engagement, Practitioner, Verification
from reports.figures.both_rules import by_both_rules
from reports.figures.changes import changes
from reports.figures.definitions import FIGURES, CountingRule
from reports.figures.ledger import Standing, ledger
from reports.figures.readings import roll_up, share
from reports.figures.shares import Measure
from reports.figures.trend import trend
from tests.factories import (
    make_certificate,
    make_education,
    make_major,
    make_organisation,
    make_parameter,
    make_post,
    make_practitioner,
    make_renewed,
    make_site,
    make_standing,
    make_training,
)
from tests.reports.figures.oracle import Oracle
from tests.reports.figures.worlds import (
    ASSIGNED,
    CITY,
    HUANGPU,
    OTHER_STREET,
    STREET,
    XUHUI,
    XUHUI_STREET,
    counts,
    lay_out_city,
    part_counts,
)

PLACES = (STREET, OTHER_STREET, XUHUI_STREET, HUANGPU)
DAYS = [date(2023, 1, 31) + timedelta(days=97 * step) for step in range(15)]
KEPT = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)
    make_major(
        session, code="101005", name="康复治疗学", valid_from=date(2023, 1, 1), valid_to=date(2025, 1, 1)
    )
    make_major(session, code="100201K", counts=False)
    for code, residents in ((CITY, 9_000), (HUANGPU, 7_000), (STREET, 4_000)):
        session.add(Population(division_code=code, year=2020, residents=residents, source="测试"))
    session.add(Population(division_code=STREET, year=2025, residents=5_000, source="测试"))
    make_parameter(session, "training.rehabilitation_hours", 18, valid_from=date(2024, 7, 1))
    make_parameter(session, "training.newcomers", "pro_rata", valid_from=date(2025, 5, 20))


@contextmanager
def world(session: Session, seed: int) -> Iterator[Oracle]:
    """Three or four organisations and a dozen people with every kind of history, gone again afterwards."""
    with session.begin_nested() as savepoint:
        build(session, Random(seed))
        session.flush()
        yield Oracle(lambda sql: session.connection().exec_driver_sql(sql).fetchall())
        savepoint.rollback()


def build(session: Session, dice: Random) -> None:
    sites = []
    for _ in range(dice.randint(1, 4)):
        organisation = make_organisation(session)
        for _ in range(dice.choice((0, 1, 1, 1, 2))):
            start, end = period(dice)
            kind = dice.choice((StandingKind.PROVIDER, StandingKind.PROVIDER, StandingKind.CHARITY))
            make_standing(session, organisation, kind=kind, granted_on=start, ended_on=end)
        sites += [make_placed_site(session, dice, organisation) for _ in range(dice.randint(1, 2))]
    for _ in range(dice.randint(0, 12)):
        make_person(session, dice, sites)


def make_placed_site(session: Session, dice: Random, organisation):
    """A site that may have moved once, and whose old code may have become another."""
    site = make_site(session, organisation, division_code=dice.choice(PLACES))
    site.placements[0].today_code = dice.choice((site.division_code, dice.choice(PLACES)))
    if dice.random() < 0.4:
        moved_on = some_day(dice)
        site.placements[0].valid_to = moved_on
        code = dice.choice(PLACES)
        site.placements.append(
            SitePlacement(site=site, division_code=code, today_code=code, address="新址", valid_from=moved_on)
        )
    return site


def make_person(session: Session, dice: Random, sites) -> None:
    person, taken = make_practitioner(session), set()
    for _ in range(dice.randint(1, 3)):
        start, end = period(dice)
        site, begins = dice.choice(sites), start + timedelta(days=dice.randint(0, 3))
        if (site, begins) in taken:
            continue  # nobody begins the same post twice on a day
        taken.add((site, begins))
        make_post(
            session,
            person,
            site,
            engagement=dice.choice(tuple(Engagement)),
            serves_programme=dice.random() < 0.7,
            direct_service=dice.random() < 0.7,
            start_on=begins,
            end_on=end and end + timedelta(days=4),
        )
    for _ in range(dice.randint(0, 2)):
        verification = dice.choice((Verification.VERIFIED, Verification.VERIFIED, Verification.PENDING))
        make_education(
            session,
            person,
            form=dice.choice((EducationForm.DIPLOMA, EducationForm.DIPLOMA, EducationForm.DEGREE)),
            major_code=dice.choice(("030302", "030302", "101005", "100201K", "050101")),
            obtained_on=some_day(dice) if dice.random() < 0.3 else date(2015, 7, 1),
            verification=verification,
            verified_on=some_day(dice) if verification is Verification.VERIFIED else None,
        )
    for _ in range(dice.randint(0, 3)):
        make_training(
            session,
            person,
            held_on=dice.choice((some_day(dice), *DAYS)),
            hours=dice.choice((Decimal("0.1"), Decimal(6), Decimal("13.4"), Decimal("19.9"), Decimal(20))),
            is_rehabilitation=dice.random() < 0.8,
        )
    if dice.random() < 0.5:
        registered(session, person, dice)


def registered(session: Session, person: Practitioner, dice: Random) -> None:
    """A certificate, perhaps registered, perhaps renewed before: at once, late, or in the last weeks."""
    kind = dice.choice((CertificateKind.SOCIAL_WORKER, CertificateKind.NURSE_LICENCE))
    start, end = period(dice)
    if kind is CertificateKind.SOCIAL_WORKER:
        end = start + timedelta(days=dice.randint(1, 900))
    since = dice.choice((None, start))
    certificate = make_certificate(
        session, person, kind=kind, issued_on=some_day(dice), valid_from=since, valid_to=end
    )
    for _ in range(dice.randint(0, 2) if since else 0):
        ended = start + timedelta(days=dice.choice((0, -30, 20)))
        start = min(start, ended) - timedelta(days=dice.randint(1, 400))
        make_renewed(session, certificate, start, ended)


def some_day(dice: Random) -> date:
    return date(2022, 6, 1) + timedelta(days=dice.randint(0, 1500))


def period(dice: Random) -> tuple[date, date | None]:
    start = some_day(dice)
    return start, None if dice.random() < 0.5 else start + timedelta(days=dice.randint(1, 900))


worlds = st.integers(0, 10**9)
days = st.sampled_from(DAYS)
figures = st.sampled_from(list(FIGURES.values()))
headcounts = st.sampled_from([one for one in FIGURES.values() if one.measure is not Measure.DENSITY])
"""Figures whose two numbers are both people."""
rules = st.sampled_from(FIGURES["qualified-share"].rules)
bases = st.sampled_from(Basis)


@KEPT
@given(worlds, days, figures, rules, bases)
def test_every_reading_equals_the_oracle(session, seed, day, figure, rule: CountingRule, basis) -> None:
    how = {"rule": str(rule.code), "basis": str(basis), "figure": figure.code}
    with world(session, seed) as oracle:
        nation = share(session, figure, division=NATION, on=day, rule=rule, basis=basis)
        assert counts(nation) == oracle.pooled("", day.isoformat(), **how)
        for division in (CITY, HUANGPU, XUHUI, STREET, OTHER_STREET, XUHUI_STREET):
            reading = share(session, figure, division=division, on=day, rule=rule, basis=basis)
            assert counts(reading) == oracle.pooled(division, day.isoformat(), **how)
            people = share(session, figure, division=division, on=day, rule=rule, basis=basis, by=Level.SITE)
            staffed = {code: pair for code, pair in part_counts(people).items() if pair != (0, 0)}
            assert staffed == oracle.institutions(division, day.isoformat(), **how)


@KEPT
@given(worlds, days, headcounts, rules)
def test_no_part_is_larger_than_the_whole_and_the_parts_hold_everybody(
    session, seed, day, figure, rule
) -> None:
    with world(session, seed):
        for by in (Level.DISTRICT, Level.TOWNSHIP, Level.SITE):
            reading = share(session, figure, division=CITY, on=day, rule=rule, by=by)
            whole = reading.share
            assert all(part.share.denominator <= whole.denominator for part in reading.parts)
            assert all(part.share.numerator <= whole.numerator for part in reading.parts)
            assert sum(part.share.denominator for part in reading.parts) >= whole.denominator
            assert sum(part.share.numerator for part in reading.parts) >= whole.numerator


@KEPT
@given(worlds, days, headcounts, rules, st.sampled_from((CITY, HUANGPU, STREET)))
def test_the_rows_add_up_to_the_figure(session, seed, day, figure, rule, division) -> None:
    with world(session, seed):
        reading = share(session, figure, division=division, on=day, rule=rule, by=Level.SITE)
        rows = ledger(session, figure, place=Place(division), on=day, rule=rule)
        standings = Counter(row.standing for row in rows)

        holders, staff = standings[Standing.HOLDER], standings[Standing.STAFF]
        assert (holders, holders + staff) == counts(reading)
        for part in reading.parts:
            (owner,) = {row.employer.id for row in rows if row.employer.code == part.code} or {None}
            own = owner and ledger(
                session, figure, place=Place(division, organisation_id=owner), on=day, rule=rule
            )
            of_part = Counter(row.standing for row in own or ())
            holders, staff = of_part[Standing.HOLDER], of_part[Standing.STAFF]
            assert (holders, holders + staff) == (part.share.numerator, part.share.denominator)


@KEPT
@given(worlds, figures, rules, bases, st.sampled_from((CITY, HUANGPU, XUHUI_STREET)))
def test_the_trend_says_what_each_day_says(session, seed, figure, rule, basis, division) -> None:
    with world(session, seed) as oracle:
        how = {"rule": str(rule.code), "basis": str(basis), "figure": figure.code}
        place = Place(division, basis)
        for point in trend(session, figure, place=place, on=date(2026, 11, 23), rule=rule):
            said = (point.share.numerator, point.share.denominator)
            assert said == oracle.pooled(division, point.on.isoformat(), **how), point.on


@KEPT
@given(worlds, days, figures, rules)
def test_a_roll_up_says_what_each_reading_says(session, seed, day, figure, rule) -> None:
    with world(session, seed) as oracle:
        shares = roll_up(session, figure, division=CITY, on=day, rule=rule)
        for code in (CITY, "3101", HUANGPU, XUHUI, STREET, OTHER_STREET, XUHUI_STREET):
            one = shares.get(code)
            told = oracle.pooled(code, day.isoformat(), rule=str(rule.code), figure=figure.code)
            if one is None:  # no listed provider: nobody works there, however many live there
                assert told[0] == 0
            else:
                assert (one.numerator, one.denominator) == told


def test_the_default_rule_is_the_first(session: Session) -> None:
    assert FIGURES["qualified-share"].default_rule is ASSIGNED


@KEPT
@given(worlds, days, days, headcounts, rules, bases, st.sampled_from((CITY, HUANGPU, XUHUI, STREET)))
def test_the_changes_add_up_to_the_difference_of_two_readings(
    session, seed, one_day, other_day, figure, rule, basis, division
) -> None:
    since, on = sorted((one_day, other_day))
    how = {"rule": str(rule.code), "basis": str(basis), "figure": figure.code}
    with world(session, seed) as oracle:
        asked = {"place": Place(division, basis), "since": since, "on": on, "rule": rule}
        found = changes(session, figure, **asked)
        before = oracle.pooled(division, since.isoformat(), **how)
        after = oracle.pooled(division, on.isoformat(), **how)

        assert before[0] + sum(one.numerator for one in found) == after[0]
        assert before[1] + sum(one.denominator for one in found) == after[1]
        assert len({one.person.id for one in found}) == len(found)
        assert all(since < one.on <= on for one in found), [(one.kind, one.on) for one in found]


@KEPT
@given(worlds, days, headcounts, st.sampled_from((CITY, HUANGPU, STREET)))
def test_both_rules_list_the_same_people_and_each_adds_up_to_its_reading(
    session, seed, day, figure, division
) -> None:
    with world(session, seed):
        rows = by_both_rules(session, figure, place=Place(division), on=day)
        assert all(len(one.rows) == len(figure.rules) for one in rows)
        for i, rule in enumerate(figure.rules):
            standings = Counter(one.rows[i].standing for one in rows)
            holders, staff = standings[Standing.HOLDER], standings[Standing.STAFF]
            assert (holders, holders + staff) == counts(
                share(session, figure, division=division, on=day, rule=rule)
            )
