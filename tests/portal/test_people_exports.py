"""Files that hold people: a purpose, a cap by role, ten a day, a mark on each page, and an entry of the trail."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from registry.access.exports import (
    ExportReason,
    Purpose,
    TakenAlong,
    record_people_export,
    taken_today,
)
from registry.access.models import Role
from registry.audit.models import AuditEntry, Result
from registry.audit.trail import Trail
from registry.audit.verification import examine_trail
from registry.errors import ExportTooLarge, InvalidInput, TooManyExports
from tests.factories import (
    NOW,
    make_actor,
    make_export_caps,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.portal.people_files import IN_ADDRESS, PURPOSE, taken
from tests.portal.polite import Polite
from tests.reports.figures.worlds import HUANGPU, lay_out_city

TRAIL = Trail(b"a key of the test", "r1")
FILE = TakenAlong("listing", "practitioners", HUANGPU, 3, {"format": "csv"})
CHECK = Purpose(ExportReason.CORRECTION, "第四季度核对")
PLACES = {
    "workforce list": "/workforce/export?format=xlsx",
    "figure of a division": "/figures/qualified-share/export?what=people&format=xlsx",
    "figure of an institution": "/figures/qualified-share/organisations/{code}/export?format=xlsx",
}


@pytest.fixture
def provider(session: Session) -> str:
    """Two people in one institution; its code."""
    lay_out_city(session)
    site = make_provider(session)
    for name in ("欧阳小明", "张示例"):
        make_post(session, make_practitioner(session, name=name), site)
    session.commit()
    return site.organisation.code


def exports(session: Session) -> list[AuditEntry]:
    session.expire_all()
    found = sa.select(AuditEntry).where(AuditEntry.action == "practitioner.export")
    return list(session.scalars(found.order_by(AuditEntry.sequence)))


def export(session: Session, actor, *, at: datetime = NOW, rows: int = 3) -> None:
    file = TakenAlong(FILE.subject_type, FILE.subject_code, FILE.division_code, rows, FILE.facts)
    record_people_export(session, file, CHECK, actor=actor, at=at, trail=TRAIL)


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        ("", "第四季度核对", "reason"),
        ("curiosity", "第四季度核对", "reason"),
        ("other", "", "note"),
        ("other", "核对 ", "note"),
        ("other", "核" * 101, "note"),
        ("other", "核对\n核对核对", "note"),
    ],
)
def test_nobody_takes_people_along_without_saying_what_for(reason: str, note: str, field: str):
    with pytest.raises(InvalidInput) as refused:
        Purpose.of(reason, note)

    assert refused.value.field == field


def test_a_file_as_large_as_the_cap_is_given_and_one_more_is_not(session: Session):
    make_export_caps(session, rows=3)
    actor = make_actor(session, Role.STREET)

    export(session, actor, rows=3)
    with pytest.raises(ExportTooLarge, match=r"4.*3"):
        export(session, actor, rows=4)


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN])
def test_a_role_without_a_cap_takes_nobody_along(session: Session, role: Role):
    make_export_caps(session)

    with pytest.raises(ExportTooLarge):
        export(session, make_actor(session, role))


def test_the_eleventh_file_of_a_day_is_refused_and_the_next_day_begins_anew(session: Session):
    make_export_caps(session)
    actor, colleague = make_actor(session), make_actor(session)
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    for _ in range(10):
        export(session, actor, at=late)

    with pytest.raises(TooManyExports, match="10"), session.begin_nested():
        export(session, actor, at=late)
    export(session, colleague, at=late)
    export(session, actor, at=late + timedelta(minutes=1))

    assert taken_today(session, actor, late + timedelta(minutes=1)) == 1
    assert examine_trail(session, key=TRAIL.key).broken is None


@pytest.mark.parametrize("place", PLACES)
def test_a_link_leads_to_the_question_what_for_and_only_the_answer_to_a_file(
    polite: Polite, sign_in, session: Session, provider: str, place: str
):
    sign_in(Role.DISTRICT)
    url = PLACES[place].format(code=provider)

    page = polite.get(url)

    assert "2 人，本岗位一次最多 1,000 人" in page.main
    assert "0 次，每天最多 10 次" in page.main
    assert "欧阳小明" not in page.html
    assert exports(session) == []
    refused = polite.submit(page, {"note": "核对"}, status=400)
    assert refused.errors == ["请选择导出用途。"]
    refused = polite.submit(page, {"note": "核对", "reason": "training"}, status=400)
    assert refused.errors == ["请用4至100个字写明具体用途，如文号、会议或事项。"]
    assert exports(session) == []


@pytest.mark.parametrize("place", PLACES)
def test_the_workbook_says_on_every_page_who_took_it_and_the_trail_what_for(
    client: FlaskClient, sign_in, session: Session, provider: str, place: str
):
    actor = sign_in(Role.DISTRICT)

    answer = taken(client, PLACES[place].format(code=provider))

    (entry,) = exports(session)
    assert (entry.actor_code, entry.facts["rows"], entry.facts["format"]) == (actor.code, 2, "xlsx")
    assert (entry.facts["reason"], entry.reason) == (PURPOSE["reason"], PURPOSE["note"])
    assert entry.request_id == answer.headers["X-Request-Id"]
    workbook = load_workbook(io.BytesIO(answer.data))
    about = {row[0]: row[1] for row in workbook.worksheets[1].iter_rows(values_only=True)}
    assert about["请求编号"] == entry.request_id
    assert about["具体用途"] == PURPOSE["note"]
    assert about["导出用途"] == "统计报送"
    for sheet in workbook.worksheets:
        assert "不得转发" in sheet.oddHeader.center.text
        assert f"{actor.name}（{actor.username}）" in sheet.oddFooter.left.text
        assert entry.request_id in sheet.oddFooter.left.text


def test_above_the_cap_the_page_names_the_ways_on_and_a_forged_answer_is_refused(
    polite: Polite, sign_in, session: Session, provider: str
):
    session.execute(sa.text("UPDATE parameter SET value = '1' WHERE key = 'export.rows.district'"))
    session.commit()
    sign_in(Role.DISTRICT)
    url = PLACES["workforce list"]

    page = polite.get(url)
    assert "可以返回缩小筛选范围，或请上级部门导出" in page.main
    assert "提出申请" in page.main
    assert "导出 xlsx" not in page.main
    refused = polite.post(url, PURPOSE, status=403)

    assert "超过本岗位一次最多1人的上限" in refused.main
    assert exports(session) == [entry for entry in exports(session) if entry.result is Result.REFUSED]


def test_after_ten_files_the_page_says_so_and_the_program_is_told_429(
    client: FlaskClient, polite: Polite, sign_in, session: Session, provider: str
):
    actor = sign_in(Role.DISTRICT)
    rows = f"/api/v1/figures/qualified-share/rows?{IN_ADDRESS}"

    answers = [client.get(rows).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]
    assert "今天的次数已用完" in polite.get(PLACES["workforce list"]).main
    refused = session.scalars(sa.select(AuditEntry).where(AuditEntry.result == Result.REFUSED)).one()
    assert refused.actor_code == actor.code
    assert taken_today(session, actor, datetime.now(UTC)) == 10


def test_the_program_is_told_403_above_the_cap(client: FlaskClient, sign_in, session: Session, provider: str):
    session.execute(sa.text("UPDATE parameter SET value = '1' WHERE key = 'export.rows.district'"))
    session.commit()
    sign_in(Role.DISTRICT)

    answer = client.get(f"/api/v1/figures/qualified-share/rows?{IN_ADDRESS}")

    assert answer.status_code == 403
    assert "上限" in answer.json["message"]


@pytest.mark.parametrize("url", ["/providers/export?format=csv", "/sites/export?format=csv"])
def test_institutions_and_sites_need_no_purpose(
    client: FlaskClient, sign_in, session: Session, provider: str, url: str
):
    sign_in(Role.CITY)

    assert client.get(url).mimetype == "text/csv"
