"""The proposal of majors that count."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.workforce.loading import load_majors
from registry.workforce.models import Catalogue, Major


def counting(session: Session, catalogue: Catalogue) -> set[str]:
    return set(
        session.scalars(sa.select(Major.code).where(Major.catalogue == catalogue, Major.counts.is_(True)))
    )


def test_the_default_majors_are_those_of_the_three_named_families(session: Session) -> None:
    load_majors(session)

    assert counting(session, Catalogue.UNDERGRADUATE) == {"100205TK", "030302", "071101", "071102"}
    assert counting(session, Catalogue.VOCATIONAL) == {"590101", "520804"}
    assert {"100205", "0352", "0402", "0454"} <= counting(session, Catalogue.POSTGRADUATE)


def test_loading_majors_twice_adds_nothing(session: Session) -> None:
    assert load_majors(session) > 20
    assert load_majors(session) == 0


def test_one_code_means_different_things_in_two_catalogues(session: Session) -> None:
    load_majors(session)

    rows = session.execute(
        sa.select(Major.catalogue, Major.name).where(Major.code.in_(["100205", "100205TK"]))
    )

    assert dict(rows.all()) == {
        Catalogue.UNDERGRADUATE: "精神医学",
        Catalogue.POSTGRADUATE: "精神病与精神卫生学",
    }
