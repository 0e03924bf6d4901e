"""What is known to come: ends that are entered, days on which they show, and whose they are."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.organisations.models import Site
from registry.workforce.counting import Place
from registry.workforce.models import Post, Practitioner
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.outlook import Effect, Forecast, Outlook
from reports.figures.readings import organisation_share
from reports.figures.roster import roster
from tests.factories import (
    make_education,
    make_major,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
    make_staff,
    make_standing,
    make_target,
)
from tests.reports.figures.worlds import ASSIGNED, CITY, ON, XUHUI_STREET, lay_out_city

SOON, LATER, LATEST = date(2026, 12, 15), date(2027, 6, 1), date(2029, 1, 1)


@pytest.fixture(autouse=True)
def _city(session: Session) -> None:
    lay_out_city(session)
    make_parameter(session, "outlook.months", 24)


@pytest.fixture
def site(session: Session) -> Site:
    """Four of thirteen count, one of them until the middle of December."""
    site = make_provider(session)
    first, *_others = make_staff(session, site, qualified=4, other=9)
    first.posts[0].end_on = SOON
    first.name, first.person_no = "高秀英", "P00000001"
    session.flush()
    return site


def forecast(session: Session, place: Place | None = None, on: date = ON) -> Forecast:
    people = roster(session, QUALIFIED_SHARE, place=place or Place(CITY), on=on, rule=ASSIGNED)
    return Forecast(session, people, QUALIFIED_SHARE.code)


def of_institution(session: Session, site: Site) -> Outlook:
    return forecast(session).of_institutions()[site.organisation_id]


def fractions(outlook: Outlook) -> list[tuple[date, int, int]]:
    return [(turn.on, turn.share.numerator, turn.share.denominator) for turn in outlook.turns]


def hired(session: Session, site: Site, **post: object) -> Practitioner:
    person = make_practitioner(session)
    make_post(session, person, site, **post)
    return person


def test_the_end_of_one_post_names_the_day_and_the_person(session: Session, site: Site) -> None:
    outlook = of_institution(session, site)

    assert fractions(outlook) == [(SOON, 3, 12)]
    assert outlook.falls is not None
    (cause,) = outlook.falls.causes
    assert (cause.person.name, cause.effect, str(cause.reason)) == ("高秀英", Effect.LEAVES, "任职结束")


def test_whoever_misses_the_target_already_does_not_fall(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=9)[0].posts[0].end_on = SOON
    session.flush()

    outlook = of_institution(session, site)

    assert outlook.is_below
    assert outlook.falls is None
    assert fractions(outlook) == [(SOON, 0, 9)]


def test_without_anybody_nothing_falls_below(session: Session) -> None:
    site = make_provider(session)
    for person in make_staff(session, site, qualified=1, other=1):
        person.posts[0].end_on = SOON
    session.flush()

    outlook = of_institution(session, site)

    assert fractions(outlook) == [(SOON, 0, 0)]
    assert outlook.falls is None


def test_a_major_that_is_struck_from_the_list_shows_on_its_day(session: Session) -> None:
    make_major(session, code="071101", name="心理学", valid_to=LATER)
    site = make_provider(session)
    make_staff(session, site, qualified=0, other=2)
    make_education(session, hired(session, site), major_code="071101")

    outlook = of_institution(session, site)

    assert fractions(outlook) == [(LATER, 0, 3)]
    assert outlook.falls is not None
    assert [(one.effect, str(one.reason)) for one in outlook.falls.causes] == [
        (Effect.LOSES, "证书或专业目录有效期届满")
    ]


def test_a_post_that_begins_later_is_known_too(session: Session, site: Site) -> None:
    make_education(session, hired(session, site, start_on=date(2026, 12, 1)))

    outlook = of_institution(session, site)

    assert fractions(outlook) == [(date(2026, 12, 1), 5, 14), (SOON, 4, 13)]
    assert outlook.falls is None


def test_who_goes_on_in_another_post_of_the_same_institution_changes_nothing(session: Session) -> None:
    site = make_provider(session)
    person = hired(session, site, end_on=SOON)
    make_post(session, person, site, start_on=SOON)

    assert of_institution(session, site).turns == ()


def test_who_goes_on_elsewhere_leaves_the_institution_and_not_the_city(session: Session) -> None:
    site, other = make_provider(session), make_provider(session, division_code=XUHUI_STREET)
    person = hired(session, site, end_on=SOON)
    make_post(session, person, other)

    assert fractions(of_institution(session, site)) == [(SOON, 0, 0)]
    assert forecast(session).of_place().turns == ()


def test_the_end_of_a_standing_takes_everybody_along(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=1)
    site.organisation.standings[0].ended_on = LATER
    session.flush()

    (turn,) = of_institution(session, site).turns

    assert [str(change.reason) for change in turn.changes] == ["机构退出机构库"] * 2


def test_a_target_that_is_raised_is_a_turn_without_people(session: Session, site: Site) -> None:
    make_target(session, numerator=4, denominator=10, valid_from=date(2026, 12, 1), assessed_on=LATEST)

    outlook = of_institution(session, site)

    assert outlook.falls is not None
    assert (outlook.falls.on, outlook.falls.changes) == (date(2026, 12, 1), ())


def test_months_cut_the_list_and_not_the_first_day_of_falling(session: Session) -> None:
    site = make_provider(session)
    make_staff(session, site, qualified=1, other=2)[0].posts[0].end_on = LATEST
    session.flush()

    outlook = of_institution(session, site)

    assert outlook.until == date(2028, 11, 23)
    assert outlook.listed == ()
    assert outlook.falls is not None
    assert outlook.falls.on == LATEST


def test_an_institution_alone_says_what_it_says_among_the_others(session: Session, site: Site) -> None:
    make_standing(session, make_provider(session).organisation, granted_on=LATEST)
    place = Place(organisation_id=site.organisation_id)

    alone = forecast(session, place).of_place()

    assert alone == of_institution(session, site)
    reading = organisation_share(
        session, QUALIFIED_SHARE, organisation=site.organisation, on=SOON, rule=ASSIGNED
    )
    assert alone.turns[0].share == reading.share


def test_a_hire_that_is_registered_does_not_hide_what_the_ends_alone_would_do(
    session: Session, site: Site
) -> None:
    newcomer = hired(session, site, start_on=date(2026, 12, 1))
    make_education(session, newcomer)
    session.flush()

    outlook = of_institution(session, site)

    assert outlook.falls is None
    assert outlook.ends_alone is not None
    share = outlook.ends_alone.share
    assert (outlook.ends_alone.on, share.numerator, share.denominator) == (SOON, 3, 12)
    assert [one.person.name for one in outlook.ends_alone.changes] == ["高秀英"]


def test_where_only_ends_are_registered_both_days_are_one(session: Session, site: Site) -> None:
    outlook = of_institution(session, site)

    assert outlook.falls is not None
    assert outlook.ends_alone is not None
    assert outlook.ends_alone.on == outlook.falls.on


def test_whoever_has_the_next_post_already_does_not_go_by_the_end_of_this_one(
    session: Session, site: Site
) -> None:
    goer = next(post.practitioner for post in site_posts(session, site) if post.end_on == SOON)
    make_post(session, goer, site, start_on=SOON)
    session.flush()

    assert of_institution(session, site).ends_alone is None


def site_posts(session: Session, site: Site) -> list[Post]:
    return list(session.scalars(sa.select(Post).where(Post.site_id == site.id)))
