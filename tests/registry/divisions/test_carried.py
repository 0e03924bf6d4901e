"""Targets and parameters of a place go on for its successor from the day of a change."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.operations import undo_change
from registry.policy.models import Parameter, Target
from tests.factories import LONG_AGO, NOW, make_parameter, make_target
from tests.registry.divisions.changing import STREETS, X, line, make

A, B = STREETS[:2]
D = "310101009"


def rows(session: Session, model: type) -> list[tuple[str, object]]:
    columns = model.__table__.c  # type: ignore[attr-defined]  # a mapped class
    found = session.execute(sa.select(columns.division_code, columns.valid_from).order_by(columns.id))
    return [(code, begins) for code, begins in found]


def test_a_successor_gets_a_copy_and_the_old_code_keeps_its_own_days(tree: Session):
    make_target(tree, division_code=A)
    make_parameter(tree, "trial", 5, division_code=A, valid_from=LONG_AGO)
    change = make(tree, line("merge", A, B))

    assert rows(tree, Target) == [(A, LONG_AGO), (B, X)]
    assert (B, X) in rows(tree, Parameter)
    undo_change(tree, change.code, at=NOW, by="李示例")
    assert rows(tree, Target) == [(A, LONG_AGO)]


def test_a_division_that_has_its_own_keeps_it(tree: Session):
    make_target(tree, division_code=A)
    make_target(tree, division_code=B, numerator=2, denominator=5)
    make(tree, line("merge", A, B))

    assert rows(tree, Target) == [(A, LONG_AGO), (B, LONG_AGO)]


def test_of_two_that_merge_into_a_new_one_the_first_of_the_file_is_carried_over(tree: Session):
    make_target(tree, division_code=A)
    make_target(tree, division_code=B, numerator=2, denominator=5)
    make(tree, line("merge", A, D, "丁街道"), line("merge", B, D, "丁街道"))

    new = tree.execute(sa.select(Target.numerator, Target.denominator).where(Target.division_code == D)).one()
    assert tuple(new) == (3, 10)


def test_a_new_name_carries_nothing(tree: Session):
    make_target(tree, division_code=A)
    make(tree, line("rename", A, A, "新甲街道"))

    assert rows(tree, Target) == [(A, LONG_AGO)]
