"""操作留痕 as its auditor reads it: searched, held against its chain, taken along; and nobody else's business."""

import csv
import io
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.admin import audit as pages
from registry.access.models import Role
from registry.audit.chain import BrokenEntry, Fault, instant
from registry.audit.listing import act_value
from registry.audit.models import AuditEntry, AuditHead, Result
from registry.audit.operations import record_entry
from registry.audit.retiring import part_until, retire
from registry.audit.trail import Trail
from registry.audit.verification import Examination, examine_trail, keep_check
from tests.demonstration import TRAIL
from tests.factories import NOW, make_division
from tests.portal.conftest import SECRET
from tests.portal.polite import Polite

PAGE = "/admin/audit"
KEY = SECRET[::-1].encode()


@pytest.fixture
def auditor(sign_in):
    return sign_in(Role.AUDITADMIN)


def act(session: Session, number: int, **facts) -> AuditEntry:
    given = {
        "key": KEY,
        "at": NOW + timedelta(days=number),
        "actor_code": f"a{number}",
        "actor_name": f"李示例{number}",
        "action": "practitioner.see",
        "result": Result.DONE,
        "subject_type": "practitioner",
        "subject_code": f"p{number}",
        "division_code": "310101",
        "facts": {"fields": ["name"]},
    }
    given |= facts
    principal = given.pop("principal", None)
    trail = Trail(given.pop("key"), given.pop("request_id", f"r{number}"), principal)
    entry = record_entry(session, trail=trail, **given)
    session.commit()
    return entry


def numbers(page) -> list[str]:
    return [row[0] for row in page.rows]


def test_the_newest_entries_come_first(polite: Polite, auditor, session: Session):
    for number in range(1, 4):
        act(session, number)

    page = polite.get(PAGE)

    assert numbers(page) == ["3", "2", "1"]
    assert page.rows[0][1:5] == ["2026-11-26 09:00:00", "李示例3", "查看从业人员", "✓已办"]
    assert "共 3 条留痕" in page.main


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("since=2026-11-25", ["3", "2"]),
        ("until=2026-11-25", ["2", "1"]),
        ("since=2026-11-25&until=2026-11-25", ["2"]),
        ("person=李示例2", ["2"]),
        ("person=李示例", []),
        ("account=a3", ["3"]),
        ("action=practitioner.see", ["2", "1"]),
        ("action=account.sign_in", ["3"]),
        ("result=refused", ["3"]),
        ("subject=p1", ["1"]),
        ("division=31", ["2", "1"]),
        ("division=36", ["3"]),
        ("request=r2", ["2"]),
        ("sort=at", ["1", "2", "3"]),
    ],
)
def test_the_trail_is_searched_by(polite: Polite, auditor, session: Session, query: str, found: list[str]):
    make_division(session, "36", name="江西省")
    act(session, 1)
    act(session, 2)
    act(session, 3, action="account.sign_in", result=Result.REFUSED, division_code="36")

    assert numbers(polite.get(f"{PAGE}?{query}")) == found


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "since=0001-01-01",
        "until=9999-12-31",
        "action=nothing",
        "result=maybe",
        "sort=facts",
    ],
)
def test_a_question_that_the_trail_cannot_be_asked_is_refused(polite: Polite, auditor, query: str):
    polite.get(f"{PAGE}?{query}", 400)


def test_an_entry_says_what_happened_and_stands_in_its_chain(polite: Polite, auditor, session: Session):
    for number in range(1, 4):
        act(session, number, reason="例行核对")

    page = polite.get(f"{PAGE}/2")

    assert "与上一条相连，封印完好" in page.main
    assert "例行核对" in page.main
    assert (page.links["上一条"], page.links["下一条"]) == (f"{PAGE}/1", f"{PAGE}/3")
    assert "李示例2" in polite.follow(page, "a2").main


def test_an_entry_sealed_with_another_key_is_shown_for_what_it_is(polite: Polite, auditor, session: Session):
    act(session, 1, key=b"another key")

    assert "内容被改动，或封印所用的密钥不同" in polite.get(f"{PAGE}/1").main


def test_there_is_no_entry_behind_the_last(polite: Polite, auditor, session: Session):
    polite.get(f"{PAGE}/99", 404)


def test_the_page_says_when_and_by_what_the_trail_was_verified(polite: Polite, auditor, session: Session):
    assert "尚未核验过" in polite.get(PAGE).main
    act(session, 1)
    keep_check(session, examine_trail(session, key=KEY), at=NOW, by="portal jobs")
    session.commit()

    assert "2026-11-23 09:00由“portal jobs”核验，共1条，对照另存的链首摘要0份" in polite.get(PAGE).main


def test_the_page_says_where_a_broken_trail_breaks(polite: Polite, auditor, session: Session):
    examined = examine_trail(session, key=KEY)
    found = Examination(examined.last, BrokenEntry(7, Fault.TAIL), 0, ())
    keep_check(session, found, at=NOW, by="portal audit verify")
    session.commit()

    assert "第7条起不成立：末尾被截去" in polite.get(PAGE).main


def test_the_page_says_where_the_trail_begins_since_old_entries_were_retired(
    polite: Polite, auditor, session: Session, database_kind: str
):
    if database_kind == "postgresql":
        pytest.skip("the serving role retires nothing")
    for number in range(3):
        act(session, number, at=NOW - timedelta(days=1000 - number))
    part = part_until(session, 2, at=instant(NOW), file_name="old.jsonl", sha256="0" * 64)
    retire(session, part, actor_code="a", actor_name="审计", division_code="0", trail=Trail(KEY))
    session.commit()

    assert "第1至2条已到期归档" in polite.get(PAGE).main
    assert "与上一条相连，封印完好" in polite.get(f"{PAGE}/3").main
    polite.get(f"{PAGE}/2", 404)


def test_the_file_holds_what_was_found_as_it_was_sealed_and_is_an_entry_itself(
    client: FlaskClient, auditor, session: Session
):
    entry = act(session, 1)
    act(session, 2)

    answer = client.get(f"{PAGE}/export?subject=p1&format=csv")

    (row,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert row["时间"] == "2026-11-24T01:00:00.000000+00:00"
    assert row["本条的摘要"] == entry.entry_hash
    assert json.loads(row["内容"]) == {"fields": ["name"]}
    last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (last.action, last.actor_code, last.facts["rows"]) == ("audit.export", auditor.code, 1)
    assert examine_trail(session, key=KEY).broken is None


def test_the_workbook_opens(client: FlaskClient, auditor, session: Session):
    act(session, 1)

    assert client.get(f"{PAGE}/export").data.startswith(b"PK")


def test_more_than_one_file_can_hold_is_refused_with_the_remedy(
    polite: Polite, auditor, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pages, "MOST_ROWS", 1)
    act(session, 1)
    assert polite.client.get(f"{PAGE}/export").status_code == 200

    assert "请按日期缩小范围" in polite.get(f"{PAGE}/export", 400).main


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITADMIN])
def test_nobody_else_reads_the_trail(client: FlaskClient, sign_in, session: Session, role: Role):
    act(session, 1)
    sign_in(role)

    answers = [client.get(f"{PAGE}{rest}") for rest in ("", "/1", "/export", "/export?format=csv")]

    assert [answer.status_code for answer in answers] == [403] * 4


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("11010519491231002X", "******************"),
        ("电话13812345678", "电话***********"),
        ("旧证110105491231002。", "旧证***************。"),
        ("310101018 与 2026-11-23", "310101018 与 2026-11-23"),
        ("52310101MJ49999999", "52310101MJ49999999"),
    ],
)
def test_numbers_that_name_a_person_are_struck_out_wherever_they_were_typed(session: Session, typed, kept):
    entry = act(
        session, 1, facts={"filters": {"q": typed}, "list": [typed]}, reason=typed, subject_code=typed[:30]
    )

    assert entry.facts == {"filters": {"q": kept}, "list": [kept]}
    assert (entry.reason, entry.subject_code) == (kept, kept)


def test_the_trail_of_the_demonstration_holds_runs_forwards_and_has_a_word_for_each_act(
    demo_session: Session,
):
    examined = examine_trail(demo_session, key=TRAIL.key)

    assert (examined.broken, examined.setbacks) == (None, ())
    assert examined.last.sequence == demo_session.scalar(sa.select(AuditHead.sequence))
    for action in demo_session.scalars(sa.select(AuditEntry.action).distinct()):
        assert act_value(action).value == action
