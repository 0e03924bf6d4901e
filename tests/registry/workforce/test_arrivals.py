"""Somebody comes to the register by hand: found by his numbers wherever he works, or new."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.trail import Trail
from registry.errors import InvalidInput, NotAllowed
from registry.organisations.models import Site
from registry.sealing.keyring import KeyRing
from registry.workforce.arrivals import Named, arrive
from registry.workforce.models import Engagement, PersonMerge, Post, Practitioner, Profession
from registry.workforce.papers import Held
from registry.workforce.sealed_fields import IDENTITY_NUMBER
from registry.workforce.writing import Hand
from tests.factories import NOW, make_actor, make_post, make_practitioner, make_provider
from tests.sealing import identity_number, make_ring, seal_identity

TRAIL = Trail(b"key of the tests")
NUMBER = identity_number(7)
BORN = int(NUMBER[6:10])
NAMED = Named("P-9", "张示例甲", BORN, NUMBER, "15400000777")


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path / "keys")


@pytest.fixture
def site(session: Session) -> Site:
    return make_provider(session)


@pytest.fixture
def hand(session: Session, site: Site) -> Hand:
    place = site.organisation.division_code
    actor = make_actor(session, Role.PROVIDER, division_code=place, organisation=site.organisation)
    return Hand(actor, NOW, TRAIL)


@pytest.fixture
def known(session: Session, ring: KeyRing) -> Practitioner:
    """With a post at another institution."""
    person = make_practitioner(session, person_no="P-1", name="张示例甲", birth_year=BORN)
    make_post(session, person, make_provider(session))
    seal_identity(session, ring, person, identity=NUMBER)
    return person


def held(site: Site) -> Held:
    return Held(site, Profession.NURSE, Engagement.FULL_TIME, True, True, date(2024, 3, 1))


def test_a_new_person_comes_with_a_post_and_sealed_numbers(session, site, hand, ring) -> None:
    arrival = arrive(session, NAMED, held(site), seals=ring, hand=hand)

    person = arrival.person
    assert (arrival.is_new, person.person_no, person.name) == (True, "P-9", "张示例甲")
    assert [post.site_id for post in person.posts] == [site.id]
    sealed = session.scalar(sa.select(Practitioner.identity_sealed).where(Practitioner.id == person.id))
    assert IDENTITY_NUMBER.opened(ring, sealed, person.code) == NUMBER


def test_the_same_form_twice_is_one_person_with_one_post(session, site, hand, ring) -> None:
    first = arrive(session, NAMED, held(site), seals=ring, hand=hand)
    again = arrive(session, NAMED, held(site), seals=ring, hand=hand)

    assert again.person is first.person
    assert [session.scalar(sa.select(sa.func.count()).select_from(one)) for one in (Practitioner, Post)] == [
        1,
        1,
    ]


def test_an_identity_number_known_elsewhere_adds_the_post_to_its_holder(session, site, hand, ring, known):
    arrival = arrive(session, NAMED, held(site), seals=ring, hand=hand)

    assert (arrival.person, arrival.is_new, arrival.asks_about_merge) == (known, False, False)
    assert {post.site_id for post in known.posts} > {site.id}
    assert session.scalars(sa.select(Practitioner.person_no)).all() == ["P-1"]


@pytest.mark.parametrize("changed", [{"name": "李示例"}, {"birth_year": BORN + 1}])
def test_an_identity_number_under_another_name_is_refused_without_saying_whose(
    session, site, hand, ring, known, changed
) -> None:
    with pytest.raises(InvalidInput) as error:
        arrive(session, replace(NAMED, **changed), held(site), seals=ring, hand=hand)

    assert error.value.field == "identity_number"
    assert "P-1" not in str(error.value)
    assert "张示例甲" not in str(error.value)


def test_a_register_number_under_another_name_is_refused(session, site, hand, ring, known) -> None:
    with pytest.raises(InvalidInput) as error:
        arrive(session, Named("P-1", "李示例", BORN), held(site), seals=ring, hand=hand)

    assert error.value.field == "person_no"


def test_an_institution_puts_no_identity_number_on_a_record_of_others(session, site, hand, ring) -> None:
    stranger = make_practitioner(session, person_no="P-2", name="张示例甲", birth_year=BORN)
    make_post(session, stranger, make_provider(session))

    with pytest.raises(InvalidInput) as error:
        arrive(session, replace(NAMED, person_no="P-2"), held(site), seals=ring, hand=hand)

    assert error.value.field == "identity_number"


def test_two_numbers_of_two_records_are_left_to_the_officers(session, site, hand, ring, known) -> None:
    second = make_practitioner(session, person_no="P-2", name="张示例甲", birth_year=BORN)
    make_post(session, second, site, end_on=date(2021, 1, 1))

    arrival = arrive(session, replace(NAMED, person_no="P-2"), held(site), seals=ring, hand=hand)

    assert (arrival.person, arrival.asks_about_merge) == (second, True)
    merge = session.scalars(sa.select(PersonMerge)).one()
    assert {merge.kept.person_no, merge.other_no} == {"P-1", "P-2"}


def test_nobody_enters_people_at_a_place_of_others(session, hand, ring) -> None:
    with pytest.raises(NotAllowed):
        arrive(session, NAMED, held(make_provider(session)), seals=ring, hand=hand)
