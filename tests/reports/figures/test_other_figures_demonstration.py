"""The values of docs/demonstration.md beside the share with the target: as documented, by the oracle, and as read."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.build import WORLD_DAY
from registry.organisations.models import Organisation
from registry.workforce.counting import Place
from registry.workforce.models import Profession
from reports.figures.beside import figures_beside
from reports.figures.definitions import QUALIFIED_SHARE
from tests.reports.figures.oracle import Oracle

SHARES = ("certified-share", "trained-share", "registered-share", "staff")
PLACES = {
    "31": ((351, 1576), (834, 1341), (351, 361), (1576, 1576)),
    "310101": ((19, 95), (54, 83), (19, 20), (95, 95)),
    "310107": ((17, 78), (48, 72), (17, 18), (78, 78)),
    "310120": ((12, 61), (28, 52), (12, 12), (61, 61)),
}
RESIDENTS = {"31": 24870895, "310101": 662030, "310107": 1239800, "310120": 1140872}
INSTITUTIONS = {
    "黄浦暖阳社区康复服务中心（示例）": ((2, 17), (8, 14), (2, 3), (17, 17)),
    "普陀和风康复医院（示例）": ((7, 34), (22, 31), (7, 7), (34, 34)),
}


@pytest.fixture
def oracle(demo_session: Session) -> Oracle:
    connection = demo_session.connection()
    return Oracle(lambda sql: connection.exec_driver_sql(sql).fetchall())


def test_the_other_figures_of_a_place_are_those_of_the_document(
    demo_session: Session, oracle: Oracle
) -> None:
    rule = QUALIFIED_SHARE.default_rule
    for place, documented in PLACES.items():
        expected = [*documented, (documented[-1][0], RESIDENTS[place])]
        read = figures_beside(demo_session, QUALIFIED_SHARE, place=Place(place), on=WORLD_DAY, rule=rule)
        counted = [
            oracle.pooled(place, WORLD_DAY.isoformat(), figure=code) for code in (*SHARES, "staff-per-10000")
        ]
        assert [(one.share.numerator, one.share.denominator) for one in read] == expected
        assert counted == expected


def test_the_professions_of_a_district_are_those_of_the_document(
    demo_session: Session, oracle: Oracle
) -> None:
    rule = QUALIFIED_SHARE.default_rule
    read = figures_beside(demo_session, QUALIFIED_SHARE, place=Place("310101"), on=WORLD_DAY, rule=rule)
    (professions,) = [dict(one.professions) for one in read if one.professions]

    assert {key.value: count for key, count in professions.items()} == oracle.professions(
        "310101", WORLD_DAY.isoformat()
    )
    assert professions[Profession.SOCIAL_WORKER] == 27
    assert professions[Profession.CARE_WORKER] == 29
    assert professions[Profession.NURSE] == 12
    assert len(professions) == 10


def test_the_other_figures_of_an_institution_are_those_of_the_document(
    demo_session: Session, oracle: Oracle
) -> None:
    rule = QUALIFIED_SHARE.default_rule
    for name, expected in INSTITUTIONS.items():
        found = demo_session.scalars(sa.select(Organisation).where(Organisation.name == name)).one()
        own = Place(organisation_id=found.id)
        read = figures_beside(demo_session, QUALIFIED_SHARE, place=own, on=WORLD_DAY, rule=rule)
        counted = [
            oracle.institutions("31", WORLD_DAY.isoformat(), figure=code)[found.code] for code in SHARES
        ]
        assert [(one.share.numerator, one.share.denominator) for one in read] == list(expected)
        assert counted == list(expected)
