"""The ledger of a district with 2,000 practitioners by both counting rules, beside an ORM loop and plain SQL.

The baselines tell less: who counts by which rule, without a reason, without an end. All three must agree on that.
"""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from benchmarks import district
from benchmarks.comparing import Comparison, interleaved, record
from benchmarks.databases import prepared
from registry.engine import make_engine
from registry.organisations.models import Organisation, Site
from registry.workforce.counting import Place
from registry.workforce.models import EducationForm, Engagement, Major, Post, Practitioner, Verification
from reports.figures.both_rules import by_both_rules
from reports.figures.changes import changes
from reports.figures.definitions import QUALIFIED_SHARE

Verdicts = dict[str, tuple[str, str]]
"""By register number: by the first rule and by the second."""

PLAIN = """
    SELECT practitioner.person_no, max(post.serves_programme), max(holder.id IS NOT NULL)
    FROM post JOIN practitioner ON practitioner.id = post.practitioner_id
    JOIN site ON site.id = post.site_id
    JOIN site_placement ON site_placement.site_id = site.id
    JOIN standing ON standing.organisation_id = site.organisation_id
    LEFT JOIN (
        SELECT DISTINCT education.practitioner_id AS id
        FROM education JOIN major
        ON major.catalogue = education.catalogue AND major.code = education.major_code
        WHERE education.form = 'diploma' AND education.verification = 'verified' AND major.counts
        AND education.obtained_on <= :day AND education.verified_on <= :day AND major.valid_from <= :day
    ) AS holder ON holder.id = practitioner.id
    WHERE site_placement.today_code LIKE :prefix AND standing.kind = 'provider'
    AND post.engagement IN ('full_time', 'part_time', 'dispatched') AND post.start_on <= :day
    AND (post.end_on IS NULL OR post.end_on > :day)
    GROUP BY practitioner.person_no
"""


@pytest.fixture
def session() -> Iterator[Session]:
    engine = make_engine(prepared(district.fill, district.__file__))
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_the_ledger_of_a_district_keeps_up_with_an_orm_loop(session: Session) -> None:
    assert len(ledger_verdicts(session)) == district.PEOPLE
    assert ledger_verdicts(session) == looped_verdicts(session) == plain_verdicts(session)

    ours, month, loop, plain = interleaved(
        [
            lambda: ledger_verdicts(session),
            lambda: month_of_changes(session),
            lambda: looped_verdicts(session),
            lambda: plain_verdicts(session),
        ]
    )

    work = f"ledger of {district.PEOPLE:,} people by both rules"
    record(Comparison(work, "ORM loop without reasons", ours, loop, limit=2, is_speedup=False))
    note = "no reasons, no ends, no institutions"
    record(Comparison(work, "plain SQL", ours, plain, limit=60, is_speedup=False, note=note))
    work = f"changes of a month among {district.PEOPLE:,} people"
    record(Comparison(work, "ORM loop without reasons", month, loop, limit=2, is_speedup=False))


def ledger_verdicts(session: Session) -> Verdicts:
    """What the page works out."""
    rows = by_both_rules(session, QUALIFIED_SHARE, place=Place(district.CODE), on=district.DAY)
    said = {one.shown.person.person_no: tuple(row.standing.value for row in one.rows) for one in rows}
    session.rollback()
    return said  # type: ignore[return-value]  # two rules, two words


def month_of_changes(session: Session) -> int:
    """What the page of changes works out."""
    found = changes(
        session,
        QUALIFIED_SHARE,
        place=Place(district.CODE),
        since=date(2026, 10, 23),
        on=district.DAY,
        rule=QUALIFIED_SHARE.default_rule,
    )
    session.rollback()
    return len(found)


def looped_verdicts(session: Session) -> Verdicts:
    """What is written first: objects and a loop."""
    counting = {one.code for one in session.scalars(sa.select(Major)) if one.counts}
    of_district = (
        sa.select(Practitioner)
        .where(Practitioner.posts.any(Post.site.has(Site.division_code.startswith(district.CODE))))
        .options(
            selectinload(Practitioner.posts)
            .joinedload(Post.site)
            .joinedload(Site.organisation)
            .selectinload(Organisation.standings),
            selectinload(Practitioner.education),
        )
    )
    said = {person.person_no: verdicts_of(person, counting) for person in session.scalars(of_district)}
    session.rollback()
    return said


def verdicts_of(person: Practitioner, counting: set[str]) -> tuple[str, str]:
    posts = [post for post in person.posts if post.engagement is not Engagement.VOLUNTEER and in_force(post)]
    is_holder = any(
        one.form is EducationForm.DIPLOMA
        and one.verification is Verification.VERIFIED
        and one.major_code in counting
        for one in person.education
    )
    standing = "holder" if is_holder else "staff"
    return (standing if any(post.serves_programme for post in posts) else "outside"), standing


def in_force(post: Post) -> bool:
    is_held = post.start_on <= district.DAY and (post.end_on is None or post.end_on > district.DAY)
    return is_held and bool(post.site.organisation.standings)


def plain_verdicts(session: Session) -> Verdicts:
    """One statement."""
    places = {"day": district.DAY.isoformat(), "prefix": f"{district.CODE}%"}
    said: Verdicts = {}
    for person_no, serves, is_holder in session.execute(sa.text(PLAIN), places):
        standing = "holder" if is_holder else "staff"
        said[person_no] = (standing if serves else "outside", standing)
    session.rollback()
    return said
