"""What an organisation's own file may not do: move a site past its district, vouch for its own diplomas."""

import pytest
from sqlalchemy.orm import Session

from registry.intake.declaration import Outcome
from registry.intake.kinds.sites import SITES
from registry.intake.preview import Preview, preview
from registry.organisations.models import Precision, Site
from tests.factories import make_division, make_organisation, make_site
from tests.registry.intake.tables import context, said, table_of

STREET, NEXT_STREET, OTHER_DISTRICT = "310101002", "310101013", "310115005"


@pytest.fixture
def own(session: Session) -> Site:
    """A site in 黄浦 with an address and a point."""
    for code in ("31", "3101", "310101", STREET, NEXT_STREET, "310115", OTHER_DISTRICT):
        make_division(session, code)
    facts = {"latitude": 31.23, "longitude": 121.47, "precision": Precision.EXACT}
    return make_site(session, make_organisation(session), division_code=STREET, address="示例路1号", **facts)


def sites_file(session: Session, own: Site, *, of_organisation: bool = True, **changed: str) -> Preview:
    row = {
        "机构名称": own.organisation.name,
        "统一社会信用代码": own.organisation.uscc,
        "站点编号": own.code,
        "站点名称": own.name,
        "类型": own.kind,
        "所在区划": own.located_code,
        "责任区划": own.division_code,
        "地址": own.address,
        "纬度": str(own.latitude),
        "经度": str(own.longitude),
    }
    reach = context(organisation_id=own.organisation_id if of_organisation else None)
    return preview(session, SITES, table_of(row | changed), reach)


@pytest.mark.parametrize(
    "moved",
    [{"地址": "示例路2号"}, {"所在区划": NEXT_STREET}, {"责任区划": OTHER_DISTRICT}, {"纬度": "31.24"}],
    ids=lambda moved: next(iter(moved)),
)
def test_an_organisation_cannot_move_its_site_by_file(
    session: Session, own: Site, moved: dict[str, str]
) -> None:
    found = sites_file(session, own, **moved)

    assert [(problem.row, problem.header) for problem in found.errors] == [(2, next(iter(moved)))]
    assert "地址变更" in said(found.errors)


def test_an_organisation_goes_on_keeping_the_name_of_its_site_by_file(session: Session, own: Site) -> None:
    found = sites_file(session, own, 站点名称="新的名称")

    assert [judged.outcome for judged in found.judged] == [Outcome.UPDATE]


def test_the_register_keepers_file_moves_a_site(session: Session, own: Site) -> None:
    found = sites_file(session, own, of_organisation=False, 地址="示例路2号")

    assert [judged.outcome for judged in found.judged] == [Outcome.UPDATE]
