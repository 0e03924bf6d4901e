"""What a page tells of a file row by row and cause by cause, the rows without errors first, and the way back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.intake.judging import judged_table
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import utc_now
from registry.intake.coordinates import Crs
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.models import IntakeState, JournalPage
from registry.workforce.models import Education, Post, Practitioner
from tests.factories import make_actor, make_parameter, make_provider
from tests.portal.pages import Page
from tests.portal.polite import Polite
from tests.portal.test_intake import FAULTY, RIGHT, SignIn, connection, findings, run_of, send
from tests.registry.intake.tables import table_of
from tests.registry.intake.test_told_diplomas import ROW, VERIFIED

__all__ = ["connection", "send"]
Send = Callable[..., Any]


def posts(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Post)) or 0


def diplomas(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Education)) or 0


def causes(page: Page) -> list[list[str]]:
    return [row for row in page.rows if len(row) == 6]


@pytest.fixture
def loaded(sign_in: SignIn, send: Send, polite: Polite) -> Callable[..., str]:
    """Sends a file, loads it, and gives the address of its run."""

    def done(name: str = RIGHT, button: str = "导入 5 行", role: Role = Role.CITY) -> str:
        sign_in(role)
        address: str = send(name).headers["Location"]
        polite.submit(polite.get(address), button=button)
        return address

    return done


def test_the_classes_of_rows_add_up_to_the_rows_that_were_read(
    sign_in: SignIn, send: Send, polite: Polite
) -> None:
    sign_in(Role.CITY)
    page = polite.get(send(FAULTY).headers["Location"])
    assert "2 + 28 + 7 = 37 行" in page.main
    assert len(polite.get(f"{page.url}/rows?outcome=create").rows) == 2
    assert len(polite.get(f"{page.url}/rows?outcome=error").rows) == 7
    assert len(polite.get(f"{page.url}/rows").rows) == 37


def test_findings_are_grouped_by_cause_and_each_cause_leads_to_its_places(
    sign_in: SignIn, send: Send, polite: Polite
) -> None:
    sign_in(Role.CITY)
    page = polite.get(send(FAULTY).headers["Location"])
    assert [(row[1], row[4], row[5]) for row in causes(page)] == [
        ("岗位*", "G4", "1"),
        ("姓名*", "B6", "1"),
        ("离任日期", "K8", "1"),
        ("任职日期*", "J35", "1"),
        ("统一社会信用代码", "E36", "1"),
        ("站点编号", "D37", "1"),
        ("任职日期*", "J38", "1"),
    ]

    one = polite.get(page.links["1"])

    assert [row[2:6] for row in one.rows] == [["4", "G", "岗位*", "心理师"]]
    assert len(polite.get(f"{page.url}/problems?severity=error").rows) == 7
    assert "没有符合条件的问题" in polite.get(f"{page.url}/problems?severity=warning").main
    assert len(polite.get(f"{page.url}/problems?all=1").rows) == 7


@pytest.mark.parametrize("path", ["problems?severity=x", "problems?page=0", "rows?page=x", "rows?outcome=x"])
def test_an_address_that_asks_for_what_there_is_not_is_refused(
    sign_in: SignIn, send: Send, polite: Polite, path: str
) -> None:
    sign_in(Role.CITY)
    polite.get(f"{send(FAULTY).headers['Location']}/{path}", status=400)


def test_who_sees_masked_names_sees_them_masked_row_by_row(
    sign_in: SignIn, send: Send, polite: Polite
) -> None:
    sign_in(Role.DISTRICT)
    address = send(RIGHT).headers["Location"]
    own = polite.get(f"{address}/rows?outcome=create").rows[0]
    sign_in(Role.CITY)

    row = polite.get(f"{address}/rows?outcome=create").rows[0]

    assert row[1] == own[1]
    assert "*" in row[2]
    assert "*" not in own[2]


def test_the_rows_without_errors_are_loaded_first_and_the_others_are_named(
    sign_in: SignIn, send: Send, polite: Polite, session: Session
) -> None:
    sign_in(Role.CITY)
    before = diplomas(session)
    page = polite.get(send(FAULTY).headers["Location"])

    result = polite.submit(page, button="先导入无错误的 2 行")

    run = run_of(session)
    assert (run.state, run.create, run.left_out) == (IntakeState.COMMITTED, 2, 7)
    assert run.left_out_rows == [[4, 4], [6, 6], [8, 8], [35, 38]]
    assert "第 4、6、8、35–38 行" in result.main
    assert diplomas(session) == before + 2
    assert "部分导入" in polite.get("/intake/").main
    again = polite.get(send(RIGHT).headers["Location"])
    assert "3 + 33 = 36 行" in again.main
    facts = session.scalars(
        sa.select(AuditEntry.facts).where(AuditEntry.action == "intake.run").order_by(AuditEntry.id.desc())
    ).first()
    assert facts is not None
    assert facts["left_out"] == 7


def test_the_result_tells_person_by_person_who_counts(
    loaded: Callable[..., str], polite: Polite, session: Session
) -> None:
    page = polite.get(f"{loaded()}/rows?outcome=create")

    assert len(page.rows) == 5
    assert [row[5] for row in page.rows].count("✓计入分子和分母") == 4
    assert {row[5] for row in page.rows} <= {"✓计入分子和分母", "○只计入分母", "—不计"}
    assert all(row[6] for row in page.rows)


def test_a_load_is_undone_once_and_the_same_file_is_loaded_again(
    loaded: Callable[..., str], polite: Polite, send: Send, session: Session
) -> None:
    before = posts(session)
    address = loaded()
    assert posts(session) == before + 3
    ahead = polite.get(f"{address}/undo")
    assert "任职 3" in ahead.main
    assert posts(session) == before + 3

    done = polite.submit(ahead, button="撤销本次导入")

    assert posts(session) == before
    assert run_of(session).state is IntakeState.UNDONE
    moved = {row[0]: row[1:3] for row in done.rows if len(row) == 5}
    assert moved["黄浦暖阳社区康复服务中心（示例）"] == ["45.0% 9/20", "29.4% 5/17"]
    assert (
        session.scalars(sa.select(JournalPage.id).where(JournalPage.run_id == run_of(session).id)).all() == []
    )
    second = polite.post(f"{address}/undo", {})
    assert second.response.headers["Location"] == address
    assert "撤销过" in polite.get(address).html
    assert "已撤销" in polite.get("/intake/").main
    again = polite.get(send(RIGHT).headers["Location"])
    assert "同一个文件已在" not in again.main
    polite.submit(again, button="导入 5 行")
    assert posts(session) == before + 3


def test_who_was_changed_since_is_listed_and_stays(
    loaded: Callable[..., str], polite: Polite, session: Session
) -> None:
    before = posts(session)
    address = loaded()
    newest = session.scalars(sa.select(Practitioner).order_by(Practitioner.id.desc()).limit(1)).one()
    newest.birth_year = 1970
    session.commit()

    ahead = polite.get(f"{address}/undo")
    done = polite.submit(ahead, button="撤销本次导入")

    kept = [row for row in done.rows if len(row) == 3]
    assert [(row[1], row[2]) for row in kept] == [("人员", "导入后又被修改过")]
    assert newest.person_no in kept[0][0]
    assert posts(session) == before + 1


def test_after_the_days_of_undoing_the_page_says_that_it_is_too_late(
    loaded: Callable[..., str], polite: Polite, session: Session
) -> None:
    address = loaded()
    run = run_of(session)
    assert run.committed_at is not None
    run.committed_at -= timedelta(days=8)
    session.commit()

    assert "超过可以撤销的期限" in polite.get(address).main
    assert "超过可以撤销的期限" in polite.get(f"{address}/undo").main
    polite.post(f"{address}/undo", {}, status=400)


def test_what_was_not_loaded_has_nothing_to_undo(sign_in: SignIn, send: Send, polite: Polite) -> None:
    sign_in(Role.CITY)
    address = send(FAULTY).headers["Location"]
    assert "没有可以撤销的内容" in polite.get(f"{address}/undo").main
    polite.post(f"{address}/undo", {}, status=400)


def test_findings_are_found_by_the_list_of_findings_alone(
    sign_in: SignIn, send: Send, polite: Polite
) -> None:
    sign_in(Role.CITY)
    page = polite.get(send(FAULTY).headers["Location"])
    assert len(findings(page)) == 7
    assert "全部 7 个问题（可筛选、可打印）" in page.links


def test_an_institutions_file_says_no_more_when_its_district_loads_it(session: Session) -> None:
    make_parameter(session, "intake.max_rows", 50)
    site = make_provider(session)
    officer = make_actor(session, Role.DISTRICT)
    table = table_of(ROW | VERIFIED | {"站点编号": site.code})
    how: dict[str, Any] = {"crs": Crs.WGS84, "actor": officer, "at": utc_now(), "seals": None, "said": {}}

    of_institution = judged_table(session, PRACTITIONERS, table, organisation_id=site.organisation_id, **how)

    assert ["机构不能登记自己人员学历的核验结果" in str(one.message) for one in of_institution.errors] == [
        True
    ]
    assert judged_table(session, PRACTITIONERS, table, **how).errors == ()
