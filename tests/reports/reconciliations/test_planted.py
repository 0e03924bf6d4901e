"""Three exports with planted differences: every one is found, and nothing that is only written differently is."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from registry.reconciliations.columns import guessed
from registry.reconciliations.comparing import Comparison, compare
from registry.reconciliations.fields import KINDS
from registry.reconciliations.models import Evidence, Outcome, SubjectKind
from registry.reconciliations.ours import Whose, our_side, prefixes_of
from registry.reconciliations.readings import Surroundings
from registry.sealing.keyring import KeyRing
from reports.workbooks.reading import read_table
from tests.factories import DAY, HUANGPU
from tests.reports.reconciliations.planted import PEOPLE, Export, district, export, register
from tests.sealing import make_ring

SYSTEMS = {
    "a csv in GB18030, by identity number": (
        "社工登记导出.csv",
        "institution name identity born profession engagement start_on major".split(),
    ),
    "a legacy xls, by identity number": (
        "人才库.xls",
        "phone school level major name certificate grade valid_to identity institution".split(),
    ),
    "an xlsx without identity numbers, by name and year of birth": (
        "智慧民政导出.xlsx",
        "engagement profession institution valid_to born grade level start_on name phone major".split(),
    ),
}
DIFFERENCES = {Outcome.DIFFERENT, Outcome.THEY_LACK, Outcome.WE_LACK}


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path)


def compared(session: Session, ring: KeyRing, made: Export) -> Comparison:
    kind = KINDS[SubjectKind.PRACTITIONERS]
    table = read_table(made.data, made.file_name)
    said = guessed(SubjectKind.PRACTITIONERS, table.headers, None)
    assert len(said.fields) == len(table.headers), "a head was not recognised"
    around = Surroundings(prefixes_of(session, HUANGPU), said.synonyms(kind), ring)
    ours = our_side(session, SubjectKind.PRACTITIONERS, Whose(HUANGPU), DAY)
    return compare(kind, table, said, ours, around=around, authorities={}, system_id=1)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_planted_difference_is_found_and_nothing_else(
    session: Session, ring: KeyRing, system: str, tell: Callable[[str], None]
) -> None:
    file_name, columns = SYSTEMS[system]
    dice = random.Random(f"planted {file_name}")
    people = district(dice)
    register(session, ring, people)
    made = export(people, columns, dice, file_name=file_name, planted_each=6)

    found = compared(session, ring, made)

    numbers = {one.name: one.person_no for one in people}
    told = {(numbers[one.name], one.field) for one in found.findings if one.outcome in DIFFERENCES}
    missed, wrong = made.differences - told, told - made.differences
    tell(
        f"Reconciliation, {system}: {PEOPLE} people, {made.rows} rows, {found.fields_compared} cells compared, "
        f"{len(made.differences)} planted, {len(made.differences) - len(missed)} found, {len(wrong)} false"
    )
    assert not missed
    assert not wrong
    assert {(numbers[one.name], one.field) for one in of(found, Outcome.LIKELY_SAME)} == made.likely
    assert {numbers[one.name] for one in of(found, Outcome.ONLY_OURS)} == made.only_ours
    assert {one.name for one in of(found, Outcome.ONLY_THEIRS)} == made.only_theirs
    assert {one.name for one in of(found, Outcome.AMBIGUOUS)} == made.ambiguous
    assert found.count(Outcome.UNREADABLE) == made.unreadable
    apart = found.count(Outcome.ONLY_THEIRS, Outcome.AMBIGUOUS, Outcome.UNREADABLE)
    assert found.rows == made.rows == found.matched + apart
    assert found.fields_compared == found.fields_same + len([one for one in found.findings if one.field])


def of(found: Comparison, outcome: Outcome) -> list:
    return [one for one in found.findings if one.outcome is outcome]


def test_no_finding_repeats_an_identity_number_or_a_phone(session: Session, ring: KeyRing) -> None:
    dice = random.Random(5)
    people = district(dice)
    register(session, ring, people)
    made = export(
        people,
        ["name", "identity", "phone", "major", "institution"],
        dice,
        file_name="a.xlsx",
        planted_each=9,
    )

    found = compared(session, ring, made)

    shown = " ".join(f"{one.name} {one.theirs} {one.ours} {one.matter}" for one in found.findings)
    assert found.count(Outcome.DIFFERENT) >= 18
    assert not [one for one in people if one.identity in shown or one.phone in shown]
    assert {one.evidence for one in found.findings if one.field} == {Evidence.IDENTITY_NUMBER}
