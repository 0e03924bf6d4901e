"""Small random worlds for the permission table: a tree of lookalike codes, and rows of everything that has a reach.

Which tables are filled follows from the reaches that are declared, and how an actor is made from his fields.
"""

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.rules import Action, may, readable
from registry.access.scopes import REACHES
from registry.base import Base
from registry.divisions.codes import NATION
from registry.schema import metadata
from tests.registry.access.rows import Filler, pointed_table

LOOKALIKES = (
    *("31", "32", "99"),
    *("3101", "3102", "3110", "9999"),
    *("310101", "310102", "310110", "310199", "310201", "999999"),
    *("310101001", "310101010", "310101999", "310102001", "310110101", "310201001"),
    *("310101001001", "310101010001", "310102001001"),
)
"""310101, 3101010… and 310110… look alike and lie in different places; 99 and 310101999 end a range."""
STEPS = {2: ("01", "10", "02", "99"), 3: ("001", "010", "101", "999")}
"""What a code goes on with: each looks like the beginning or the end of another."""

MODELS: tuple[type[Base], ...] = tuple(
    model
    for model in REACHES
    if issubclass(model, Base) and model.__table__ in metadata.sorted_tables  # a trial may declare its own
)


@dataclass(frozen=True)
class World:
    """One random tree with its rows."""

    seed: int
    most: int
    """Rows of a table."""


worlds = st.builds(World, seed=st.integers(0, 2**32 - 1), most=st.integers(1, 5))


def tree(random: Random) -> list[str]:
    """Codes of one random tree of divisions, down to any depth, with some that look like those of another."""
    codes = [random.choice(("31", "32", "99")), *random.sample(LOOKALIKES, 4)]
    for _ in range(random.randint(3, 12)):
        above = random.choice(codes)
        if len(above) < 12:
            codes.append(above + random.choice(STEPS[2 if len(above) < 6 else 3]))
    return codes


def build(session: Session, world: World) -> Sequence[Actor]:
    """Inserts the rows of the world; a crowd of actors who stand somewhere in it."""
    random = Random(world.seed)
    codes = tree(random)
    filler = Filler(random, codes, world.most)
    for table in filled_tables():
        rows = filler.rows_of(table)
        if rows:
            session.execute(sa.insert(table), rows)
    return [an_actor(random, codes) for _ in range(4)]


def filled_tables() -> list[sa.Table]:
    """Those with a reach, those between two of them, and what they point at."""
    reached = {model.__table__ for model in MODELS}
    between = {table for table in metadata.sorted_tables if len(_pointed_at(table) & reached) > 1}
    wanted = reached | between
    while more := {other for table in wanted for other in _pointed_at(table)} - wanted:
        wanted |= more
    return [table for table in metadata.sorted_tables if table in wanted]


def _pointed_at(table: sa.Table) -> set[sa.Table]:
    names = (pointed_table(column) for column in table.columns)
    return {metadata.tables[name] for name in names if name is not None and name != table.name}


def an_actor(random: Random, codes: Sequence[str]) -> Actor:
    """In any role, at any place, in any organisation or none; whatever else an actor has is drawn too."""
    role, place = random.choice(list(Role)), random.choice((*codes, NATION))
    said = {"role": role, "division_code": place, "organisation_id": random.choice((None, 1, 2, 3))}
    return Actor(**{one.name: said.get(one.name, _drawn(random, one)) for one in fields(Actor)})


def _drawn(random: Random, one: Field[Any]) -> Any:
    if one.default is not MISSING and random.random() < 0.5:
        return one.default
    if "Action" in str(one.type):
        return frozenset(random.sample(list(Action), random.randint(0, len(Action))))
    return {int: 1, str: one.name}.get(one.type, None if one.default is MISSING else one.default)


def disagreements_in(session: Session, world: World, actions: Sequence[Action]) -> list[Any]:
    """What the two forms of the rules say differently in a world, which is gone afterwards."""
    with session.begin_nested() as savepoint:
        crowd = build(session, world)
        found = list(disagreements(session, actions, crowd))
        savepoint.rollback()
        session.expunge_all()
    return found


def disagreements(
    session: Session, actions: Sequence[Action], crowd: Sequence[Actor]
) -> Iterator[tuple[str, str, Actor, set[int], set[int]]]:
    """Where the rows that the predicate allows are not the rows that the SQL finds."""
    for model in MODELS:
        rows = session.scalars(sa.select(model)).all()
        for action in actions:
            for actor in crowd:
                allowed = {row.id for row in rows if may(actor, action, row)}
                listed = set(session.scalars(sa.select(model.id).where(readable(model, actor, action))))
                if allowed != listed:
                    yield model.__name__, action.value, actor, allowed, listed
