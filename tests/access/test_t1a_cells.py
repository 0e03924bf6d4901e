"""T1a: the expectation that people wrote (expectation.py) speaks of every address, method and account there is.

The cells themselves are asked in test_tours.py.
"""

from collections.abc import Callable, Iterator

import pytest
from werkzeug.routing import Rule

from tests.access.addresses import addresses, names_a_record, nobodys
from tests.access.expectation import WORDS, rows
from tests.access.stage import WHO, Stage, performance

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def test_every_address_has_its_rows_and_every_row_its_address(stage: Stage) -> None:
    asked = {(rule.endpoint, method) for rule in addresses(stage) for method in methods_of(rule)}
    written = {(row.endpoint, row.method) for row in rows()}

    assert sorted(asked - written) == [], "these addresses have no row in expected.csv"
    assert sorted(written - asked) == [], "these rows of expected.csv have no address"


def test_no_two_addresses_share_a_row(stage: Stage) -> None:
    endpoints = [rule.endpoint for rule in addresses(stage)]

    assert sorted(endpoints) == sorted(set(endpoints))


def test_whatever_names_a_record_is_asked_for_one_outside_too(stage: Stage) -> None:
    named = {rule.endpoint for rule in addresses(stage) if names_a_record(stage, rule)}
    asked = {place: {row.endpoint for row in rows() if row.record == place} for place in ("own", "outside")}

    assert sorted(named - asked["own"]) == sorted(named - asked["outside"]) == []


def test_the_table_has_a_column_for_everybody_and_no_other_words(tell: Callable[[str], None]) -> None:
    table = rows()

    assert {tuple(row.cells) for row in table} == {tuple(str(who) for who in WHO)}
    assert {word for row in table for word in row.cells.values()} == set(WORDS)
    assert len({row.name for row in table}) == len(table)
    tell(f"T1a: {len(table) * len(WHO)} cells of {len(table)} rows, for {len(WHO)} accounts")


@pytest.mark.parametrize("who", ["district"])
def test_no_address_answers_to_a_method_that_it_does_not_have(stage: Stage, who: str) -> None:
    with performance(stage):
        answers = {
            (rule.endpoint, method): stage.ask(who, method, nobodys(rule)).status_code
            for rule in addresses(stage)
            for method in METHODS
            if method not in (rule.methods or ())
        }

    assert {key: status for key, status in answers.items() if status != 405} == {}


def methods_of(rule: Rule) -> Iterator[str]:
    """What a person or a program asks by; HEAD and OPTIONS come with every address."""
    return (method for method in sorted(rule.methods or ()) if method in METHODS)
