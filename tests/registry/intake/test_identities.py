"""Identity numbers and phones of a workbook: read as people type them, sealed, compared by index, repeated nowhere."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.intake.declaration import Outcome
from registry.intake.identity_numbers import identity_number as read_identity_number
from registry.intake.identity_numbers import phone as read_phone
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.intake.queries import may_read_file
from registry.intake.tables import RawTable
from registry.organisations.models import Site
from registry.parsing import Cell, CellProblem
from registry.sealing.keyfiles import Purpose, make_key
from registry.sealing.keyring import KeyRing
from registry.workforce.models import FormerNumber, PersonMerge, Practitioner
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE
from tests.factories import make_organisation, make_post, make_practitioner, make_site
from tests.registry.intake.tables import NOW, context, places, said, table_of
from tests.sealing import identity_number, make_ring, seal_identity

ACTOR = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
NUMBER, OTHER = identity_number(1), identity_number(2)
MOBILE = "15400000021"
Row = dict[str, Cell]


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session, make_organisation(session))


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path)


def row(site: Site, **more: Cell) -> Row:
    facts: Row = {
        "人员编号": "示例-0001",
        "姓名": "示例甲",
        "出生年份": "1990",
        "站点编号": site.code,
        "岗位": "社会工作者",
        "用工形式": "专职",
        "是否从事社区康复服务": "是",
        "任职日期": "2020-01-01",
        "身份证号": NUMBER,
        "联系电话": MOBILE,
    }
    return facts | more


def seen(session: Session, ring: KeyRing, *rows: Row, **facts: object) -> Preview:
    raw: RawTable = table_of(*rows)
    return preview(session, PRACTITIONERS, raw, context(seals=ring, **facts))


def loaded(session: Session, ring: KeyRing, *rows: Row, **facts: object) -> Preview:
    found = seen(session, ring, *rows, **facts)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=ACTOR, at=NOW)
    commit(session, found, run=run, actor=ACTOR, at=NOW, trail=Trail(b"key"))
    session.expire_all()
    return found


def kept(session: Session, ring: KeyRing) -> list[tuple[str, str | None, str | None]]:
    """Register number, identity number and phone of everybody, opened."""
    columns = (
        Practitioner.person_no,
        Practitioner.code,
        Practitioner.identity_sealed,
        Practitioner.phone_sealed,
    )
    return [
        (
            number,
            IDENTITY_NUMBER.opened(ring, identity, code) if identity else None,
            PHONE.opened(ring, phone, code) if phone else None,
        )
        for number, code, identity, phone in session.execute(
            sa.select(*columns).order_by(Practitioner.person_no)
        )
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002x ",
        "110105-19491231-002X",
    ],
)
def test_an_identity_number_is_read_as_people_type_it(typed: str):
    assert read_identity_number(typed) == "11010519491231002X"  # the example that GB 11643-1999 prints


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("110105194912310021", "校验位不对"),
        ("11010519491331002X", "不是真实存在的出生日期"),
        ("11010518491231002X", "不是真实存在的出生日期"),
        ("110105491231002", "应为18位，现在是15位"),
        ("1101051949123100二X", "17位数字"),
        ("01010519491231002X", "17位数字"),
        (110105194912310000, "存成了数字"),
        (1.10105194912310e17, "存成了数字"),
        ("1.10105E+17", "存成了数字"),
        ("6.3e17", "存成了数字"),
        ("X" * 4000, "应为18位"),
    ],
)
def test_a_bad_identity_number_is_refused_without_being_repeated(typed: Cell, words: str):
    with pytest.raises(CellProblem) as caught:
        read_identity_number(typed)
    told = f"{caught.value.message}{caught.value.remedy}{caught.value!r}"
    assert words in told
    assert str(typed) not in told


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("15400000001", "15400000001"),
        (15400000001, "15400000001"),
        (15400000001.0, "15400000001"),
        ("＋86 154-0000-0001", "15400000001"),
        ("0086 15400000001", "15400000001"),
        ("021-12345678", "02112345678"),
        ("（0571）1234567", "05711234567"),
    ],
)
def test_a_phone_is_read_as_people_type_it(typed: Cell, number: str):
    assert read_phone(typed) == number


@pytest.mark.parametrize(
    "typed", ["12345678", "1540000000", "25400000001", "见名片", "021-12345678-8001", NUMBER]
)
def test_what_is_no_phone_is_refused_without_being_repeated(typed: str):
    with pytest.raises(CellProblem) as caught:
        read_phone(typed)
    assert typed not in f"{caught.value.message}{caught.value.remedy}"


def test_both_are_sealed_for_the_person_of_the_row(session, ring, site):
    loaded(session, ring, row(site))
    assert kept(session, ring) == [("示例-0001", NUMBER, MOBILE)]
    found = session.scalars(sa.select(Practitioner.person_no).where(IDENTITY_NUMBER.is_value(ring, NUMBER)))
    assert found.all() == ["示例-0001"]


def test_a_file_without_them_needs_no_keys_and_takes_nothing_away(session, ring, site):
    loaded(session, ring, row(site))
    facts = {
        key: value
        for key, value in row(site, 离任日期="2024-01-01").items()
        if key not in ("身份证号", "联系电话")
    }
    found = loaded(session, None, facts)
    assert [one.outcome for one in found.judged] == [Outcome.UPDATE]
    assert kept(session, ring) == [("示例-0001", NUMBER, MOBILE)]


def test_the_second_row_of_a_person_may_leave_them_blank(session, ring, site):
    second = row(make_site(session, make_organisation(session)), 身份证号="", 联系电话="")
    loaded(session, ring, second, row(site))
    assert kept(session, ring) == [("示例-0001", NUMBER, MOBILE)]


def test_the_same_file_again_changes_nothing_also_after_new_keys(session, ring, site):
    loaded(session, ring, row(site))
    make_key(ring.folder, Purpose.INDEX, ring.cipher)
    make_key(ring.folder, Purpose.SEAL, ring.cipher)
    assert [one.outcome for one in seen(session, ring, row(site)).judged] == [Outcome.SAME]


def test_who_was_registered_without_them_gets_them(session, ring, site):
    person = make_practitioner(session, person_no="示例-0001", name="示例甲", birth_year=1990)
    make_post(session, person, site)
    found = loaded(session, ring, row(site))
    assert (found.warnings, kept(session, ring)) == ((), [("示例-0001", NUMBER, MOBILE)])


def test_a_new_phone_is_taken_with_a_warning(session, ring, site):
    loaded(session, ring, row(site))
    found = loaded(session, ring, row(site, 联系电话="15400000002"))
    assert places(found.warnings) == [(2, "J", "联系电话")]
    assert kept(session, ring) == [("示例-0001", NUMBER, "15400000002")]


def test_a_regulator_corrects_an_identity_number_and_is_warned(session, ring, site):
    loaded(session, ring, row(site))
    found = loaded(session, ring, row(site, 身份证号=OTHER))
    assert places(found.warnings) == [(2, "I", "身份证号")]
    assert kept(session, ring) == [("示例-0001", OTHER, MOBILE)]


def test_an_institution_does_not_exchange_an_identity_number(session, ring, site):
    loaded(session, ring, row(site))
    found = seen(session, ring, row(site, 身份证号=OTHER), organisation_id=site.organisation_id)
    assert "与这个人员编号已登记的身份证号不同" in said(found.errors)


def test_one_person_is_recognised_in_another_institution(session, ring, site):
    loaded(session, ring, row(site))
    elsewhere = make_site(session, make_organisation(session))
    found = seen(
        session, ring, row(elsewhere, 人员编号="示例-0002"), organisation_id=elsewhere.organisation_id
    )
    assert places(found.errors) == [(2, "I", "身份证号")]
    assert "已登记在人员编号“示例-0001”名下" in said(found.errors)


def test_one_identity_number_under_two_register_numbers_of_a_file_is_an_error(session, ring, site):
    found = seen(session, ring, row(site), row(site, 人员编号="示例-0002", 姓名="示例乙"))
    assert "与第2行的身份证号相同" in said(found.errors)


def test_two_identity_numbers_under_one_register_number_of_a_file_are_an_error(session, ring, site):
    elsewhere = make_site(session, make_organisation(session))
    found = seen(session, ring, row(site), row(elsewhere, 身份证号=OTHER))
    assert "与第2行的人员编号相同" in said(found.errors)


def test_the_year_of_birth_has_to_agree(session, ring, site):
    found = seen(session, ring, row(site, 出生年份="1991"))
    assert places(found.errors) == [(2, "I", "身份证号")]
    assert "与出生年份不一致" in said(found.errors)


def test_an_identity_number_in_another_column_still_keeps_the_file_out(session, ring, site):
    found = seen(session, ring, row(site, 姓名=NUMBER))
    assert found.holds_identity_numbers
    assert not seen(session, ring, row(site)).holds_identity_numbers


def test_no_finding_and_no_entry_repeats_what_was_typed(session, ring, site):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    found = seen(session, ring, row(site, 身份证号=wrong, 联系电话="154000000012"))
    run = record_preview(session, found, actor=ACTOR, at=NOW)
    assert [problem.value for problem in found.errors] == ["******", "******"]
    loaded(session, ring, row(site))
    told = f"{run.problems} {found!r} {found.problems} " + " ".join(
        str(entry.facts) + entry.reason for entry in session.scalars(sa.select(AuditEntry))
    )
    assert not [value for value in (wrong, NUMBER, MOBILE, "154000000012") if value in told]


@pytest.mark.parametrize(("role", "may"), [(Role.DISTRICT, False), (Role.STATION, True), (Role.CITY, False)])
def test_a_file_with_identity_numbers_is_for_its_sender_and_who_sees_them_whole(
    session, ring, site, role, may
):
    run = record_preview(session, seen(session, ring, row(site)), actor=ACTOR, at=NOW)
    assert may_read_file(Actor(2, "a2", "b", "别人", role, "310101"), run, PRACTITIONERS) is may
    assert may_read_file(ACTOR, run, PRACTITIONERS)


def test_a_known_identity_number_is_found_though_its_owner_is_kept_by_others(session, ring, site):
    person = make_practitioner(session, person_no="示例-0009", birth_year=1990)
    make_post(session, person, make_site(session, make_organisation(session)))
    seal_identity(session, ring, person, identity=NUMBER)
    found = seen(session, ring, row(site), organisation_id=site.organisation_id)
    assert "“示例-0009”" in said(found.errors)


def test_of_two_known_people_with_one_number_the_officers_are_asked(session, ring, site):
    loaded(session, ring, row(site))
    loaded(session, ring, row(site, 人员编号="示例-0002", 身份证号="", 任职日期="2021-03-01"))
    found = loaded(session, ring, row(site, 人员编号="示例-0002", 任职日期="2021-03-01"))
    assert "已登记在人员编号“示例-0001”名下" in said(found.warnings)
    merge = session.scalars(sa.select(PersonMerge)).one()
    assert (merge.kept.person_no, merge.other_no) == ("示例-0001", "示例-0002")
    loaded(session, ring, row(site, 人员编号="示例-0002", 任职日期="2021-03-01"))
    assert session.scalar(sa.select(sa.func.count()).select_from(PersonMerge)) == 1


def test_a_former_number_is_not_loaded_again_and_leads_to_the_one_in_use(session, ring, site):
    person = make_practitioner(session, person_no="示例-0008")
    session.add(
        FormerNumber(
            code="f2345", person_no="示例-0001", name="张示例", merged_at=NOW, practitioner_id=person.id
        )
    )
    session.flush()
    found = seen(session, ring, row(site))
    assert "已并入“示例-0008”" in said(found.errors)
