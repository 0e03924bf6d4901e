"""Both counting rules in one row for each person."""

import pytest
from sqlalchemy.orm import Session

from registry.workforce.counting import Place
from registry.workforce.models import Engagement
from reports.figures.both_rules import by_both_rules, differing
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.ledger import Standing
from tests.factories import make_education, make_post, make_practitioner, make_provider
from tests.reports.figures.worlds import CITY, ON, lay_out_city


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)


def test_who_does_other_business_counts_by_the_second_rule_alone(session: Session) -> None:
    site, person = make_provider(session), make_practitioner(session)
    make_post(session, person, site, serves_programme=False)
    make_education(session, person)
    make_post(session, make_practitioner(session), site)
    make_post(session, make_practitioner(session), site, engagement=Engagement.VOLUNTEER)

    rows = by_both_rules(session, QUALIFIED_SHARE, place=Place(CITY), on=ON)

    standings = sorted(tuple(row.standing.value for row in one.rows) for one in rows)
    assert standings == [("outside", "holder"), ("outside", "outside"), ("staff", "staff")]
    (one,) = differing(rows)
    assert one.shown.person.id == person.id
    assert [str(row.reason) for row in one.rows] == [
        "在本机构从事其他业务，按本口径不计；改用“机构全部人员”口径时计入。",
        "本科学历，专业“社会工作”（030302），已核验。",
    ]


def test_what_a_person_does_is_told_by_the_rule_that_counts_him(session: Session) -> None:
    make_post(session, make_practitioner(session), make_provider(session), serves_programme=False)

    (one,) = by_both_rules(session, QUALIFIED_SHARE, place=Place(CITY), on=ON)

    assert one.shown.standing is Standing.STAFF
