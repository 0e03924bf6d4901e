"""The cheapest path for the 215 institutions of a city, one a street, beside one ledger of the same people.

3,225 people, one in twelve with a second post next door, so that institutions hang together in long chains; a quarter
holds a diploma that counts, one in twenty waits for a check.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.comparing import Comparison, interleaved, record
from benchmarks.databases import prepared
from benchmarks.workforce import AT, DAY, SINCE, SOURCE, write_majors, write_providers
from registry.engine import make_engine
from registry.policy.models import Grade, Target
from registry.workforce.counting import Place
from registry.workforce.models import (
    Catalogue,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    Post,
    Practitioner,
    Profession,
    Verification,
)
from reports.figures.cheapest import Weights
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.ledger import ledger
from reports.figures.plans import path_as_a_whole, path_of_institutions
from reports.figures.roster import Roster, roster

CITY, STREETS, EACH = "31", 215, 15
PEOPLE = STREETS * EACH
RULE = QUALIFIED_SHARE.default_rule
LIMIT = 1.5
"""A plan, read and solved twice, takes little longer than the ledger that its reader has just seen."""


def fill(connection: sa.Connection) -> None:
    """Everything in one transaction."""
    write_providers(connection, [f"3101{1 + i // 20:02d}{1 + i % 20:03d}" for i in range(STREETS)])
    write_majors(connection)
    people = range(1, PEOPLE + 1)
    connection.execute(sa.insert(Practitioner), [person(i) for i in people])
    connection.execute(sa.insert(Post), [post(i, 1 + i % STREETS) for i in people])
    shared = [post(i, 1 + (i + 1) % STREETS) for i in people if i % 12 == 5]
    connection.execute(sa.insert(Post), shared)
    connection.execute(sa.insert(Education), [diploma(i) for i in people if i % 4 == 0 or i % 20 == 1])
    target = {"figure_code": QUALIFIED_SHARE.code, "division_code": CITY, "numerator": 3, "denominator": 10}
    dated = {"valid_from": SINCE, "assessed_on": DAY, "source": SOURCE, "grade": Grade.DESIGN}
    connection.execute(sa.insert(Target), [target | dated])


def person(i: int) -> dict[str, object]:
    said = {
        "id": i,
        "code": f"p{i}",
        "person_no": f"P{i:06d}",
        "name": f"示例{i}",
        "birth_year": 1960 + i % 40,
    }
    return said | {"source": SOURCE, "is_example": True, "updated_at": AT, "version": 1}


def post(i: int, site: int) -> dict[str, object]:
    footing = {"profession": Profession.SOCIAL_WORKER, "engagement": Engagement.FULL_TIME}
    return footing | {"serves_programme": True, "start_on": SINCE, "practitioner_id": i, "site_id": site}


def diploma(i: int) -> dict[str, object]:
    is_verified = i % 4 == 0
    what = {"form": EducationForm.DIPLOMA, "level": EducationLevel.BACHELOR, "school": "示例大学"}
    major = {"catalogue": Catalogue.UNDERGRADUATE, "major_code": "030302", "major_name": "社会工作"}
    checked = {
        "verification": Verification.VERIFIED if is_verified else Verification.PENDING,
        "verified_on": SINCE if is_verified else None,
    }
    return what | major | checked | {"obtained_on": SINCE, "practitioner_id": i}


@pytest.fixture
def session() -> Iterator[Session]:
    engine = make_engine(prepared(fill, __file__))
    with Session(engine) as session:
        yield session
    engine.dispose()


def read(session: Session) -> Roster:
    return roster(session, QUALIFIED_SHARE, place=Place(CITY), on=DAY, rule=RULE)


def test_the_cheapest_paths_of_a_city_take_little_longer_than_its_ledger(session: Session) -> None:
    def planned() -> None:
        people = read(session)
        path_of_institutions(people, Weights())
        path_as_a_whole(people, Weights())
        session.rollback()

    def listed() -> None:
        ledger(session, QUALIFIED_SHARE, place=Place(CITY), on=DAY, rule=RULE)
        session.rollback()

    path = path_of_institutions(read(session), Weights())
    assert path.is_proven
    assert any(step.is_shared for one in path.institutions for step in one.steps)
    ours, ledger_alone = interleaved([planned, listed])
    note = (
        f"{len(path.institutions)} of {STREETS} fall short: {path.totals.checks} checks, "
        f"{path.totals.conversions} conversions, proven to be the fewest"
    )
    work = "cheapest paths of 215 institutions, read and solved"
    record(Comparison(work, "one ledger of them", ours, ledger_alone, LIMIT, is_speedup=False, note=note))
