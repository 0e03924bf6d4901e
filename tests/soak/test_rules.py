"""T1e: the same property as in tests/registry/access, on ten thousand random trees, for every model with a reach."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.rules import Action
from tests.registry.access.worlds import MODELS, World, disagreements_in, worlds

TREES = 10_000


def test_row_rule_and_sql_rule_agree_on_ten_thousand_trees(
    session: Session, tell: Callable[[str], None]
) -> None:
    seen = [0]

    @settings(max_examples=TREES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(world=worlds, action=st.sampled_from(Action))
    def agree(world: World, action: Action) -> None:
        seen[0] += 1
        assert disagreements_in(session, world, [action]) == []

    agree()
    tell(f"T1e: {seen[0]} random trees, {len(MODELS)} models, 0 disagreements")
    assert seen[0] >= TREES
