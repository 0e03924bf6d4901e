"""The qualified share of every division of a country with a million practitioners, beside plain SQL and an ORM loop.

PostgreSQL is measured as well where BENCH_DATABASE_URL names an empty database of it.
"""

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from benchmarks import workforce
from benchmarks.comparing import Comparison, interleaved, record, seconds_of
from benchmarks.databases import fill, prepared
from registry.divisions.codes import NATION
from registry.engine import make_engine
from registry.organisations.models import Site
from registry.workforce.models import EducationForm, Engagement, Post, Practitioner, Verification
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import roll_up

SAMPLE = 20_000
LENGTHS = (2, 4, 6, 9)
Totals = dict[str, tuple[int, int]]

COUNTED = """
    post.engagement IN ('full_time', 'part_time', 'dispatched') AND post.serves_programme
    AND post.start_on <= :day AND (post.end_on IS NULL OR post.end_on > :day)
"""
LISTED = """
    CREATE TEMPORARY TABLE listed AS
    SELECT site.id, placement.today_code AS code
    FROM site JOIN standing ON standing.organisation_id = site.organisation_id
    JOIN site_placement AS placement ON placement.site_id = site.id
    WHERE standing.kind = 'provider' AND standing.granted_on <= :day AND placement.valid_from <= :day
    AND (standing.ended_on IS NULL OR standing.ended_on > :day)
    AND (placement.valid_to IS NULL OR placement.valid_to > :day)
"""
HOLDERS = """
    CREATE TEMPORARY TABLE holder AS
    SELECT DISTINCT education.practitioner_id AS id
    FROM education JOIN major ON major.catalogue = education.catalogue AND major.code = education.major_code
    WHERE education.form = 'diploma' AND education.verification = 'verified' AND major.counts
    AND education.obtained_on <= :day AND education.verified_on <= :day AND major.valid_from <= :day
    AND (major.valid_to IS NULL OR major.valid_to > :day)
"""
KEYS = ("CREATE UNIQUE INDEX listed_id ON listed (id)", "CREATE UNIQUE INDEX holder_id ON holder (id)")
TO_TOWNSHIPS = f"""
    CREATE TEMPORARY TABLE counted AS
    SELECT listed.code, count(holder.id) AS holders, count(post.id) AS staff
    FROM listed LEFT JOIN post ON post.site_id = listed.id AND {COUNTED}
    LEFT JOIN holder ON holder.id = post.practitioner_id
    GROUP BY listed.code
"""
ROLLED_UP = """
    SELECT substr(code, 1, :length) AS part, sum(holders), sum(staff) FROM counted GROUP BY part
"""
REPEATED = f"""
    SELECT post.practitioner_id, listed.code, holder.id IS NOT NULL
    FROM post JOIN listed ON listed.id = post.site_id LEFT JOIN holder ON holder.id = post.practitioner_id
    WHERE {COUNTED} AND post.practitioner_id IN (
        SELECT post.practitioner_id FROM post WHERE {COUNTED} GROUP BY post.practitioner_id HAVING count(*) > 1
    )
    ORDER BY post.practitioner_id
"""


def databases() -> Iterator[str]:
    yield "sqlite"
    if "BENCH_DATABASE_URL" in os.environ:
        yield "postgresql"


@pytest.fixture(params=databases())
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    if request.param == "sqlite":
        url = prepared(workforce.fill, workforce.__file__)
    else:
        url = os.environ["BENCH_DATABASE_URL"]
        fill(url, workforce.fill)
    engine = make_engine(url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_the_roll_up_keeps_up_with_plain_sql_and_leaves_an_orm_loop_behind(session: Session):
    assert rolled_up(session) == plain_totals(session)
    clock = time.process_time if session.get_bind().dialect.name == "sqlite" else time.perf_counter

    ours, plain = interleaved([lambda: rolled_up(session), lambda: plain_totals(session)], clock=clock)
    sampled: list[Totals] = []
    loop = seconds_of(lambda: sampled.append(looped_totals(session)), clock=clock)

    assert sampled[0] == totals_of_sample()
    work = f"roll-up of 1,000,000 ({session.get_bind().dialect.name})"
    record(Comparison(work, "two-stage SQL", ours, plain, limit=1.3, is_speedup=False))
    note = f"extrapolated from {SAMPLE:,} people"
    whole = loop * workforce.PEOPLE / SAMPLE
    record(Comparison(work, "ORM loop", ours, whole, limit=60, is_speedup=True, note=note))


def rolled_up(session: Session) -> Totals:
    """What the product says."""
    rule = QUALIFIED_SHARE.default_rule
    shares = roll_up(session, QUALIFIED_SHARE, division=NATION, on=workforce.DAY, rule=rule)
    session.rollback()
    return {code: (share.numerator, share.denominator) for code, share in shares.items()}


def plain_totals(session: Session) -> Totals:
    """Group to townships once, roll those up, and take whoever was counted twice off again."""
    connection = session.connection()
    for statement in (LISTED, HOLDERS, *KEYS, TO_TOWNSHIPS):
        connection.execute(sa.text(statement), {"day": workforce.DAY})
    totals: dict[str, list[int]] = {}
    for length in LENGTHS:
        for code, holders, staff in connection.execute(sa.text(ROLLED_UP), {"length": length}):
            totals[code] = [holders, staff]
    totals[NATION] = [sum(totals[code][k] for code in totals if len(code) == 2) for k in (0, 1)]
    repeated = connection.execute(sa.text(REPEATED), {"day": workforce.DAY})
    for _person, posts in groupby(repeated, key=lambda row: row[0]):
        take_off(totals, list(posts))
    session.rollback()
    return {code: (holders, staff) for code, (holders, staff) in totals.items()}


def take_off(totals: dict[str, list[int]], posts: list[sa.Row[tuple[int, str, bool]]]) -> None:
    for length in (0, *LENGTHS):
        for code, times in Counter(code[:length] for _person, code, _is_holder in posts).items():
            totals[code or NATION][0] -= (times - 1) * int(posts[0][2])
            totals[code or NATION][1] -= times - 1


def looped_totals(session: Session) -> Totals:
    """What is written first: objects, and a sum for each level."""
    people = (
        sa.select(Practitioner)
        .where(Practitioner.id <= SAMPLE)
        .options(
            selectinload(Practitioner.posts).selectinload(Post.site).selectinload(Site.placements),
            selectinload(Practitioner.education),
        )
        .execution_options(yield_per=1_000)
    )
    holders: defaultdict[str, int] = defaultdict(int)
    staff: defaultdict[str, int] = defaultdict(int)
    for person in session.scalars(people):
        for code in codes_of(person):
            staff[code] += 1
            holders[code] += is_qualified(person)
    session.rollback()
    return {code: (holders[code], staff[code]) for code in staff}


def codes_of(person: Practitioner) -> set[str]:
    places = {
        placement.today_code
        for post in person.posts
        if post.serves_programme and post.engagement in (Engagement.FULL_TIME, Engagement.PART_TIME)
        for placement in post.site.placements
    }
    return {place[:length] or NATION for place in places for length in (0, *LENGTHS)}


def is_qualified(person: Practitioner) -> bool:
    return any(
        one.form is EducationForm.DIPLOMA
        and one.verification is Verification.VERIFIED
        and one.major_code == "030302"
        for one in person.education
    )


def totals_of_sample() -> Totals:
    """The sample by arithmetic on the recipe, without a database."""
    codes = workforce.township_codes()
    holders: Counter[str] = Counter()
    staff: Counter[str] = Counter()
    for i in range(1, SAMPLE + 1):
        if i % 10 == 0:
            continue
        places = {codes[i * workforce.STEP % workforce.TOWNSHIPS]}
        if i <= workforce.SEVERAL:
            places.add(codes[i * workforce.STEP * 3 % workforce.TOWNSHIPS])
        for code in {place[:length] or NATION for place in places for length in (0, *LENGTHS)}:
            staff[code] += 1
            holders[code] += i % 5 < 2 and i % 4 != 0
    return {code: (holders[code], staff[code]) for code in staff}
