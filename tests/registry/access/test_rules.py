"""The permission table says the same of a row in hand and of the rows of a list."""

import itertools

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.rules import RULES, Action, authorize, may, readable, roles_of
from registry.divisions.codes import CANONICAL_LENGTHS, NATION, code_range, lies_within, within
from registry.errors import NotAllowed, NotVisible
from registry.organisations.models import Site
from tests.factories import make_actor, make_post, make_practitioner, make_provider
from tests.registry.access.worlds import LOOKALIKES, MODELS, World, build, disagreements_in, worlds

QUICKLY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
codes = st.sampled_from(CANONICAL_LENGTHS).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


@QUICKLY
@given(world=worlds, actions=st.lists(st.sampled_from(Action), min_size=1, max_size=2, unique=True))
def test_row_rule_and_sql_rule_agree(session: Session, world: World, actions: list[Action]) -> None:
    assert disagreements_in(session, world, actions) == []


def test_every_table_with_a_reach_is_filled(session: Session) -> None:
    filled = set()
    for seed in range(30):
        with session.begin_nested() as savepoint:
            build(session, World(seed, most=5))
            filled |= {model for model in MODELS if session.scalar(sa.select(model.id).limit(1))}
            savepoint.rollback()

    assert [model.__name__ for model in MODELS if model not in filled] == []


@given(ancestor=codes | st.just(NATION), code=codes)
@settings(max_examples=300)
def test_a_range_holds_exactly_what_begins_with_the_code(ancestor: str, code: str) -> None:
    low, high = code_range(ancestor)

    is_inside = True if ancestor == NATION else low <= code < high

    assert is_inside == lies_within(code, ancestor)


def test_every_pair_of_lookalikes_is_judged_alike_by_range_and_by_beginning() -> None:
    for ancestor, code in itertools.product(LOOKALIKES, LOOKALIKES):
        low, high = code_range(ancestor)
        assert (low <= code < high) == code.startswith(ancestor), (ancestor, code)


@given(ancestor=codes, tail=st.text("0123456789", max_size=10))
@settings(max_examples=200)
def test_a_range_holds_whatever_continues_its_code(ancestor: str, tail: str) -> None:
    low, high = code_range(ancestor)

    assert low <= (ancestor + tail)[:12] < high


@pytest.mark.parametrize(
    ("ancestor", "inside", "outside"),
    [
        (
            "310101",
            ["310101", "310101001", "310101999", "310101010001"],
            ["310102", "310110101", "3101", "310100"],
        ),
        ("3101", ["3101", "310199", "310101001"], ["3102", "3110", "31", "311001"]),
        ("310101999", ["310101999"], ["310102", "310102000", "310101998"]),
        ("310199", ["310199", "310199001"], ["3102", "310201"]),
        ("99", ["99", "9999", "999999999999"], ["98", "31"]),
    ],
)
def test_siblings_that_look_alike_stay_apart_in_the_database(
    session: Session, ancestor: str, inside: list[str], outside: list[str]
) -> None:
    for code in inside + outside:
        make_provider(session, division_code=code)

    found = session.scalars(sa.select(Site.division_code).where(within(Site.division_code, ancestor)))

    assert sorted(found) == sorted(inside)


def test_a_practitioner_is_seen_wherever_he_holds_a_post_and_nowhere_without(session: Session) -> None:
    here, there = (
        make_provider(session, division_code="310101001"),
        make_provider(session, division_code="310104001"),
    )
    person, stranger = make_practitioner(session), make_practitioner(session)
    make_post(session, person, here)
    make_post(session, person, there)
    officers = [
        make_actor(session, Role.DISTRICT, division_code=code) for code in ("310101", "310104", "310105")
    ]

    assert [may(one, Action.PRACTITIONER_SEE, person) for one in officers] == [True, True, False]
    assert not any(may(one, Action.PRACTITIONER_SEE, stranger) for one in officers)


def test_a_provider_does_not_see_the_staff_of_another_provider(session: Session) -> None:
    own, other = make_provider(session), make_provider(session)
    person = make_practitioner(session)
    make_post(session, person, other)
    manager = make_actor(session, Role.PROVIDER, organisation=own.organisation)

    with pytest.raises(NotVisible):
        authorize(manager, Action.PRACTITIONER_SEE, person)


def test_what_may_be_seen_and_not_done_is_refused_openly(session: Session) -> None:
    site = make_provider(session)
    officer = make_actor(session, Role.DISTRICT, division_code="310104")

    with pytest.raises(NotAllowed):
        authorize(officer, Action.ADDRESS_CHANGE_ASK, site, see=Action.SITE_SEE)


def test_the_system_administrator_reads_no_record_of_the_register(session: Session) -> None:
    administrator = make_actor(session, Role.SYSADMIN)

    for action in (Action.SITE_SEE, Action.PRACTITIONER_SEE, Action.ORGANISATION_SEE, Action.INTAKE_RUN):
        assert not may(administrator, action)


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_rule_and_somebody_who_may(action: Action) -> None:
    assert RULES[action]
    assert roles_of(action)


def test_a_role_without_a_rule_lists_nothing(session: Session) -> None:
    make_provider(session)
    administrator = make_actor(session, Role.SYSADMIN)

    rows = session.scalars(sa.select(Site).where(readable(Site, administrator, Action.SITE_SEE))).all()

    assert rows == []
