"""专业目录 on pages: read, proposed, rehearsed, published."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import today
from registry.majors.models import MajorChange
from registry.majors.workflow import MajorChangeStep
from registry.workforce.models import MajorFamily
from tests.factories import make_education, make_major, make_post, make_practitioner, make_provider
from tests.majors_factories import SOCIOLOGY, Bureau, make_bureau
from tests.portal.polite import Polite
from tests.reports.figures.worlds import lay_out_city

SignIn = Callable[..., Actor]
NEXT_YEAR = date(today().year + 1, 1, 1).isoformat()


@pytest.fixture
def bureau(session: Session) -> Bureau:
    lay_out_city(session)
    make_major(session, code=SOCIOLOGY, name="社会学", counts=False, note="待确认")
    make_major(session, code="071101", name="心理学", family=MajorFamily.PSYCHOLOGY)
    made = make_bureau(session)
    session.commit()
    return made


@pytest.fixture
def quick(client: FlaskClient) -> Polite:
    return Polite(client, reads_english=False)


@pytest.fixture
def sociologist(session: Session, bureau: Bureau) -> str:
    """Who would count; alone in an institution."""
    person = make_practitioner(session, name="许国强")
    make_post(session, person, make_provider(session, name="黄浦示例中心"))
    make_education(session, person, major_code=SOCIOLOGY, major_name="社会学")
    session.commit()
    return person.code


def typed(**facts: str) -> dict[str, str]:
    return {
        "生效日期": NEXT_YEAR,
        "依据文件": "示例民〔2026〕18号",
        "调整理由": "市局专题会议确定",
        f"major-undergraduate-{SOCIOLOGY}": "switch_on",
    } | facts


def test_a_major_is_proposed_rehearsed_and_published_by_a_colleague(
    polite: Polite, sign_in: SignIn, bureau: Bureau, sociologist: str
):
    sign_in(account=bureau.maker)
    page = polite.follow(polite.get("/majors?in-force=now"), "起草调整方案")
    page = polite.submit(page, typed(), button="保存方案")
    assert "草稿" in page.heading
    url = page.url

    page = polite.get(f"{url}/rehearsal")
    assert "0/1（0.0%）" in page.main
    assert "1/1（100.0%）" in page.main
    assert "1 家机构的达标结论改变" in page.main
    assert "许*强" in page.main
    assert "许国强" not in page.main
    page = polite.submit(polite.get(f"{url}/submit"), {}, button="提交复核")
    assert "待复核" in page.heading

    sign_in(account=bureau.colleague)
    assert "复核专业目录调整方案" in polite.get("/inbox").main
    page = polite.get(f"{url}/publish")
    assert "预演结果" in page.main
    page = polite.submit(page, {}, button="发布")
    assert "已发布" in page.heading
    page = polite.get(f"/majors/undergraduate/{SOCIOLOGY}")
    assert "示例民〔2026〕18号" in page.main
    assert bureau.colleague.name in page.main
    assert NEXT_YEAR in page.main


def test_everybody_who_sees_figures_reads_the_list_and_nobody_else_proposes(
    quick: Polite, sign_in: SignIn, bureau: Bureau
):
    sign_in(Role.DISTRICT)
    page = quick.get("/majors?in-force=now")
    assert "社会学" in page.main
    assert "起草调整方案" not in page.main
    assert "调整此专业" not in quick.get(f"/majors/undergraduate/{SOCIOLOGY}").main
    quick.get("/majors/changes", status=403)
    sign_in(Role.POLICE)
    quick.get("/majors", status=403)


def test_the_list_is_searched_filtered_and_taken_along(
    quick: Polite, client: FlaskClient, sign_in: SignIn, bureau: Bureau, session: Session
):
    sign_in(account=bureau.maker)
    assert "社会学" not in quick.get("/majors?q=0711").main
    assert "心理学" in quick.get("/majors?q=0711").main
    assert "心理学" not in quick.get("/majors?counts=no").main
    answer = client.get("/majors/export?format=csv&counts=no", base_url="https://localhost")
    assert "社会学" in answer.text
    assert "心理学" not in answer.text
    quick.get("/majors?counts=perhaps", status=400)
    quick.get("/majors/undergraduate/999999", status=404)


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    quick: Polite, sign_in: SignIn, bureau: Bureau
):
    sign_in(account=bureau.maker)
    page = quick.get("/majors/changes/new")
    page = quick.submit(page, typed(生效日期="后年", 依据文件=""), button="保存方案", status=200)
    assert "请写明依据文件，如文件名称和文号。" in page.errors
    assert "市局专题会议确定" in page.main

    yesterday = (today() - timedelta(days=1)).isoformat()
    page = quick.submit(
        quick.get("/majors/changes/new"), typed(生效日期=yesterday), button="保存方案", status=200
    )
    assert any("追溯生效" in error for error in page.errors)

    wrong = typed(added_code="社会", added_name="社会政策")
    page = quick.submit(quick.get("/majors/changes/new"), wrong, button="保存方案", status=200)
    assert any("4至8位数字" in error for error in page.errors)
    assert 'value="社会政策"' in page.response.text


def test_a_page_of_an_entry_begins_a_proposal_with_its_major(quick: Polite, sign_in: SignIn, bureau: Bureau):
    sign_in(account=bureau.maker)
    page = quick.follow(quick.get(f"/majors/undergraduate/{SOCIOLOGY}"), "调整此专业")
    facts = {key: value for key, value in typed().items() if not key.startswith("major")}
    page = quick.submit(page, facts, button="保存方案")
    assert "社会学（030301）" in page.heading


def test_a_rehearsal_of_another_place_or_of_what_cannot_be_published_says_so(
    quick: Polite, client: FlaskClient, sign_in: SignIn, bureau: Bureau, session: Session
):
    change = bureau.draw_up(valid_from=date.fromisoformat(NEXT_YEAR))
    session.commit()
    sign_in(account=bureau.maker)
    url = f"/majors/changes/{change.code}/rehearsal"
    assert "这一天没有机构的占比改变" in quick.get(url).main
    assert "黄浦区" in quick.get(f"{url}?division=310101").main
    quick.get(f"{url}?division=36", status=404)
    quick.get(f"{url}?on=nonsense", status=400)

    bureau.publish(valid_from=date.fromisoformat(NEXT_YEAR))
    session.commit()
    assert "这个方案现在不能发布" in quick.get(url).main
    answer = client.get(f"{url}/export?format=csv", base_url="https://localhost")
    assert answer.status_code == 303


def test_the_institutions_of_a_rehearsal_are_taken_along_without_names_and_on_record(
    quick: Polite, client: FlaskClient, sign_in: SignIn, bureau: Bureau, sociologist: str, session: Session
):
    change = bureau.draw_up(valid_from=date.fromisoformat(NEXT_YEAR))
    session.commit()
    sign_in(account=bureau.maker)

    answer = client.get(
        f"/majors/changes/{change.code}/rehearsal/export?format=csv", base_url="https://localhost"
    )

    assert "黄浦示例中心,0,1,0.0%,未达标,1,1,100.0%,达标" in answer.text
    assert "许" not in answer.text
    entry = session.query(AuditEntry).order_by(AuditEntry.sequence.desc()).first()
    assert entry is not None
    assert (entry.action, entry.facts["what"]) == ("major_change.see", "rehearsal")


def test_a_returned_proposal_shows_why_and_is_changed(
    quick: Polite, sign_in: SignIn, bureau: Bureau, session: Session
):
    change = bureau.draw_up(valid_from=date.fromisoformat(NEXT_YEAR))
    bureau.take(change, MajorChangeStep.SUBMIT, bureau.maker)
    session.commit()
    url = f"/majors/changes/{change.code}"
    sign_in(account=bureau.colleague)
    page = quick.submit(quick.get(f"{url}/return"), {"退回原因": ""}, button="退回", status=200)
    assert "请写明退回原因。" in page.errors
    quick.submit(page, {"退回原因": "依据文件还没有印发"}, button="退回")

    sign_in(account=bureau.maker)
    assert "依据文件还没有印发" in quick.get(url).main
    page = quick.get(f"{url}/edit")
    page = quick.submit(page, {"调整理由": "改按正式印发的文件"}, button="保存方案")
    assert "改按正式印发的文件" in page.main
    page = quick.submit(quick.get(f"{url}/withdraw"), {}, button="撤回")
    assert "已撤回" in page.heading
    assert session.query(MajorChange).count() == 1
