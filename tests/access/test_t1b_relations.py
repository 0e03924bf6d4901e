"""T1b: every act, role and relation between an account and a record, against `reach.csv`; in the table, and by address.

The last test prints how many cells were compared.
"""

from dataclasses import replace
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import registry.schema
from registry.access.delegations import powers_of
from registry.access.models import Extent, Role
from registry.access.roles import BUSINESS_ROLES
from registry.access.rules import may, readable
from registry.access.scopes import REACHES
from registry.actions import Action
from registry.workforce.models import Practitioner
from tests.access.expectation import handed_over, is_reached, reaches, word_for
from tests.access.geography import relations_of
from tests.access.records import MAKERS
from tests.access.related import related_questions
from tests.access.shares import is_in_share
from tests.access.stage import Stage, performance

MODELS = tuple(model for model in MAKERS if model in REACHES)


@pytest.mark.parametrize("role", Role)
def test_the_table_reaches_as_far_as_it_was_written_and_so_does_its_sql(stage: Stage, role: Role) -> None:
    written, wrong = reaches(), []
    with performance(stage) as connection, Session(connection) as session:
        for model in MODELS:
            records = {
                relation: session.get_one(model, stage.keys[model, spot])
                for relation, spot in relations_of(role)
            }
            for action in Action:
                listed = set(
                    session.scalars(sa.select(model.id).where(readable(model, stage.actors[role], action)))
                )
                for relation, record in records.items():
                    expected = is_reached(written[action, role], relation, model)
                    found = may(stage.actors[role], action, record), record.id in listed
                    if found != (expected, expected):
                        wrong.append((action.value, model.__name__, relation.value, expected, *found))

    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("extent", Extent)
def test_a_deputy_reaches_as_far_as_the_role_in_what_was_handed_over_and_nowhere_else(
    stage: Stage, extent: Extent
) -> None:
    written, least, wrong = reaches(), handed_over(), []
    order = ["always", *Extent]
    with performance(stage) as connection, Session(connection) as session:
        for role, action in product(BUSINESS_ROLES, Action):
            actor = replace(stage.actors[role], limited_to=powers_of(extent))
            is_handed = least[action] in order[: order.index(extent) + 1]
            shown = sa.select(Practitioner.id).where(readable(Practitioner, actor, action))
            listed = set(session.scalars(shown))
            for relation, spot in relations_of(role):
                record = session.get_one(Practitioner, stage.keys[Practitioner, spot])
                expected = is_handed and is_reached(written[action, role], relation, Practitioner)
                found = may(actor, action, record), record.id in listed
                if found != (expected, expected):
                    wrong.append((extent.value, role.value, action.value, relation.value, expected, *found))

    assert not wrong, "\n".join(map(str, wrong))


def test_every_kind_of_record_with_a_reach_lies_on_the_stage() -> None:
    declared = {model for model in REACHES if model.__table__ in registry.schema.metadata.sorted_tables}

    assert declared - set(MODELS) == set(), "give these a maker in tests/access/records.py"


def test_every_act_has_a_row_with_a_word_for_every_role() -> None:
    assert set(reaches()) == {(action.value, role.value) for action in Action for role in Role}
    assert set(handed_over().values()) == {"always", "never", *Extent}


@pytest.mark.parametrize("role", Role)
def test_an_address_answers_for_each_record_as_the_table_reaches_it(stage: Stage, role: Role) -> None:
    with performance(stage) as connection:
        wrong = wrong_answers(stage, connection, role, one_in=24)

    assert wrong == []


def wrong_answers(stage: Stage, connection: sa.Connection, role: Role, *, one_in: int) -> list[str]:
    """What is answered otherwise than it was written; of all cells, one in so many is asked."""
    wrong = []
    for cell in related_questions(stage, role):
        if is_in_share(f"{cell.question.name} {role}", one_in):
            kept = connection.begin_nested()
            found = word_for(cell.question.put(stage, role), cell.question.method)
            kept.rollback()
            if found != cell.expected:
                wrong.append(
                    f"{role} {cell.question.name}: {cell.expected} was written, {found} was answered"
                )
    return wrong
