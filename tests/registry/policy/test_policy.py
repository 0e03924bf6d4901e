"""Parameters and targets by place and day, and snapshots that are replaced or frozen."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.errors import AlreadyFrozen, AlreadySigned, NotFrozen, UnknownParameter
from registry.policy.loading import load_policy
from registry.policy.models import FigureSnapshot, Grade, Parameter, SnapshotKind, Target
from registry.policy.operations import Reading, freeze_divisions, keep_nightly, sign_frozen
from registry.policy.queries import assessments_due, parameter, snapshots, target_for
from tests.factories import DAY, NOW, make_parameter, make_target


def reading(numerator: int, *, on: date = DAY, division_code: str = "3101") -> Reading:
    return Reading("qualified-share", "assigned", on, division_code, numerator, 10, 3, 10)


def test_the_nearest_place_wins(session: Session) -> None:
    make_parameter(session, "limit", 1)
    make_parameter(session, "limit", 2, division_code="31")
    make_parameter(session, "limit", 3, division_code="310101")

    values = [
        parameter(session, "limit", code, DAY)
        for code in ("36", "31", "3101", "310101", "310101002", "310104")
    ]

    assert values == [1, 2, 2, 3, 3, 2]


def test_a_place_that_only_looks_like_a_prefix_does_not_reach(session: Session) -> None:
    make_parameter(session, "limit", 1)
    make_parameter(session, "limit", 9, division_code="310101")

    assert parameter(session, "limit", "310102", DAY) == 1


def test_a_parameter_holds_from_its_first_day_until_its_end(session: Session) -> None:
    change = date(2026, 1, 1)
    make_parameter(session, "limit", [30, 90], valid_to=change)
    make_parameter(session, "limit", [60], valid_from=change)

    assert parameter(session, "limit", "31", change - timedelta(days=1)) == [30, 90]
    assert parameter(session, "limit", "31", change) == [60]


def test_a_parameter_that_is_not_in_force_is_refused_by_name_and_day(session: Session) -> None:
    make_parameter(session, "limit", 1, division_code="36")

    with pytest.raises(UnknownParameter, match=r"2026-11-23.*limit"):
        parameter(session, "limit", "31", DAY)


def test_loading_policy_twice_adds_nothing(session: Session) -> None:
    first = load_policy(session)

    assert first > 0
    assert load_policy(session) == 0


def test_a_shipped_parameter_that_was_changed_is_left_as_it_is(session: Session) -> None:
    load_policy(session)
    session.execute(sa.update(Parameter).where(Parameter.key == "intake.max_rows").values(value=5))

    load_policy(session)

    assert parameter(session, "intake.max_rows", "31", DAY) == 5


def test_the_shipped_parameters_have_the_values_of_the_design(session: Session) -> None:
    load_policy(session)

    assert parameter(session, "intake.max_rows", "31", DAY) == 200_000
    assert parameter(session, "intake.keep_days", "310101", DAY) == 30
    assert parameter(session, "address_change.confirm_workdays", "310101", DAY) == 5
    assert parameter(session, "address_change.days_ahead", "31", DAY) == 60
    assert [
        parameter(session, f"export.rows.{role}", "31", DAY) for role in ("street", "district", "city")
    ] == [
        200,
        1_000,
        5_000,
    ]
    assert parameter(session, "export.per_day", "31", DAY) == 10


def test_every_shipped_parameter_is_read_by_somebody(session: Session) -> None:
    load_policy(session)
    rooms = (Path(__file__).parents[3] / room for room in ("registry", "reports", "portal"))
    code = "".join(file.read_text("utf-8") for room in rooms for file in room.rglob("*.py"))

    assert [key for key in session.scalars(sa.select(Parameter.key)) if f'"{key}"' not in code] == []


def test_every_shipped_row_of_policy_names_its_source(session: Session) -> None:
    load_policy(session)

    assert all(row.source for row in session.scalars(sa.select(Parameter)))
    assert all("沪民残福发〔2023〕4号" in row.source for row in session.scalars(sa.select(Target)))


@pytest.mark.parametrize(
    ("on", "is_carried_on"),
    [(date(2023, 10, 26), False), (date(2025, 12, 31), False), (date(2026, 1, 1), True)],
)
def test_shanghais_share_is_carried_on_after_its_day_of_assessment(
    session: Session, on: date, is_carried_on: bool
) -> None:
    load_policy(session)

    target = target_for(session, "qualified-share", "310101", on)

    assert target is not None
    assert (target.numerator, target.denominator, target.division_code) == (3, 10, "31")
    assert target.assessed_on == date(2025, 12, 31)
    assert target.is_carried_on is is_carried_on
    assert target.grade is Grade.SECOND_HAND


def test_there_is_no_target_before_the_document_elsewhere_or_for_certificates(session: Session) -> None:
    load_policy(session)

    assert target_for(session, "qualified-share", "31", date(2023, 10, 25)) is None
    assert target_for(session, "qualified-share", "36", DAY) is None
    assert target_for(session, "certified-share", "31", DAY) is None


def test_a_later_target_replaces_an_earlier_one(session: Session) -> None:
    make_target(session)
    make_target(
        session, numerator=2, denominator=5, valid_from=date(2026, 6, 1), assessed_on=date(2030, 12, 31)
    )

    target = target_for(session, "qualified-share", "31", DAY)

    assert target is not None
    assert (target.numerator, target.denominator, target.is_carried_on) == (2, 5, False)


def test_an_assessment_is_due_from_its_day(session: Session) -> None:
    make_target(session)

    assert assessments_due(session, date(2025, 12, 30)) == []
    assert len(assessments_due(session, date(2025, 12, 31))) == 1


def test_a_nightly_reading_replaces_that_of_the_same_day_only(session: Session) -> None:
    yesterday = DAY - timedelta(days=1)
    keep_nightly(
        session, [reading(1, on=yesterday), reading(2), reading(8, division_code="31")], at=NOW, by="job"
    )
    keep_nightly(session, [reading(3)], at=NOW, by="job")

    kept = snapshots(
        session, "qualified-share", "assigned", SnapshotKind.NIGHTLY, division_codes=["3101", "31"]
    )

    assert [(row.on, row.division_code, row.numerator) for row in kept] == [
        (yesterday, "3101", 1),
        (DAY, "31", 8),
        (DAY, "3101", 3),
    ]


def test_a_frozen_verdict_is_not_written_again(session: Session) -> None:
    freeze_divisions(session, [reading(2)], at=NOW, by="job")

    with pytest.raises(AlreadyFrozen, match="3101"):
        freeze_divisions(session, [reading(3, division_code="310101"), reading(3)], at=NOW, by="job")

    frozen = session.scalars(
        sa.select(FigureSnapshot).where(FigureSnapshot.kind == SnapshotKind.FROZEN)
    ).all()
    assert [(row.division_code, row.numerator) for row in frozen] == [("3101", 2)]


def test_a_nightly_reading_leaves_the_frozen_one_of_its_day_alone(session: Session) -> None:
    freeze_divisions(session, [reading(2)], at=NOW, by="job")

    keep_nightly(session, [reading(5)], at=NOW, by="job")

    frozen = snapshots(session, "qualified-share", "assigned", SnapshotKind.FROZEN, division_codes=["3101"])
    assert [row.numerator for row in frozen] == [2]


def sign(session: Session, by: str = "示例区级经办", **place: object) -> FigureSnapshot:
    """签认 of the reading that `reading` makes."""
    asked = {"division_code": "3101", "on": DAY} | place
    return sign_frozen(
        session, figure_code="qualified-share", counting_rule="assigned", at=NOW, by=by, **asked
    )


def test_a_frozen_verdict_is_signed_once(session: Session) -> None:
    freeze_divisions(session, [reading(2)], at=NOW, by="job")

    signed = sign(session)

    assert (signed.signed_at, signed.signed_by) == (NOW, "示例区级经办")
    with pytest.raises(AlreadySigned, match="示例区级经办"):
        sign(session, by="另一人")


def test_what_nobody_froze_cannot_be_signed(session: Session) -> None:
    keep_nightly(session, [reading(2)], at=NOW, by="job")

    with pytest.raises(NotFrozen, match="定格"):
        sign(session)


def test_a_nightly_reading_takes_no_signature_in_the_database_either(session: Session) -> None:
    keep_nightly(session, [reading(2)], at=NOW, by="job")

    with pytest.raises(sa.exc.IntegrityError, match="only_what_is_frozen_is_signed"), session.begin_nested():
        session.execute(sa.update(FigureSnapshot).values(signed_at=NOW, signed_by="某人"))
