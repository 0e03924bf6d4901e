"""Permanent public numbers: one rule for all kinds, and none is ever given twice."""

from datetime import date

from sqlalchemy.orm import Session

from registry.organisations.models import StandingKind
from registry.organisations.numbers import next_number
from registry.organisations.operations import end_standing, grant_standing
from tests.dossiers_factories import make_succession
from tests.factories import make_organisation, make_standing

ON = date(2026, 11, 26)
CHARITY = StandingKind.CHARITY


def granted(session: Session, **facts: object) -> str:
    organisation = make_organisation(session, **facts)
    number = next_number(session, organisation, CHARITY, ON)
    grant_standing(session, organisation, kind=CHARITY, number=number, on=ON)
    return number


def test_numbers_run_on_by_kind_place_and_year(session: Session) -> None:
    assert [granted(session), granted(session)] == ["沪慈善2026-0001", "沪慈善2026-0002"]
    elsewhere = make_organisation(session, division_code="360102")
    assert next_number(session, elsewhere, CHARITY, ON) == "赣慈善2026-0001"
    assert next_number(session, elsewhere, StandingKind.ASSOCIATION, ON) == "赣协会2026-0001"
    assert next_number(session, elsewhere, CHARITY, date(2027, 1, 4)) == "赣慈善2027-0001"
    example = make_organisation(session, is_example=True)
    assert next_number(session, example, StandingKind.PROVIDER, ON) == "示例沪康复2026-0001"


def test_a_series_goes_on_after_numbers_that_were_given_before_it_was_counted(session: Session) -> None:
    make_standing(session, make_organisation(session), number="沪慈善2026-0041", kind=CHARITY)
    assert granted(session) == "沪慈善2026-0042"


def test_neither_an_end_nor_a_deletion_frees_a_number(session: Session) -> None:
    organisation = make_organisation(session)
    first = grant_standing(
        session, organisation, kind=CHARITY, number=next_number(session, organisation, CHARITY, ON), on=ON
    )
    end_standing(first, on=date(2026, 12, 1))
    assert granted(session) == "沪慈善2026-0002"
    session.delete(first)
    session.flush()
    assert granted(session) == "沪慈善2026-0003"


def test_a_number_survives_a_rename_and_a_merger(session: Session) -> None:
    organisation, successor = make_organisation(session), make_organisation(session)
    standing = grant_standing(
        session, organisation, kind=CHARITY, number=next_number(session, organisation, CHARITY, ON), on=ON
    )
    organisation.name = "示例更名后的基金会"
    make_succession(session, organisation, successor)
    session.flush()
    session.expire_all()
    assert standing.number == "沪慈善2026-0001"
    assert granted(session) == "沪慈善2026-0002"
