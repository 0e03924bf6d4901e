"""The workbook of practitioners: people, their posts, education and certificates, and never an identity number."""

from collections.abc import Sequence
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.intake.declaration import Outcome
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.intake.problems import facts_of
from registry.intake.tables import RawTable
from registry.organisations.models import Site
from registry.parsing import Cell
from registry.workforce.models import (
    Catalogue,
    Certificate,
    CertificateKind,
    Education,
    EducationForm,
    EducationLevel,
    Engagement,
    Post,
    Practitioner,
    Profession,
    Verification,
)
from registry.workforce.verifying import VERIFY_WORKDAYS
from tests.factories import (
    make_certificate,
    make_organisation,
    make_parameter,
    make_post,
    make_practitioner,
    make_site,
)
from tests.registry.intake.tables import NOW, context, places, said, table_of

ACTOR = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
IDENTITY_NUMBER = "310101199001010011"
Row = dict[str, Cell]

EDUCATION: Row = {
    "学历层次": "本科",
    "专业目录": "本科专业目录",
    "专业代码": "030302",
    "专业名称": "社会工作",
    "毕业院校": "示例大学",
    "取得日期": "2012-07-01",
    "核验情况": "已核验",
    "核验日期": "2020-03-01",
}
CERTIFICATE: Row = {
    "证书种类": "社会工作者职业水平证书",
    "证书级别": "社会工作师",
    "证书编号": "示例0001",
    "发证日期": "2018-06-01",
    "有效期起": "2018-06-01",
    "有效期止": "2028-06-01",
}


@pytest.fixture
def site(session: Session) -> Site:
    make_parameter(session, VERIFY_WORKDAYS, 10)
    return make_site(session, make_organisation(session))


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
        "离任日期": "",
    }
    return facts | more


def seen(session: Session, raw: RawTable, **facts: object) -> Preview:
    return preview(session, PRACTITIONERS, raw, context(**facts))


def loaded(session: Session, raw: RawTable) -> Preview:
    found = seen(session, raw)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=ACTOR, at=NOW)
    commit(session, found, run=run, actor=ACTOR, at=NOW, trail=Trail(b"key"))
    session.expire_all()
    return found


def people(session: Session) -> Sequence[Practitioner]:
    return session.scalars(sa.select(Practitioner).order_by(Practitioner.person_no)).all()


def outcomes(found: Preview) -> list[Outcome]:
    return [judged.outcome for judged in found.judged]


def test_a_row_becomes_a_person_with_a_post_a_diploma_and_a_certificate(session: Session, site: Site):
    loaded(session, table_of(row(site) | EDUCATION | CERTIFICATE))
    person = people(session)[0]
    assert (person.person_no, person.name, person.birth_year) == ("示例-0001", "示例甲", 1990)
    post = person.posts[0]
    assert (post.site_id, post.profession, post.engagement) == (
        site.id,
        Profession.SOCIAL_WORKER,
        Engagement.FULL_TIME,
    )
    assert (post.serves_programme, post.start_on, post.end_on) == (True, date(2020, 1, 1), None)
    studied = person.education[0]
    assert (studied.form, studied.level) == (EducationForm.DIPLOMA, EducationLevel.BACHELOR)
    assert (studied.catalogue, studied.major_code) == (Catalogue.UNDERGRADUATE, "030302")
    assert (studied.verification, studied.verified_on) == (Verification.VERIFIED, date(2020, 3, 1))
    held = person.certificates[0]
    assert (held.kind, held.number) == (CertificateKind.SOCIAL_WORKER, "示例0001")
    assert (held.issued_on, held.valid_to) == (date(2018, 6, 1), date(2028, 6, 1))


def test_a_second_diploma_takes_a_second_row_of_the_same_post(session: Session, site: Site):
    master = EDUCATION | {"学历层次": "硕士研究生", "专业目录": "研究生学科专业目录", "专业代码": "035200"}
    loaded(session, table_of(row(site) | EDUCATION, row(site) | master))
    person = people(session)[0]
    assert len(person.posts) == 1
    assert sorted(education.major_code for education in person.education) == ["030302", "035200"]


def test_the_second_post_of_a_person_may_leave_education_and_certificates_blank(session: Session, site: Site):
    other = make_site(session, make_organisation(session))
    first = row(site) | EDUCATION | CERTIFICATE
    second = row(other) | dict.fromkeys(EDUCATION | CERTIFICATE, "")
    loaded(session, table_of(first, second))
    assert len(people(session)[0].posts) == 2
    assert len(people(session)[0].education) == 1


def test_the_site_may_be_named_by_credit_code_and_name(session: Session, site: Site):
    facts = row(site, 站点编号="", 统一社会信用代码=site.organisation.uscc or "", 站点名称=site.name)
    loaded(session, table_of(facts))
    assert people(session)[0].posts[0].site_id == site.id


def test_the_only_site_of_an_institution_needs_no_name(session: Session, site: Site):
    loaded(session, table_of(row(site, 站点编号="", 统一社会信用代码=site.organisation.uscc or "")))
    assert people(session)[0].posts[0].site_id == site.id


def test_the_sites_to_choose_from_are_named_where_the_name_fits_none(session: Session, site: Site):
    make_site(session, site.organisation, name="第二服务点")
    facts = row(site, 站点编号="", 统一社会信用代码=site.organisation.uscc or "", 站点名称="第三服务点")
    found = seen(session, table_of(facts))
    assert "第二服务点" in said(found.errors)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"站点编号": "nosuchcode"}, "没有这个站点编号"),
        ({"站点编号": ""}, "没有写明任职的站点"),
        ({"岗位": "魔术师"}, "不在可填的词中"),
        ({"出生年份": "90"}, "四位数的年份"),
        ({"出生年份": "2010"}, "任职时不满16周岁"),
        ({"任职日期": "2026/2/30"}, "日期不存在"),
        ({"离任日期": "2019-12-31"}, "离任日期不晚于任职日期"),
        ({"姓名": ""}, "必填"),
        ({"是否从事社区康复服务": "有时"}, "请填“是”或“否”"),
    ],
)
def test_a_bad_cell_is_refused_in_words_that_fit(session: Session, site: Site, change: Row, words: str):
    found = seen(session, table_of(row(site) | change))
    assert words in said(found.errors)
    assert outcomes(found) == [Outcome.ERROR]


def test_an_unknown_institution_is_answered_with_what_to_load_first(session: Session, site: Site):
    found = seen(session, table_of(row(site, 站点编号="", 统一社会信用代码="91110000600037341L")))
    assert "请先导入机构和站点" in said(found.errors)


def test_a_person_twice_in_one_institution_at_once_is_an_error_that_names_the_other_row(
    session: Session, site: Site
):
    second_site = make_site(session, site.organisation)
    found = seen(
        session,
        table_of(
            row(site, 离任日期="2024-06-01"),
            row(second_site, 岗位="护士", 任职日期="2024-05-31"),
        ),
    )
    assert places(found.errors) == [(3, "H", "任职日期")]
    assert "与第2行重叠" in said(found.errors)


def test_one_post_may_begin_on_the_day_the_other_has_ended(session: Session, site: Site):
    loaded(session, table_of(row(site, 离任日期="2024-06-01"), row(site, 岗位="护士", 任职日期="2024-06-01")))
    assert len(people(session)[0].posts) == 2


def test_a_person_in_two_institutions_at_once_is_no_error(session: Session, site: Site):
    loaded(session, table_of(row(site), row(make_site(session, make_organisation(session)))))
    assert len(people(session)[0].posts) == 2


def test_a_post_that_overlaps_a_registered_one_is_an_error(session: Session, site: Site):
    person = make_practitioner(session, person_no="示例-0001", name="示例甲", birth_year=1990)
    make_post(session, person, site, profession=Profession.NURSE)
    found = seen(session, table_of(row(site)))
    assert "与已登记的任职重叠" in said(found.errors)


def test_ending_the_registered_post_in_the_same_file_makes_room(session: Session, site: Site):
    person = make_practitioner(session, person_no="示例-0001", name="示例甲", birth_year=1990)
    make_post(session, person, site, profession=Profession.NURSE)
    found = loaded(
        session, table_of(row(site, 岗位="护士", 离任日期="2026-01-01"), row(site, 任职日期="2026-01-01"))
    )
    assert outcomes(found) == [Outcome.UPDATE, Outcome.CREATE]
    assert [post.end_on for post in people(session)[0].posts] == [date(2026, 1, 1), None]


def test_one_number_for_two_people_is_an_error(session: Session, site: Site):
    found = seen(session, table_of(row(site), row(site, 姓名="示例乙")))
    assert "与第2行的人员编号相同" in said(found.errors)


def test_a_registered_number_under_another_name_and_year_is_an_error(session: Session, site: Site):
    make_practitioner(session, person_no="示例-0001", name="示例丙", birth_year=1960)
    assert "已登记在另一人名下" in said(seen(session, table_of(row(site))).errors)


def test_a_corrected_name_is_taken_with_a_warning(session: Session, site: Site):
    make_practitioner(session, person_no="示例-0001", name="示例旧名", birth_year=1990)
    found = loaded(session, table_of(row(site)))
    assert places(found.warnings) == [(2, "B", "姓名")]
    assert people(session)[0].name == "示例甲"


def test_a_group_that_is_filled_in_part_is_reported_at_each_gap(session: Session, site: Site):
    found = seen(session, table_of(row(site) | EDUCATION | {"专业代码": "", "毕业院校": ""}))
    assert [problem.header for problem in found.errors] == ["专业代码", "毕业院校"]


def test_a_verified_diploma_needs_its_day(session: Session, site: Site):
    found = seen(session, table_of(row(site) | EDUCATION | {"核验日期": ""}))
    assert [problem.header for problem in found.errors] == ["核验日期"]


def test_a_diploma_that_is_not_verified_has_no_day(session: Session, site: Site):
    found = seen(session, table_of(row(site) | EDUCATION | {"核验情况": "核验中"}))
    assert "却填了核验日期" in said(found.errors)


@pytest.mark.parametrize(("word", "meant"), [("是", "verified"), ("否", "rejected"), ("核验中", "pending")])
def test_verification_may_be_said_as_yes_no_or_pending(session: Session, site: Site, word: str, meant: str):
    facts = row(site) | EDUCATION | {"核验情况": word, "核验日期": "2020-03-01" if word == "是" else ""}
    loaded(session, table_of(facts))
    assert people(session)[0].education[0].verification == meant


def test_a_diploma_of_tomorrow_is_an_error(session: Session, site: Site):
    found = seen(session, table_of(row(site) | EDUCATION | {"取得日期": "2026-11-24"}))
    assert "取得日期在今天之后" in said(found.errors)


def test_a_certificate_of_somebody_else_is_an_error(session: Session, site: Site):
    make_certificate(session, make_practitioner(session), number="示例0001")
    make_practitioner(session, person_no="示例-0001", name="示例甲", birth_year=1990)
    found = seen(session, table_of(row(site) | CERTIFICATE))
    assert "已登记在另一人名下" in said(found.errors)


def test_one_certificate_for_two_people_of_the_file_is_an_error(session: Session, site: Site):
    found = seen(
        session,
        table_of(row(site) | CERTIFICATE, row(site, 人员编号="示例-0002", 姓名="示例乙") | CERTIFICATE),
    )
    assert "与第2行的证书编号相同" in said(found.errors)


@pytest.mark.parametrize("column", ["人员编号", "姓名", "证书编号", "备注"])
def test_an_identity_number_in_any_column_is_refused_and_kept_nowhere(
    session: Session, site: Site, column: str
):
    found = seen(session, table_of(row(site) | CERTIFICATE | {column: IDENTITY_NUMBER}))
    assert "这一列不能填" in said(found.errors)
    assert found.holds_identity_numbers
    run = record_preview(session, found, actor=ACTOR, at=NOW)
    assert IDENTITY_NUMBER not in str(run.problems)
    assert IDENTITY_NUMBER not in str([facts_of(problem) for problem in found.problems])


def test_a_file_loaded_again_changes_nothing(session: Session, site: Site):
    raw = table_of(row(site) | EDUCATION | CERTIFICATE)
    loaded(session, raw)
    assert outcomes(seen(session, raw)) == [Outcome.SAME]


def test_an_ended_post_and_a_verified_diploma_are_updates(session: Session, site: Site):
    pending = EDUCATION | {"核验情况": "核验中", "核验日期": ""}
    loaded(session, table_of(row(site) | pending | CERTIFICATE))
    found = loaded(session, table_of(row(site, 离任日期="2026-06-01") | EDUCATION | CERTIFICATE))
    assert outcomes(found) == [Outcome.UPDATE]
    person = people(session)[0]
    assert person.posts[0].end_on == date(2026, 6, 1)
    assert person.education[0].verified_on == date(2020, 3, 1)


def test_a_site_outside_the_loaders_reach_is_an_error(session: Session, site: Site):
    assert "不在您可以导入的范围内" in said(seen(session, table_of(row(site)), division_code="310115").errors)
    elsewhere = make_organisation(session)
    assert "不在您可以导入的范围内" in said(
        seen(session, table_of(row(site)), organisation_id=elsewhere.id).errors
    )
    assert seen(session, table_of(row(site)), organisation_id=site.organisation_id).is_committable


@pytest.mark.parametrize(
    ("profession", "typed", "is_direct"),
    [
        ("社会工作者", "", True),
        ("机构负责人", "", False),
        ("行政后勤", "", False),
        ("志愿者", "", False),
        ("机构负责人", "是", True),
        ("护士", "否", False),
    ],
)
def test_direct_service_is_what_was_typed_or_what_the_profession_says(
    session, site, profession, typed, is_direct
) -> None:
    loaded(session, table_of(row(site, 岗位=profession, 直接服务=typed)))

    assert session.scalars(sa.select(Post.direct_service)).all() == [is_direct]


def test_a_blank_leaves_direct_service_as_it_is_registered(session, site) -> None:
    loaded(session, table_of(row(site, 直接服务="否")))

    found = loaded(session, table_of(row(site)))

    assert [one.outcome for one in found.judged] == [Outcome.SAME]
    assert session.scalars(sa.select(Post.direct_service)).all() == [False]


def test_rows_of_a_load_have_codes_of_their_own(session, site) -> None:
    loaded(session, table_of(row(site) | EDUCATION | CERTIFICATE))

    for model in (Post, Education, Certificate):
        assert all(len(code) == 10 for code in session.scalars(sa.select(model.code)))
