"""区划调整 on a page: previewed with every row, done at once by the operations of the command, and taken back."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.audit.models import AuditEntry
from registry.divisions.models import DivisionChange, DivisionKind
from registry.organisations.models import Site
from registry.policy.models import Target
from tests.factories import make_account, make_division, make_provider, make_target
from tests.portal.polite import Polite
from tests.tasks_factories import make_task

SignIn = Callable[..., Actor]
NEW = "/admin/divisions/changes/new"
MERGE = "合并，310101001，310101002，，2026-01-01，示例批复"


@pytest.fixture
def quick(client: FlaskClient) -> Polite:
    return Polite(client, reads_english=False)


@pytest.fixture
def tree(session: Session) -> Session:
    """The first street has a provider, an officer with a task, and a target of its own."""
    make_division(session, "31", name="上海市", kind=DivisionKind.PROVINCE)
    make_division(session, "3101", name="市辖区", kind=DivisionKind.PSEUDO)
    make_division(session, "310101", name="黄浦区")
    for number, name in enumerate(("甲街道", "乙街道"), start=1):
        make_division(session, f"31010100{number}", name=name, kind=DivisionKind.SUBDISTRICT)
    make_division(session, "32", name="江苏省", kind=DivisionKind.PROVINCE)
    make_division(session, "3201", name="南京市", kind=DivisionKind.CITY)
    make_provider(session, division_code="310101001")
    make_task(session, officer(session), to_code="310101001", to_role=Role.STREET)
    make_target(session, division_code="310101001")
    session.commit()
    return session


def officer(session: Session) -> Account:
    return make_account(session, Role.STREET, division_code="310101001")


def test_a_change_is_previewed_row_by_row_made_at_once_and_taken_back(
    polite: Polite, sign_in: SignIn, tree: Session
) -> None:
    sign_in(Role.CITY)
    page = polite.follow(polite.get("/admin/divisions"), "办理区划调整")
    page = polite.submit(page, {"lines": MERGE}, button="预览", status=200)
    counts = {row[0]: row[1] for row in page.rows if len(row) == 2}
    assert counts["服务场所的责任区划"] == counts["岗位的管辖区划"] == counts["考核目标"] == "1"
    assert counts["未办结的部门任务（接收）"] == "1"
    assert tree.scalars(sa.select(Site.division_code)).all() == ["310101001"], "nothing was written"

    page = polite.submit(page, {}, button="确认执行区划调整")
    tree.expire_all()
    assert tree.scalars(sa.select(Site.division_code)).all() == ["310101002"]
    targets = tree.execute(sa.select(Target.division_code, Target.valid_from).order_by(Target.id))
    assert list(targets) == [("310101001", date(2020, 1, 1)), ("310101002", date(2026, 1, 1))]

    polite.submit(page, {}, button="撤回这次区划变更")
    tree.expire_all()
    assert tree.scalars(sa.select(Site.division_code)).all() == ["310101001"]
    assert tree.scalars(sa.select(Target.division_code)).all() == ["310101001"]
    actions = tree.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions == ["division.change", "division.change.undo"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "请选择变更文件，或逐行填写。"),
        ("并入，310101001，310101002，，2026-01-01，批复", "第1行：变更类型“并入”不认识"),
        (f"{MERGE}\n更名，310101002，310101002，乙镇，昨天，批复", "第2行：生效日期“昨天”不是日期"),
        ("合并，310101001，310101002，，2026-01-01，", "第1行：“依据”没有填。"),
        ("合并，3101，310101002，，2026-01-01，批复", "第1行："),
    ],
)
def test_what_is_wrong_is_named_by_its_row_and_what_was_typed_stays(
    quick: Polite, sign_in: SignIn, tree: Session, lines: str, said: str
) -> None:
    sign_in(Role.CITY)

    page = quick.submit(quick.get(NEW), {"lines": lines}, button="预览", status=200)

    assert said in page.main
    assert all(part in page.main for part in lines.split("\n"))
    assert tree.scalars(sa.select(DivisionChange)).all() == []


def test_a_workbook_is_previewed_like_typed_lines(
    quick: Polite, sign_in: SignIn, tree: Session, client: FlaskClient
) -> None:
    sign_in(Role.CITY)
    page = quick.get(NEW)
    token = next(one.get("value") for one in page.all("input") if one.get("name") == "csrf_token")
    file = "kind,from_code,to_code,to_name,effective_on,source\nmerge,310101001,310101002,,2026-01-01,批复\n"

    answer = client.post(NEW, data={"csrf_token": token, "file": (BytesIO(file.encode()), "变更.csv")})

    assert answer.status_code == 200
    assert "确认执行区划调整" in answer.text
    assert "merge,310101001,310101002,,2026-01-01,批复," in answer.text


def test_a_file_that_is_none_is_refused_in_plain_words(
    quick: Polite, sign_in: SignIn, tree: Session, client: FlaskClient
) -> None:
    sign_in(Role.CITY)
    token = next(one.get("value") for one in quick.get(NEW).all("input") if one.get("name") == "csrf_token")

    answer = client.post(NEW, data={"csrf_token": token, "file": (BytesIO(b"\x7fELF\x02"), "变更.xlsx")})

    assert answer.status_code == 200
    assert "没有任何数据被更改" in answer.text


def test_what_changed_after_the_preview_is_shown_anew_and_nothing_is_done(
    quick: Polite, sign_in: SignIn, tree: Session
) -> None:
    sign_in(Role.CITY)
    page = quick.submit(quick.get(NEW), {"lines": MERGE}, button="预览", status=200)
    make_provider(tree, division_code="310101001")
    tree.commit()

    page = quick.submit(page, {}, button="确认执行区划调整", status=409)

    assert "预览之后数据又有变化" in page.main
    assert tree.scalars(sa.select(DivisionChange)).all() == []


def test_a_change_before_its_day_is_previewed_only(quick: Polite, sign_in: SignIn, tree: Session) -> None:
    sign_in(Role.CITY)

    page = quick.submit(
        quick.get(NEW), {"lines": MERGE.replace("2026-01-01", "2099-01-01")}, button="预览", status=200
    )

    assert "现在只能预览" in page.main
    assert "确认执行区划调整" not in page.main


def test_the_divisions_of_others_are_named_by_their_row(
    quick: Polite, sign_in: SignIn, tree: Session
) -> None:
    sign_in(Role.CITY)
    typed = f"{MERGE}\n更名，3201，3201，宁市，2026-01-01，批复"

    page = quick.submit(quick.get(NEW), {"lines": typed}, button="预览", status=403)

    assert "第2行的区划不在您的管辖范围" in page.main
