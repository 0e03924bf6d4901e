"""The same property as in tests/registry/access, ten thousand times."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import Action
from registry.base import Base
from tests.registry.access.worlds import MODELS, World, build, crowds, disagreements, worlds


@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), model=st.sampled_from(MODELS), action=st.sampled_from(Action), crowd=crowds)
def test_row_rule_and_sql_rule_agree_ten_thousand_times(
    session: Session, world: World, model: type[Base], action: Action, crowd: list[Actor]
) -> None:
    with session.begin_nested() as savepoint:
        build(session, world)

        found = disagreements(session, model, action, crowd)

        savepoint.rollback()
        session.expunge_all()
    assert found == []
