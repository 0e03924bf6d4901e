"""How a stated fact stands to what is on file: same, next, or a correction that leaves the old one there."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.dossiers.facts import StatedFact, picture_on
from registry.dossiers.models import Dossier, FactKind
from registry.dossiers.operations import Source, put_on_file
from tests.dossiers_factories import make_dossier, make_fact
from tests.factories import NOW

NEWER = Source("示例市社会组织名单（2026年11月）", date(2026, 11, 20), NOW, "王示例")
CHECK = FactKind.ANNUAL_CHECK


def state(dossier: Dossier) -> list[tuple[str, str, bool]]:
    return [(fact.kind.value, fact.value, fact.is_in_force) for fact in dossier.facts]


def test_the_same_on_a_newer_list_is_no_news(session: Session) -> None:
    dossier = make_dossier(session)
    make_fact(session, dossier, CHECK, "passed", date(2026, 10, 31), 2025)
    stated = [
        StatedFact(FactKind.REGISTRATION, "normal", date(2026, 11, 20)),
        StatedFact(CHECK, "passed", date(2026, 11, 20), 2025),
    ]
    assert put_on_file(session, dossier, stated, NEWER) == 0


def test_a_deregistration_follows_and_the_history_keeps_both(session: Session) -> None:
    dossier = make_dossier(session)
    put_on_file(
        session, dossier, [StatedFact(FactKind.REGISTRATION, "deregistered", date(2026, 11, 10))], NEWER
    )
    assert state(dossier) == [("registration", "normal", True), ("registration", "deregistered", True)]
    assert picture_on(dossier.facts, date(2026, 11, 9)).is_normal
    assert not picture_on(dossier.facts, date(2026, 11, 10)).is_normal


@pytest.mark.parametrize(
    ("kind", "old", "new", "year"),
    [
        (CHECK, ("passed", date(2026, 10, 31)), ("failed", date(2026, 11, 20)), 2025),
        (FactKind.RECOGNITION, ("recognised", date(2025, 3, 1)), ("recognised", date(2025, 3, 10)), None),
        (FactKind.REGISTERED_ON, ("2019-05-06", date(2019, 5, 6)), ("2019-06-05", date(2019, 6, 5)), None),
        (FactKind.CERTIFICATE, ("证1", date(2024, 1, 2)), ("证1", date(2024, 2, 1)), None),
        (FactKind.CERTIFICATE, ("证1", date(2024, 1, 2)), ("证7", date(2024, 1, 2)), None),
        (FactKind.ABNORMAL, ("listed", date(2026, 3, 1)), ("listed", date(2026, 2, 1)), None),
    ],
)
def test_a_correction_takes_the_place_and_overwrites_nothing(
    session: Session,
    kind: FactKind,
    old: tuple[str, date],
    new: tuple[str, date],
    year: int | None,
) -> None:
    dossier = make_dossier(session)
    wrong = make_fact(session, dossier, kind, *old, year)
    assert put_on_file(session, dossier, [StatedFact(kind, *new, year)], NEWER) == 1
    right = dossier.facts[-1]
    assert wrong.replaced_by_id == right.id
    assert (wrong.value, wrong.on) == old
    assert (right.value, right.on, right.document, right.recorded_by) == (*new, NEWER.document, "王示例")


def test_a_second_listing_after_a_removal_follows(session: Session) -> None:
    dossier = make_dossier(session)
    make_fact(session, dossier, FactKind.ABNORMAL, "listed", date(2024, 3, 1))
    make_fact(session, dossier, FactKind.ABNORMAL, "removed", date(2024, 9, 1))
    put_on_file(session, dossier, [StatedFact(FactKind.ABNORMAL, "listed", date(2026, 5, 1))], NEWER)
    assert all(fact.is_in_force for fact in dossier.facts)
    assert picture_on(dossier.facts, date(2024, 10, 1)).abnormal_on is None
    assert picture_on(dossier.facts, date(2026, 6, 1)).abnormal_on == date(2026, 5, 1)
