"""Undoing a load: the register is as it was before, but for what others have touched since."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.base import Base
from registry.dossiers.models import Dossier
from registry.errors import InvalidInput
from registry.intake.declaration import WorkbookKind
from registry.intake.journal import unpacked
from registry.intake.kinds.dossiers import CHARITIES
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.sites import SITES
from registry.intake.models import IntakeRun, IntakeState, JournalPage
from registry.intake.operations import commit, record_preview
from registry.intake.preview import preview
from registry.intake.traces import Why
from registry.intake.undoing import forget_journals, may_be_undone, undo, undoing_from
from registry.organisations.models import Organisation, Site, SitePlacement
from registry.workforce.models import Certificate, Post, Practitioner
from tests.factories import make_division, make_organisation, make_parameter, make_site, make_uscc
from tests.registry.intake.tables import NOW, context, said, table_of
from tests.sealing import make_ring

CITY = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
TRAIL = Trail(b"k" * 32)
NOT_THE_REGISTER = {"audit_entry", "audit_head", "intake_run", "intake_journal_page", "register_mark"}
Row = dict[str, Any]
Picture = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def divided(session: Session) -> Session:
    for code in ("31", "3101", "310101", "310104"):
        make_division(session, code)
    make_parameter(session, "intake.undo_days", "7")
    return session


@pytest.fixture
def site(divided: Session) -> Site:
    return make_site(divided, make_organisation(divided, uscc=make_uscc(1)), name="示例服务点")


def person(number: int, site: Site, **facts: Any) -> Row:
    return {
        "人员编号": f"示例-{number:04}",
        "姓名": f"示例{number}",
        "出生年份": 1985,
        "站点编号": site.code,
        "岗位": "社会工作者",
        "用工形式": "专职",
        "是否从事社区康复服务": "是",
        "任职日期": "2024-03-01",
    } | facts


def place(name: str, **facts: Any) -> Row:
    return {"机构名称": name, "类型": "社区康复点", "所在区划": "310101"} | facts


def load(session: Session, kind: WorkbookKind[Any], *rows: Row, **facts: Any) -> IntakeRun:
    found = preview(session, kind, table_of(*rows), context(**facts))
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=CITY, at=NOW)
    commit(session, found, run=run, actor=CITY, at=NOW, trail=TRAIL)
    return run


def undone(session: Session, run: IntakeRun, after: timedelta = timedelta(days=1)) -> Any:
    return undo(session, run, actor=CITY, at=NOW + after, trail=TRAIL)


def picture(session: Session) -> Picture:
    """Every row of the register by its table; versions and times of change only ever go forward."""
    session.flush()
    tables = (table for table in Base.metadata.sorted_tables if table.name not in NOT_THE_REGISTER)
    return {table.name: sorted(map(repr, _rows(session, table))) for table in tables}


def _rows(session: Session, table: sa.Table) -> Iterator[tuple[Any, ...]]:
    columns = [column for column in table.c if column.name not in ("version", "updated_at")]
    yield from map(tuple, session.connection().execute(sa.select(*columns)))


def test_undoing_takes_away_what_the_load_made(divided: Session, site: Site) -> None:
    before = picture(divided)
    run = load(divided, PRACTITIONERS, person(1, site), person(2, site))

    done = undone(divided, run)

    assert (done.removed, done.restored, done.kept) == ({"practitioner": 2, "post": 2}, {}, ())
    assert picture(divided) == before
    assert (run.state, run.undone_at, run.undone_by) == (IntakeState.UNDONE, NOW + timedelta(days=1), "示例")


def test_undoing_puts_back_what_the_load_changed_and_raises_the_version(divided: Session, site: Site) -> None:
    load(divided, PRACTITIONERS, person(1, site))
    before = picture(divided)
    run = load(divided, PRACTITIONERS, person(1, site, 姓名="示例壹", 离任日期="2026-10-01"))

    done = undone(divided, run)

    assert (done.removed, done.restored) == ({}, {"practitioner": 1, "post": 1})
    assert picture(divided) == before
    assert divided.scalars(sa.select(Practitioner.version)).one() == 3


def test_a_sealed_number_is_put_back_sealed_and_never_stands_open_in_the_journal(
    divided: Session, site: Site, tmp_path: Path
) -> None:
    seals = make_ring(tmp_path)
    load(divided, PRACTITIONERS, person(1, site, 联系电话="15400000001"), seals=seals)
    before = picture(divided)
    run = load(divided, PRACTITIONERS, person(1, site, 联系电话="15400000002"), seals=seals)
    pages = divided.scalars(sa.select(JournalPage.records)).all()
    assert not any("1540000000" in repr(unpacked(page)) for page in pages)

    undone(divided, run)

    assert picture(divided) == before


def test_a_phone_that_was_corrected_since_is_not_put_back_in_silence(
    divided: Session, site: Site, tmp_path: Path
) -> None:
    seals = make_ring(tmp_path)
    load(divided, PRACTITIONERS, person(1, site, 联系电话="15400000001"), seals=seals)
    run = load(divided, PRACTITIONERS, person(1, site, 联系电话="15400000002"), seals=seals)
    load(divided, PRACTITIONERS, person(1, site, 联系电话="15400000003"), seals=seals)
    before = picture(divided)

    done = undone(divided, run)

    assert [(one.number, one.why) for one in done.kept] == [("示例-0001", Why.CHANGED)]
    assert picture(divided) == before


def test_who_was_given_a_phone_since_is_not_taken_away(divided: Session, site: Site, tmp_path: Path) -> None:
    seals = make_ring(tmp_path)
    run = load(divided, PRACTITIONERS, person(1, site), person(2, site), seals=seals)
    load(divided, PRACTITIONERS, person(1, site, 联系电话="15400000003"), seals=seals)

    done = undone(divided, run)

    assert [(one.number, one.why) for one in done.kept] == [("示例-0001", Why.CHANGED)]
    assert divided.scalars(sa.select(Practitioner.person_no)).all() == ["示例-0001"]


def test_a_rotation_of_keys_is_no_change(divided: Session, site: Site, tmp_path: Path) -> None:
    seals = make_ring(tmp_path)
    before = picture(divided)
    run = load(divided, PRACTITIONERS, person(1, site, 联系电话="15400000001"), seals=seals)
    divided.execute(
        sa.update(Practitioner)
        .values(phone_sealed=b"sealed anew", phone_index="indexed anew")
        .execution_options(synchronize_session=False)
    )

    assert undone(divided, run).kept == ()
    assert picture(divided) == before


def test_the_second_move_of_a_day_is_undone_to_the_first(divided: Session) -> None:
    load(divided, SITES, place("示例中心", 地址="甲路1号", 启用日期="2024-01-01"))
    load(divided, SITES, place("示例中心", 地址="乙路2号"))
    before = picture(divided)
    run = load(divided, SITES, place("示例中心", 地址="丙路3号"))

    assert undone(divided, run).kept == ()

    assert picture(divided) == before


def test_a_site_that_moved_stands_where_it_stood(divided: Session) -> None:
    load(divided, SITES, place("示例中心", 地址="甲路1号", 启用日期="2024-01-01"))
    before = picture(divided)
    run = load(divided, SITES, place("示例中心", 地址="乙路2号"))
    assert len(divided.scalars(sa.select(SitePlacement)).all()) == 2

    undone(divided, run)

    assert picture(divided) == before


def test_a_list_of_charities_is_undone_with_its_steps_and_organisations(divided: Session) -> None:
    before = picture(divided)
    row = {
        "单位名称": "示例助康服务中心",
        "统一社会信用代码": make_uscc(9001),
        "登记管理机关": "示例市民政局",
        "成立登记日期": "2019-05-06",
        "所属区划": "310101",
        "登记状态": "正常",
        "名单名称": "示例名单（10月）",
        "名单日期": "2026-10-31",
    }
    run = load(divided, CHARITIES, row)
    newer = load(
        divided,
        CHARITIES,
        row | {"登记状态": "注销", "注销撤销吊销日期": "2026-11-01", "名单日期": "2026-11-20"},
    )

    undone(divided, newer)
    divided.expire_all()
    assert len(divided.scalars(sa.select(Dossier)).all()) == 1
    undone(divided, run)

    assert picture(divided) == before


def test_who_was_changed_since_is_named_and_left_with_all_that_belongs_to_him(
    divided: Session, site: Site
) -> None:
    run = load(divided, PRACTITIONERS, person(1, site), person(2, site))
    post = divided.scalars(
        sa.select(Post).join(Practitioner).where(Practitioner.person_no == "示例-0001")
    ).one()
    post.end_on = date(2026, 11, 1)
    divided.flush()

    done = undone(divided, run)

    assert [(one.table, one.number, one.why) for one in done.kept] == [
        ("practitioner", "示例-0001", Why.CHANGED)
    ]
    assert done.removed == {"practitioner": 1, "post": 1}
    assert divided.scalars(sa.select(Practitioner.person_no)).all() == ["示例-0001"]
    assert undoing_from(run.undone) == done


def test_an_updated_record_that_was_changed_again_keeps_the_newer_word(divided: Session, site: Site) -> None:
    load(divided, PRACTITIONERS, person(1, site))
    run = load(divided, PRACTITIONERS, person(1, site, 姓名="示例壹"))
    divided.expire_all()
    divided.scalars(sa.select(Practitioner)).one().name = "示例一"
    divided.flush()

    done = undone(divided, run)

    assert [one.why for one in done.kept] == [Why.CHANGED]
    assert divided.scalars(sa.select(Practitioner.name)).one() == "示例一"


def test_an_institution_that_others_point_at_stays_and_the_rest_goes(divided: Session) -> None:
    run = load(divided, SITES, place("示例甲中心"), place("示例乙中心"))
    organisation = divided.scalars(sa.select(Organisation).where(Organisation.name == "示例甲中心")).one()
    make_site(divided, organisation, name="另一个服务点")

    done = undone(divided, run)

    assert [(one.table, one.why) for one in done.kept] == [("organisation", Why.REFERRED_TO)]
    assert divided.scalars(sa.select(Site.name)).all() == ["另一个服务点"]


def test_what_a_kept_record_needs_is_kept_too(divided: Session) -> None:
    run = load(divided, SITES, place("示例甲中心"))
    divided.scalars(sa.select(Site)).one().address = "新路1号"
    divided.flush()

    done = undone(divided, run)

    assert {(one.table, one.why) for one in done.kept} == {
        ("site", Why.CHANGED),
        ("organisation", Why.NEEDED),
    }


def test_who_has_gone_since_is_named(divided: Session, site: Site) -> None:
    run = load(divided, PRACTITIONERS, person(1, site), person(2, site))
    gone = divided.scalars(sa.select(Practitioner).where(Practitioner.person_no == "示例-0002")).one()
    divided.execute(sa.delete(Post).where(Post.practitioner_id == gone.id))
    divided.delete(gone)
    divided.flush()

    done = undone(divided, run)

    assert [one.why for one in done.kept] == [Why.GONE]
    assert divided.scalars(sa.select(Practitioner)).all() == []


def test_a_second_undoing_says_who_undid_it(divided: Session, site: Site) -> None:
    run = load(divided, PRACTITIONERS, person(1, site))
    undone(divided, run)
    with pytest.raises(InvalidInput, match="已由示例撤销过"):
        undone(divided, run)


def test_after_seven_days_a_load_stands(divided: Session, site: Site) -> None:
    run = load(divided, PRACTITIONERS, person(1, site))
    assert may_be_undone(divided, run, NOW + timedelta(days=7) - timedelta(seconds=1))
    assert not may_be_undone(divided, run, NOW + timedelta(days=7))
    with pytest.raises(InvalidInput, match="超过可以撤销的期限"):
        undone(divided, run, timedelta(days=7))


def test_the_journal_goes_with_the_days_in_which_it_is_needed(divided: Session, site: Site) -> None:
    run = load(divided, PRACTITIONERS, person(1, site))
    assert forget_journals(divided, at=NOW + timedelta(days=6)) == 0
    assert divided.scalars(sa.select(JournalPage.run_id).distinct()).all() == [run.id]
    assert forget_journals(divided, at=NOW + timedelta(days=8)) == 1
    assert divided.scalars(sa.select(JournalPage.id)).all() == []


def test_the_trail_tells_how_much_was_undone(divided: Session, site: Site) -> None:
    run = load(divided, PRACTITIONERS, person(1, site))
    undone(divided, run)
    entry = divided.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject_code) == ("intake.undo", run.code)
    assert entry.facts == {
        "kind": "practitioners",
        "removed": {"practitioner": 1, "post": 1},
        "restored": {},
        "kept": 0,
    }


def test_a_file_that_was_undone_loads_again(divided: Session, site: Site) -> None:
    undone(divided, load(divided, PRACTITIONERS, person(1, site)))
    run = load(divided, PRACTITIONERS, person(1, site))
    assert (run.create, run.state) == (1, IntakeState.COMMITTED)


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.integers(1, 4),
            "engagement": st.sampled_from(["专职", "兼职"]),
            "end": st.sampled_from(["", "2026-10-01", "2027-01-01"]),
            "certificate": st.sampled_from(["", "甲", "乙"]),
        }
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row["number"],
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=PEOPLE, second=PEOPLE)
def test_loading_and_undoing_leaves_the_register_as_it_was(
    divided: Session, site: Site, first: list[Row], second: list[Row]
) -> None:
    with divided.begin_nested() as trial:
        load(divided, PRACTITIONERS, *(_person(site, **facts) for facts in first))
        before = picture(divided)
        run = load(divided, PRACTITIONERS, *(_person(site, **facts) for facts in second))
        undone(divided, run)
        assert picture(divided) == before
        trial.rollback()


def _person(site: Site, *, number: int, engagement: str, end: str, certificate: str) -> Row:
    held = {
        "证书种类": "社会工作者职业水平证书" if certificate else "",
        "证书编号": f"示例{number}{certificate}" if certificate else "",
        "发证日期": "2015-11-20" if certificate else "",
    }
    return person(number, site, 用工形式=engagement, 离任日期=end) | held


def test_certificates_of_the_load_go_with_their_holder(divided: Session, site: Site) -> None:
    row = _person(site, number=1, engagement="专职", end="", certificate="甲")
    undone(divided, load(divided, PRACTITIONERS, row))
    assert divided.scalars(sa.select(Certificate)).all() == []
