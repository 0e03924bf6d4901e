"""往返文件: taken out, changed by two hands, brought back: what the register changed meanwhile stays or is shown."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from registry.intake.declaration import Outcome
from registry.intake.three_way import DifferenceKind
from registry.organisations.models import Site, SiteKind
from registry.sealing.keyring import KeyRing
from registry.workforce.models import Engagement, Practitioner, Profession, Verification
from tests.factories import (
    make_certificate,
    make_division,
    make_education,
    make_organisation,
    make_post,
    make_practitioner,
    make_site,
)
from tests.registry.intake.round_trips import (
    choose,
    load,
    shown,
    taken_people,
    taken_sites,
)
from tests.registry.intake.tables import places, said
from tests.sealing import make_ring


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session, make_organisation(session))


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path)


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    """Two educations and one post: two rows."""
    who = make_practitioner(session, person_no="示例-1", name="示例甲")
    make_post(session, who, site)
    make_education(session, who)
    make_education(session, who, major_code="050101", major_name="汉语言文学")
    make_certificate(session, who, number="SW1")
    session.flush()
    return who


def test_a_file_that_nobody_changed_changes_nothing(session: Session, ring: KeyRing, person: Practitioner):
    file = taken_people(session, ring, person)
    assert [(row["人员编号"], row["专业代码"], row["证书编号"]) for row in file.rows] == [
        ("示例-1", "030302", "SW1"),
        ("示例-1", "050101", ""),
    ]
    assert {row["身份证号"] for row in file.rows} == {""}
    found = file.back(session, ring)
    assert (found.problems, found.differences) == ((), ())
    assert [row.outcome for row in found.judged] == [Outcome.SAME, Outcome.SAME]


def test_what_only_the_file_changed_is_loaded(session: Session, ring: KeyRing, person: Practitioner):
    file = taken_people(session, ring, person)
    file.rows[0]["用工形式"] = "兼职"
    found = file.back(session, ring)
    assert shown(found) == [
        ("changed", "engagement", "full_time", Engagement.FULL_TIME, Engagement.PART_TIME)
    ]
    load(session, found)
    assert person.posts[0].engagement is Engagement.PART_TIME


def test_what_only_the_register_changed_stays_and_is_said(
    session: Session, ring: KeyRing, person: Practitioner
):
    file = taken_people(session, ring, person)
    person.name = "示例乙"
    person.education[1].verification, person.education[1].verified_on = Verification.REJECTED, None
    found = file.back(session, ring)
    assert not found.errors
    assert [(kind, key, now) for kind, key, _base, now, _said in shown(found)] == [
        ("left", "name", "示例乙"),
        ("left", "verification", Verification.REJECTED),
        ("left", "verified_on", None),
    ]
    load(session, found)
    assert (person.name, person.education[1].verification) == ("示例乙", Verification.REJECTED)


def test_what_both_changed_is_refused_until_somebody_chooses(
    session: Session, ring: KeyRing, person: Practitioner
):
    file = taken_people(session, ring, person)
    for row in file.rows:
        row["姓名"] = "示例丙"
    person.name = "示例乙"
    found = file.back(session, ring)
    assert shown(found) == [("conflict", "name", "示例甲", "示例乙", "示例丙")]
    assert places(found.errors) == [(2, "B", "姓名"), (3, "B", "姓名")]
    assert "登记册里这一项也改了" in said(found.errors)


@pytest.mark.parametrize(("keep", "name"), [("register", "示例乙"), ("file", "示例丙")])
def test_the_choice_decides(session: Session, ring: KeyRing, person: Practitioner, keep: str, name: str):
    file = taken_people(session, ring, person)
    for row in file.rows:
        row["姓名"] = "示例丙"
    person.name = "示例乙"
    choices = choose(file.back(session, ring), keep)
    found = file.back(session, ring, choices=choices)
    load(session, found)
    assert person.name == name


def test_a_choice_does_not_hold_for_a_value_that_nobody_was_shown(session: Session, ring: KeyRing, person):
    file = taken_people(session, ring, person)
    file.rows[0]["姓名"] = "示例丙"
    person.name = "示例乙"
    choices = choose(file.back(session, ring), "file")
    person.name = "示例丁"
    assert shown(file.back(session, ring, choices=choices)) == [
        ("conflict", "name", "示例甲", "示例丁", "示例丙")
    ]
    assert file.back(session, ring, choices=choices).errors


def test_what_both_changed_to_the_same_is_no_difference(
    session: Session, ring: KeyRing, person: Practitioner
):
    file = taken_people(session, ring, person)
    for row in file.rows:
        row["姓名"] = "示例丙"
    person.name = "示例丙"
    found = file.back(session, ring)
    assert (found.differences, found.count(Outcome.SAME)) == ((), 2)


def test_a_change_in_one_of_a_persons_rows_is_meant_for_all(
    session: Session, ring: KeyRing, person: Practitioner
):
    file = taken_people(session, ring, person)
    file.rows[1]["姓名"] = "示例丙"
    found = file.back(session, ring)
    assert not found.errors, said(found.errors)
    load(session, found)
    assert person.name == "示例丙"


def test_a_blank_takes_nothing_away_and_is_said(session: Session, ring: KeyRing, person: Practitioner):
    person.posts[0].end_on = date(2026, 12, 1)
    session.flush()
    file = taken_people(session, ring, person)
    for row in file.rows:
        row["离任日期"] = ""
    found = file.back(session, ring)
    assert [one.kind for one in found.differences] == [DifferenceKind.BLANKED]
    assert found.count(Outcome.SAME) == 2


def test_rows_that_were_deleted_are_listed_and_nobody_is(session: Session, ring: KeyRing, person, site: Site):
    other = make_practitioner(session, person_no="示例-2")
    make_post(session, other, site)
    session.flush()
    file = taken_people(session, ring, person, other)
    del file.rows[1:]
    found = file.back(session, ring)
    assert [(one.kind, one.part) for one in found.differences] == [
        (DifferenceKind.MISSING, ("person", ("示例-2",))),
        (
            DifferenceKind.MISSING,
            ("education", ("示例-1", "diploma", "bachelor", "undergraduate", "050101", "示例大学")),
        ),
    ]
    load(session, found)
    assert session.get(Practitioner, other.id) is not None
    assert len(person.education) == 2


def test_a_row_whose_thing_was_corrected_meanwhile_is_refused(session: Session, ring: KeyRing, person):
    file = taken_people(session, ring, person)
    person.posts[0].start_on = date(2020, 2, 1)
    found = file.back(session, ring)
    assert "更正或撤销" in said(found.errors)
    assert {problem.row for problem in found.errors} == {2, 3}


def test_a_new_row_that_meets_something_registered_meanwhile_is_a_conflict(
    session: Session, ring: KeyRing, person, site
):
    file = taken_people(session, ring, person)
    newcomer = dict(file.rows[0]) | {"人员编号": "示例-9", "姓名": "示例新", "证书编号": "SW9"}
    file.rows.append(newcomer)
    assert file.back(session, ring).count(Outcome.CREATE) == 1
    make_post(session, make_practitioner(session, person_no="示例-9", name="示例旧"), site)
    found = file.back(session, ring)
    assert shown(found)[0] == ("conflict", "name", None, "示例旧", "示例新")
    assert found.errors


def test_a_file_of_another_organisation_is_refused(session: Session, ring: KeyRing, person: Practitioner):
    found = taken_people(session, ring, person).back(session, ring, owner="other23456")
    assert "其他单位" in said(found.errors)


def test_a_changed_line_is_refused_in_the_rows_that_it_concerns(
    session: Session, ring: KeyRing, person, site: Site
):
    other = make_practitioner(session, person_no="示例-2")
    make_post(session, other, site)
    session.flush()
    file = taken_people(session, ring, person, other)
    place = next(
        n for n, (line, _sign) in enumerate(file.hidden) if '"kind":"person"' in line and "示例-2" in line
    )
    line, signature = file.hidden[place]
    changed = json.loads(line)
    changed["facts"]["name"] = "别人"
    file.hidden[place] = (
        json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        signature,
    )
    found = file.back(session, ring)
    assert [(problem.row, problem.header) for problem in found.errors] == [(4, "姓名")]
    assert "核对信息被改动" in said(found.errors)


@pytest.mark.parametrize("breakage", ["a line less", "no head", "nonsense", "of another file"])
def test_hidden_lines_that_do_not_hold_refuse_the_file(
    session: Session, ring: KeyRing, person, breakage: str
):
    file, second = taken_people(session, ring, person), taken_people(session, ring, person)
    broken = {
        "a line less": file.hidden[:-1],
        "no head": file.hidden[1:],
        "nonsense": [("{", "x"), *file.hidden[1:]],
        "of another file": [second.hidden[0], *file.hidden[1:]],
    }
    file.hidden = broken[breakage]
    assert "核对信息" in said(file.back(session, ring).errors)


def test_a_provider_takes_out_and_is_told_only_of_posts_of_its_own(
    session: Session, ring: KeyRing, person, site
):
    elsewhere = make_site(session, make_organisation(session))
    make_post(session, person, elsewhere, profession=Profession.NURSE)
    session.flush()
    own = {"organisation_id": site.organisation_id, "division_code": "31"}
    file = taken_people(session, ring, person, **own)
    assert {row["站点编号"] for row in file.rows} == {site.code}
    stranger = make_practitioner(session, person_no="示例-7", name="不可见")
    make_post(session, stranger, elsewhere)
    file.rows[0]["人员编号"] = "示例-7"
    found = file.back(session, ring, **own)
    assert "不可见" not in said(found.errors)
    assert "不可见" not in str(shown(found))
    assert found.errors


def test_a_site_goes_out_and_comes_back(session: Session, ring: KeyRing, site: Site):
    for code in ("310101", "310101002"):
        make_division(session, code)
    site.latitude, site.longitude, site.precision = 31.2304567, 121.4737123, "street"
    session.flush()
    session.expire(site)
    file = taken_sites(session, ring, site)
    assert file.back(session, ring).count(Outcome.SAME) == 1
    file.rows[0]["类型"] = "医院"
    file.rows[0]["机构名称"] = "改名了的机构"
    site.address = "示例路9号"
    found = file.back(session, ring)
    assert [(one.kind.value, one.key) for one in found.differences] == [
        ("changed", "kind"),
        ("left", "address"),
        ("fixed", "organisation_name"),
    ]
    load(session, found)
    assert (site.kind, site.address, site.latitude) == (SiteKind.HOSPITAL, "示例路9号", 31.2304567)
