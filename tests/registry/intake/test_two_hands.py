"""往返文件, changed at random by two hands: what the register changed meanwhile is never lost without being shown."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.intake.three_way import open_choices
from registry.organisations.models import Site
from registry.sealing.keyring import KeyRing
from registry.workforce.models import Engagement, Practitioner
from tests.factories import (
    make_certificate,
    make_education,
    make_organisation,
    make_post,
    make_practitioner,
    make_site,
)
from tests.registry.intake.round_trips import File, choose, load, taken_people, typed
from tests.sealing import make_ring


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session, make_organisation(session))


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path)


VALUES: dict[str, list[Any]] = {
    "name": ["示例甲", "示例乙", "示例丙"],
    "engagement": [Engagement.FULL_TIME, Engagement.PART_TIME, Engagement.VOLUNTEER],
    "serves_programme": [True, False],
    "end_on": [None, date(2026, 12, 1), date(2027, 1, 1)],
    "major_name": ["社会工作", "社会工作与管理"],
    "grade": ["社会工作师", "助理社会工作师", ""],
    "valid_to": [date(2028, 1, 1), date(2029, 1, 1), date(2030, 1, 1)],
}
HOLDERS = {
    "name": "person",
    "engagement": "post",
    "serves_programme": "post",
    "end_on": "post",
    "major_name": "education",
    "grade": "certificate",
    "valid_to": "certificate",
}


@pytest.mark.parametrize("seed", range(60))
def test_no_change_of_the_register_is_ever_lost_without_being_shown(
    session: Session, ring: KeyRing, site: Site, seed: int
):
    chance = Random(seed)
    people = [_somebody(session, site, number) for number in range(3)]
    session.flush()
    file = taken_people(session, ring, *people)
    before = _register(people)
    for person in people:
        _change_register(chance, person)
    session.flush()
    changed = _register(people)
    _change_file(chance, file)
    found = file.back(session, ring)
    if chance.random() < 0.8 and open_choices(found.differences):
        found = file.back(session, ring, choices=choose(found, chance.choice(["file", "register"])))
    if found.errors:
        assert open_choices(found.differences)
        return  # nothing is written, and what is in the way is shown
    load(session, found)
    after = _register(people)
    told = {(one.owner, one.key) for one in found.differences}
    lost = {place for place in changed if changed[place] not in (before[place], after[place])}
    chosen = {(one.owner, one.key) for one in found.differences if one.chosen is not None}
    assert lost <= chosen
    kept = {place for place in changed if changed[place] != before[place] and after[place] == changed[place]}
    assert {place for place in kept if _file_differs(file, place, changed[place])} <= told


def _somebody(session: Session, site: Site, number: int) -> Practitioner:
    person = make_practitioner(session, person_no=f"示例-{number}", name="示例甲")
    make_post(session, person, site)
    make_education(session, person)
    make_certificate(session, person, number=f"SW{number}")
    return person


def _record(person: Practitioner, key: str) -> Any:
    return {
        "person": person,
        "post": person.posts[0],
        "education": person.education[0],
        "certificate": person.certificates[0],
    }[HOLDERS[key]]


def _register(people: list[Practitioner]) -> dict[tuple[str, str], Any]:
    return {
        (person.person_no, key): getattr(_record(person, key), key) for person in people for key in VALUES
    }


def _change_register(chance: Random, person: Practitioner) -> None:
    for key, values in VALUES.items():
        if chance.random() < 0.15:
            setattr(_record(person, key), key, chance.choice(values))


def _change_file(chance: Random, file: File) -> None:
    heads = {column.key: column.zh for column in file.kind.columns}
    for row in file.rows:
        for key, values in VALUES.items():
            if chance.random() < 0.15:
                row[heads[key]] = typed(chance.choice(values))
    chance.shuffle(file.rows)


def _file_differs(file: File, place: tuple[str, str], value: Any) -> bool:
    number, key = place
    head = next(column.zh for column in file.kind.columns if column.key == key)
    return any(row[head] != typed(value) for row in file.rows if row["人员编号"] == number)
