"""A file of another kind is told by its columns, also where it is made from no template."""

from dataclasses import replace

from sqlalchemy.orm import Session

from registry.intake.kinds import KINDS
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.sites import SITES
from registry.intake.likeness import told_by_likeness
from registry.intake.preview import preview
from tests.registry.intake.tables import context, said, table, table_of


def test_a_list_of_sites_sent_in_as_practitioners_is_told_by_its_kind(session: Session) -> None:
    row = {"机构名称": "示例中心", "类型": "社区康复点", "所在区划": "310101"}
    found = told_by_likeness(preview(session, PRACTITIONERS, table_of(row), context()), KINDS.values())
    assert "这个文件看起来是“机构和站点”，不是“从业人员”" in said(found.errors)
    assert not found.judged


def test_our_own_template_of_another_kind_is_named_and_its_columns_are_left_alone(session: Session) -> None:
    row = {"机构名称": "示例中心", "类型": "社区康复点", "所在区划": "310101"}
    sent = replace(table_of(row), template=SITES.code)

    found = told_by_likeness(preview(session, PRACTITIONERS, sent, context()), KINDS.values())

    told = said(found.errors)
    assert told.startswith("这个文件看起来是“机构和站点”，不是“从业人员”。")
    assert "列：" not in told
    assert not found.warnings


def test_a_table_that_looks_like_nothing_only_misses_its_columns(session: Session) -> None:
    found = told_by_likeness(
        preview(session, SITES, table(("甲", "乙"), ("1", "2")), context()), KINDS.values()
    )
    assert "看起来" not in said(found.errors)
    assert "缺少" in said(found.errors)


def test_a_file_that_fits_is_left_as_it_is(session: Session) -> None:
    row = {"机构名称": "示例中心", "类型": "社区康复点", "所在区划": "310101"}
    found = preview(session, SITES, table_of(row), context())
    assert told_by_likeness(found, KINDS.values()) is found
