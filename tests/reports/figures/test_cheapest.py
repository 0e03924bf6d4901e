"""The cheapest path against every path there is: thousands of small worlds, and some by hand."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.figures import knots
from reports.figures.cheapest import Answer, Helpers, Need, Use, Weights, cheapest
from tests.reports.figures.brute_force import Someone, World, best_value

TARGETS = [(3, 10), (1, 2), (1, 3), (2, 3), (9, 10), (1, 1)]
WEIGHTS = [(1, 1), (1, 2), (2, 1), (1, 3), (3, 2), (5, 1)]


def some_world(chance: random.Random) -> World:
    places = range(chance.randint(1, 5))
    people = tuple(
        Someone(
            frozenset(chance.sample(places, min(len(places), chance.choice((1, 1, 2, 2, 3))))),
            chance.random() < 0.3,
        )
        for _ in range(chance.randint(0, 7))
    )
    (p, q), (hire, conversion) = chance.choice(TARGETS), chance.choice(WEIGHTS)
    return World({place: chance.randint(0, 2) for place in places}, people, p, q, hire, conversion)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    places = range(draw(st.integers(1, 4)))
    someone = st.builds(Someone, st.frozensets(st.sampled_from(places), min_size=1), st.booleans())
    (p, q), (hire, conversion) = draw(st.sampled_from(TARGETS)), draw(st.sampled_from(WEIGHTS))
    holders = {place: draw(st.integers(0, 3)) for place in places}
    people = tuple(draw(st.lists(someone, max_size=7)))
    return World(holders, people, p, q, hire, conversion)


def solved(world: World) -> tuple[Answer, list[Helpers]]:
    kinds = Counter((one.places, one.is_pending) for one in world.people)
    helpers = [
        Helpers(places, kinds[places, True], kinds[places, False])
        for places in sorted({one.places for one in world.people}, key=sorted)
    ]
    needs = {
        place: Need(holders, world.staff(place), world.p, world.q) for place, holders in world.holders.items()
    }
    return cheapest(needs, helpers, Weights(world.hire, world.conversion)), helpers


def value_found(world: World) -> tuple[int, int, int, int]:
    """What the answer is worth, added up from its parts, after seeing that every place reaches its target."""
    answer, helpers = solved(world)
    for use, kind in zip(answer.uses, helpers, strict=True):
        assert 0 <= use.checks <= kind.pending
        assert 0 <= use.conversions <= kind.convertible
    for place in world.holders:
        gained = sum(
            use.checks + use.conversions
            for use, kind in zip(answer.uses, helpers, strict=True)
            if place in kind.places
        )
        hired = answer.hires.get(place, 0)
        counting = world.holders[place] + gained + hired
        assert world.q * counting >= world.p * (world.staff(place) + hired)
    assert answer.is_proven
    return value_of(world, answer, helpers)


def value_of(world: World, answer: Answer, helpers: list[Helpers]) -> tuple[int, int, int, int]:
    conversions = sum(use.conversions for use in answer.uses)
    hires = sum(answer.hires.values())
    cost = world.conversion * conversions + world.hire * hires
    assert answer.cost == cost
    idle = sum(
        (use.checks + use.conversions) * sum(not world.is_short(place) for place in kind.places)
        for use, kind in zip(answer.uses, helpers, strict=True)
    )
    return cost, hires, sum(use.checks for use in answer.uses), idle


@pytest.mark.parametrize("seed", range(8))
def test_no_choice_of_people_and_hires_is_better(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(400):
        world = some_world(chance)
        assert value_found(world) == best_value(world), world


@given(worlds())
@settings(max_examples=300, deadline=None)
def test_no_choice_is_better_in_worlds_that_look_for_trouble(world: World) -> None:
    assert value_found(world) == best_value(world)


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_the_same_question_has_the_same_answer_in_whatever_order_its_places_are_told(world: World) -> None:
    turned = World(
        dict(reversed(world.holders.items())), world.people, world.p, world.q, world.hire, world.conversion
    )

    assert solved(world) == solved(turned)


def test_one_short_of_the_target_trains_one_or_hires_one() -> None:
    need = {1: Need(5, 17, 3, 10)}
    helpers = [Helpers(frozenset({1}), 0, 12)]

    assert cheapest(need, helpers, Weights()) == Answer((Use(0, 1),), {}, 1, is_proven=True)
    dear = cheapest(need, helpers, Weights(hire=1, conversion=2))
    assert dear == Answer((Use(0, 0),), {1: 1}, 1, is_proven=True)  # 6 of 18


def test_whoever_works_at_two_places_is_trained_once() -> None:
    """0 of 3 and 0 of 3, one of them at both: a third is enough for each."""
    needs = {1: Need(0, 3, 3, 10), 2: Need(0, 3, 3, 10)}
    helpers = [
        Helpers(frozenset({1}), 0, 2),
        Helpers(frozenset({1, 2}), 0, 1),
        Helpers(frozenset({2}), 0, 2),
    ]

    answer = cheapest(needs, helpers, Weights())

    assert answer == Answer((Use(0, 0), Use(0, 1), Use(0, 0)), {}, 1, is_proven=True)


def test_a_check_comes_before_everything_and_no_more_are_asked_than_help() -> None:
    answer = cheapest({1: Need(2, 9, 3, 10)}, [Helpers(frozenset({1}), 3, 4)], Weights())

    assert answer == Answer((Use(1, 0),), {}, 0, is_proven=True)


def test_of_two_who_help_alike_the_one_who_works_nowhere_else_is_taken() -> None:
    needs = {1: Need(0, 2, 1, 2), 2: Need(3, 4, 1, 2)}
    helpers = [Helpers(frozenset({1, 2}), 0, 1), Helpers(frozenset({1}), 0, 1)]

    assert cheapest(needs, helpers, Weights()).uses == (Use(0, 0), Use(0, 1))


def test_where_nobody_falls_short_nothing_is_done() -> None:
    answer = cheapest(
        {1: Need(3, 10, 3, 10), 2: Need(0, 0, 3, 10)}, [Helpers(frozenset({1}), 1, 6)], Weights()
    )

    assert answer == Answer((Use(0, 0),), {}, 0, is_proven=True)


def test_where_all_must_count_no_hire_is_proposed() -> None:
    answer = cheapest({1: Need(1, 3, 1, 1)}, [Helpers(frozenset({1}), 0, 2)], Weights(hire=1, conversion=9))

    assert answer == Answer((Use(0, 2),), {}, 18, is_proven=True)


def test_where_all_must_count_and_somebody_is_left_out_the_question_is_refused() -> None:
    with pytest.raises(ValueError, match="all must count"):
        cheapest({1: Need(1, 3, 1, 1)}, [Helpers(frozenset({1}), 0, 1)], Weights())


def test_a_knot_that_is_too_wide_has_a_way_that_works_and_is_not_called_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(knots, "MOST_STATES", 2)
    places = range(6)
    needs = {place: Need(0, 8, 3, 10) for place in places}
    helpers = [Helpers(frozenset({one, other}), 0, 1) for one in places for other in places if one < other]

    answer = cheapest(needs, helpers, Weights())

    assert not answer.is_proven
    for place in places:
        gained = sum(
            use.conversions for use, kind in zip(answer.uses, helpers, strict=True) if place in kind.places
        )
        hired = answer.hires.get(place, 0)
        assert 10 * (gained + hired) >= 3 * (8 + hired)
