"""Opening organisations and sites, granting and ending standings."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.errors import InvalidInput
from registry.organisations.models import Organisation, OrganisationKind, SiteKind, StandingKind
from registry.organisations.operations import (
    Origin,
    Place,
    end_standing,
    grant_standing,
    open_organisation,
    open_site,
)
from tests.factories import DAY, NANJING_EAST_ROAD, NOW, make_organisation, make_standing

RIGHT_CODE = "91350100M000100Y43"
"""The worked example of GB 32100-2015."""


def opened(session: Session, uscc: str | None) -> Organisation:
    return open_organisation(
        session,
        name="示例心晴社会服务中心",
        kind=OrganisationKind.SOCIAL_SERVICE,
        division_code=NANJING_EAST_ROAD,
        origin=Origin("测试", is_example=True),
        at=NOW,
        uscc=uscc,
    )


def test_an_organisation_opens_with_the_code_of_the_national_standard(session: Session) -> None:
    organisation = opened(session, RIGHT_CODE)

    assert organisation.id is not None
    assert organisation.is_example


@pytest.mark.parametrize("wrong", ["91350100M000100Y44", "91350100M000100Y4", "", "9135010O中000100Y43"])
def test_a_wrong_credit_code_is_refused_beside_its_field(session: Session, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        opened(session, wrong)

    assert refusal.value.field == "uscc"


def test_a_credit_code_belongs_to_one_organisation(session: Session) -> None:
    opened(session, RIGHT_CODE)

    with pytest.raises(InvalidInput, match="示例心晴社会服务中心"):
        opened(session, RIGHT_CODE)


def test_an_organisation_without_a_credit_code_opens_but_holds_no_standing(session: Session) -> None:
    organisation = opened(session, None)

    with pytest.raises(InvalidInput) as refusal:
        grant_standing(session, organisation, kind=StandingKind.PROVIDER, number="JK1", on=DAY)

    assert refusal.value.field == "uscc"


def test_a_standing_of_a_kind_is_held_once_at_a_time(session: Session) -> None:
    organisation = make_organisation(session)
    make_standing(session, organisation)

    with pytest.raises(InvalidInput):
        grant_standing(session, organisation, kind=StandingKind.PROVIDER, number="JK-2", on=DAY)


def test_a_standing_may_be_granted_again_on_the_day_the_old_one_ends(session: Session) -> None:
    organisation = make_organisation(session)
    end_standing(make_standing(session, organisation), on=DAY)

    again = grant_standing(session, organisation, kind=StandingKind.PROVIDER, number="JK-2", on=DAY)

    assert again.granted_on == DAY


def test_a_standing_cannot_end_on_the_day_it_begins(session: Session) -> None:
    standing = make_standing(session, make_organisation(session), granted_on=DAY)

    with pytest.raises(InvalidInput):
        end_standing(standing, on=DAY)


def test_a_site_is_placed_from_the_day_it_opens(session: Session) -> None:
    place = Place("示例路8号", division_code="310101002", located_code="310115004")

    site = open_site(
        session,
        make_organisation(session),
        place,
        name="示例服务点",
        kind=SiteKind.DAY_CENTRE,
        origin=Origin("测试"),
        on=date(2025, 3, 1),
        at=NOW,
    )

    (placement,) = site.placements
    assert (placement.valid_from, placement.valid_to) == (date(2025, 3, 1), None)
    assert (site.division_code, site.located_code) == ("310101002", "310115004")
    assert placement.today_code == "310101002"
