"""Identity numbers and phones: who sees them, in part or whole, and that nobody else's query touches them."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import FIELDS, Field, FieldClass, Mask
from registry.access.models import Role
from registry.sealing.keyfiles import Purpose, make_key
from registry.sealing.keyring import KeyRing
from registry.workforce.listings import PRACTITIONERS
from registry.workforce.models import Practitioner
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE, SeenField, seen_fields
from tests.factories import DAY, make_practitioner
from tests.sealing import identity_number, make_ring, seal_identity, statements_of

NUMBER, MOBILE = identity_number(7), "15400000021"
STARRED_NUMBER = f"9999************{NUMBER[-2:]}"
STARRED_MOBILE = "154****0021"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path)


@pytest.fixture
def person(session: Session, ring: KeyRing) -> Practitioner:
    person = make_practitioner(session)
    seal_identity(session, ring, person, identity=NUMBER, phone=MOBILE)
    return person


def seen(session: Session, ring: KeyRing, role: Role, person: Practitioner, **how: object) -> list[SeenField]:
    actor = Actor(1, "a1", "demo", "示例", role, "310101")
    return seen_fields(session, ring, actor, [(person.id, person.code)], **how).get(person.id, [])


@pytest.mark.parametrize(
    ("role", "number", "phone"),
    [
        (Role.STREET, STARRED_NUMBER, STARRED_MOBILE),
        (Role.DISTRICT, STARRED_NUMBER, STARRED_MOBILE),
        (Role.STATION, NUMBER, MOBILE),
        (Role.PROVIDER, STARRED_NUMBER, MOBILE),
    ],
)
def test_each_role_sees_what_its_mask_leaves(session, ring, person, role, number, phone):
    assert {one.field: one.text for one in seen(session, ring, role, person)} == {
        Field.STAFF_IDENTITY: number,
        Field.STAFF_PHONE: phone,
    }


@pytest.mark.parametrize("role", [Role.CITY, Role.PROVINCE, Role.SYSADMIN])
def test_what_a_role_may_not_see_is_not_selected(session, ring, person, role):
    with statements_of(session) as statements:
        assert seen(session, ring, role, person) == []
    assert [one for one in statements if "_sealed" in one or "_index" in one] == []


def test_what_is_revealed_is_seen_whole_and_nothing_else(session, ring, person):
    found = seen(session, ring, Role.DISTRICT, person, revealed={Field.STAFF_PHONE})
    assert [(one.text, one.mask) for one in found] == [(STARRED_NUMBER, Mask.PART), (MOBILE, Mask.SHOW)]


def test_what_was_revealed_is_worth_nothing_to_a_role_that_sees_none_of_it(session, ring, person):
    assert seen(session, ring, Role.CITY, person, revealed={Field.STAFF_PHONE}) == []


def test_loading_a_person_or_the_list_reads_no_sealed_column(session, ring, person):
    session.expunge_all()
    with statements_of(session) as statements:
        loaded = session.scalars(sa.select(Practitioner)).one()
        PRACTITIONERS.ask({}, scope=sa.true(), on=DAY).fetch(session)
    assert [one for one in statements if "_sealed" in one or "_index" in one] == []
    with pytest.raises(sa.exc.InvalidRequestError):
        assert loaded.identity_sealed


def test_nothing_registered_is_nothing_shown(session, ring):
    assert [one.text for one in seen(session, ring, Role.STATION, make_practitioner(session))] == [None, None]


def test_a_value_moved_to_another_person_is_shown_as_broken_and_not_as_his(session, ring, person):
    other = make_practitioner(session)
    stolen = session.scalar(sa.select(Practitioner.identity_sealed).where(Practitioner.id == person.id))
    session.execute(sa.update(Practitioner).where(Practitioner.id == other.id).values(identity_sealed=stolen))
    assert [(one.text, one.is_broken) for one in seen(session, ring, Role.STATION, other)] == [
        (None, True),
        (None, False),
    ]


def test_a_value_is_found_by_its_index_also_after_the_index_key_changed(session, ring, person):
    make_key(ring.folder, Purpose.INDEX, ring.cipher)
    for field, value in ((IDENTITY_NUMBER, NUMBER), (PHONE, MOBILE)):
        found = session.scalars(sa.select(Practitioner.id).where(field.is_value(ring, value))).all()
        assert found == [person.id]
    assert session.scalar(sa.select(Practitioner.id).where(PHONE.is_value(ring, "15400000022"))) is None


def test_every_field_of_people_has_its_class_and_a_mask_that_hides_by_default():
    assert {field: rule.field_class for field, rule in FIELDS.items()} == {
        Field.STAFF_NAME: FieldClass.C2,
        Field.STAFF_BIRTH_YEAR: FieldClass.C2,
        Field.STAFF_PHONE: FieldClass.C2,
        Field.STAFF_IDENTITY: FieldClass.C3,
        Field.STAFF_CERTIFICATE: FieldClass.C3,
        Field.EDUCATION_PROOF: FieldClass.C3,
        Field.ACTIVITY_SHEET: FieldClass.C3,
        Field.ENQUIRY_TEXT: FieldClass.C3,
        Field.ENQUIRY_CONTACT: FieldClass.C3,
        Field.ENQUIRY_ANSWER: FieldClass.C3,
    }
    assert FIELDS[Field.STAFF_IDENTITY].masks.get(Role.CITY, Mask.NONE) is Mask.NONE
