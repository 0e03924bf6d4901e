"""T1b: an act on many records fails whole where one of them lies outside, and tells how many, never which.

The acts on many records are three: the files of 批量导入, the files of division changes, and reminders to many, which
`tests/registry/certificates/test_sending.py` tries. Lists and exports are no such
act: they hold what the scope holds, which T1c proves.
"""

from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from portal.admin.division_changes import preview_change
from registry.access.models import Role
from registry.divisions.changes import HEADERS
from registry.divisions.models import Division
from registry.errors import NotAllowed
from registry.intake.kinds import KINDS
from registry.organisations.models import Organisation, Site
from registry.workforce.models import Practitioner
from tests.access.geography import Relation, spot_of
from tests.access.ground import HEADS
from tests.access.stage import Stage, performance
from tests.access.visits import changed_tables, digests
from tests.factories import make_uscc
from tests.registry.intake.tables import table

LIST_HEADS = (
    "单位名称,统一社会信用代码,登记管理机关,成立登记日期,所属区划,登记状态,年检结论,名单名称,名单日期\n"
)
SITE_HEADS = "机构名称,站点编号,站点名称,类型,所在区划\n"
LEFT_BY_A_REFUSED_FILE = {"intake_run", "register_mark"}
"""What a refused file leaves: that it was sent, and with how many errors."""
SENDERS = (Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.PROVIDER)
OUTSIDE = (Relation.ELSEWHERE, Relation.SIBLING, Relation.PARENT, Relation.NEIGHBOUR)
SENDERS_AND_OUTSIDE = [(role, one) for role in SENDERS for one in OUTSIDE if spot_of(role, one)]


def people_file(stage: Stage, _session: Session, role: Role, relation: Relation) -> str:
    """Two newcomers at one's own site, and one at a site outside."""
    own, outside = (stage.code(Site, role, one) for one in (Relation.OWN, relation))
    row = "新增-{},孙示例{},1991,{},护士,专职,是,2020-01-01,,\n"
    return HEADS + "".join(row.format(n, n, code) for n, code in enumerate((own, own, outside)))


def training_file(stage: Stage, session: Session, role: Role, relation: Relation) -> str:
    """A course of one's own person, and one of a person outside."""
    people = (
        session.get_one(Practitioner, stage.keys[Practitioner, spot_of(role, one)])
        for one in (Relation.OWN, relation)
    )
    rows = (f"{one.person_no},{one.name},2026-01-05,8,示例课,示例中心,是,否\n" for one in people)
    return "人员编号,姓名,培训结束日期,学时,培训内容,主办单位,康复培训,继续教育\n" + "".join(rows)


def sites_file(stage: Stage, session: Session, role: Role, relation: Relation) -> str:
    """One's own site under a new name, and one outside."""
    lines = []
    for one in (Relation.OWN, relation):
        spot = spot_of(role, one)
        site = session.get_one(Site, stage.keys[Site, spot])
        lines.append(f"{site.organisation.name},{site.code},新名{one},社区康复点,{site.located_code}\n")
    return SITE_HEADS + "".join(lines)


def list_file(_stage: Stage, _session: Session, role: Role, relation: Relation) -> str:
    """An organisation of one's own place that nobody knew, and one of a place outside."""
    row = "新名单{},{},示例民政局,2020-01-01,{},正常,2025年合格,示例名单,2026-01-01\n"
    places = (spot_of(role, one).place for one in (Relation.OWN, relation))
    rows = (row.format(number, make_uscc(8800 + number), place) for number, place in enumerate(places))
    return LIST_HEADS + "".join(rows)


def entities_file(stage: Stage, session: Session, role: Role, relation: Relation) -> str:
    """A newcomer of one's own place, and an organisation of the register that lies outside."""
    hidden = session.get_one(Organisation, stage.keys[Organisation, spot_of(role, relation)])
    own = spot_of(role, Relation.OWN).place
    rows = (("新单位", make_uscc(8900), own), ("新单位乙", hidden.uscc or make_uscc(8901), own))
    return "单位名称,统一社会信用代码,所属区划\n" + "".join(",".join(row) + "\n" for row in rows)


def activities_file(stage: Stage, _session: Session, role: Role, relation: Relation) -> str:
    """What took place at one's own site, and at a site outside."""
    codes = (stage.code(Site, role, one) for one in (Relation.OWN, relation))
    rows = "".join(f"{code},2026-01-05,家庭支持,5,60\n" for code in codes)
    return "站点编号,活动日期,服务类别,参加人数,时长\n" + rows


def services_file(stage: Stage, _session: Session, role: Role, relation: Relation) -> str:
    """A service at one's own site, and one at a site outside."""
    codes = (stage.code(Site, role, one) for one in (Relation.OWN, relation))
    rows = "".join(f"{code},家庭支持,新项目,每天,值班社工,12345,2026-12-01\n" for code in codes)
    return "站点编号,服务类别,项目名称,时间,联系岗位,联系电话,开始日期\n" + rows


FILES = {
    "practitioners": people_file,
    "training": training_file,
    "sites": sites_file,
    "organisations": entities_file,
    "activities": activities_file,
    "services": services_file,
    "charities": list_file,
    "associations": list_file,
}
SENT_BY_OFFICERS = ("charities", "associations", "organisations")
"""The authority's lists are no organisation's to load."""
SENT_BY_ORGANISATIONS = ("services", "activities")
"""What an organisation reports and records is no officer's to load."""


def send(stage: Stage, role: Role, kind: str, content: str) -> str:
    """The address of the preview."""
    sent = {"file": (BytesIO(content.encode()), "名单.csv")}
    answer = stage.ask(role, "POST", f"/intake/{kind}", data=sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.mark.parametrize(("role", "relation"), SENDERS_AND_OUTSIDE)
@pytest.mark.parametrize("kind", KINDS)
def test_of_a_file_with_one_row_outside_nothing_is_loaded(
    stage: Stage, kind: str, role: Role, relation: Relation
) -> None:
    if kind in (SENT_BY_OFFICERS if role is Role.PROVIDER else SENT_BY_ORGANISATIONS):
        assert stage.ask(role, "GET", f"/intake/{kind}").status_code == 403
        return
    spot = spot_of(role, relation)
    with performance(stage) as connection, Session(connection) as session:
        hidden = session.get_one(Organisation, stage.keys[Organisation, spot])
        names = (
            [hidden.code, hidden.name]
            if kind == "organisations"
            else [hidden.code, hidden.uscc]
            if kind == "sites"
            else [hidden.code, hidden.uscc, hidden.name]
        )
        content = FILES[kind](stage, session, role, relation)
        before = digests(connection)

        address = send(stage, role, kind, content)
        page = stage.ask(role, "GET", address)
        loaded = stage.ask(role, "POST", f"{address}/commit")

        assert page.status_code == 200
        assert "处错误：名单.csv" in page.text
        assert "还没有导入任何一行" in page.text
        assert [name for name in names if name in page.text] == []
        assert loaded.status_code == 400
        assert set(changed_tables(before, digests(connection))) <= LEFT_BY_A_REFUSED_FILE


@pytest.mark.parametrize("relation", [Relation.ELSEWHERE, Relation.SIBLING])
@pytest.mark.parametrize("role", [Role.PROVINCE, Role.CITY])
def test_of_a_file_of_division_changes_with_one_line_outside_nothing_is_made(
    stage: Stage, role: Role, relation: Relation
) -> None:
    with performance(stage) as connection, Session(connection) as session:
        own, outside = (
            session.get_one(Division, stage.keys[Division, spot_of(role, one)]).code
            for one in (Relation.CHILD, relation)
        )
        before = digests(connection)
        lines = [["更名", code, code, f"新名{code}", "2026-07-01", "示例批复", ""] for code in (own, outside)]
        file = table(list(HEADERS.values()), *lines)

        with pytest.raises(NotAllowed) as refused:
            preview_change(session, file, actor=stage.actors[role])

        assert outside not in str(refused.value)
        assert changed_tables(before, digests(connection)) == ()
