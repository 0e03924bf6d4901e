"""即将到期的证书 on pages: the list, the file, a reminder to many, and who has read it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.reminding import CERTIFICATES, do_part, parts_of_night
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.models import Account, Role
from registry.certificates.models import CertificateReminder
from registry.clock import today, utc_now
from tests.factories import (
    make_account,
    make_certificate,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.portal.polite import Polite
from tests.reports.figures.worlds import STREET, lay_out_city

SignIn = Callable[..., Actor]
TEXT = "请在到期前三个月内办理再登记"


@pytest.fixture
def quick(client: FlaskClient) -> Polite:
    return Polite(client, reads_english=False)


@pytest.fixture
def provider(session: Session) -> Account:
    """Of an institution in whose staff one registration ends soon and one has ended; another one has no account."""
    lay_out_city(session)
    site = institution(session, "暖阳示例中心", "王小芳", 20, -3)
    institution(session, "海棠示例中心", "李大山", 60)
    account = make_account(session, Role.PROVIDER, organisation=site.organisation, division_code=STREET)
    session.commit()
    return account


def institution(session: Session, name: str, who: str, *ends_in: int):
    site = make_provider(session, name=name)
    for days in ends_in:
        person = make_practitioner(session, name=who)
        make_post(session, person, site)
        make_certificate(session, person, valid_to=today() + timedelta(days=days), number=f"示例{name}{days}")
    return site


def test_a_regulator_reminds_many_and_sees_who_has_read_it(
    polite: Polite, sign_in: SignIn, provider: Account, session: Session
):
    sign_in(Role.DISTRICT)
    page = polite.get("/workforce/certificates?ends=90")
    assert "王小芳" in page.main
    assert "剩 20 天" in page.main
    page = polite.follow(page, "批量提醒")
    page = polite.submit(page, {"名单上的全部机构": True, "提醒内容": TEXT}, button="发出提醒")
    assert "提醒已发给 1 家机构；1 家没有可接收的账号，请另行联系。" in page.text
    assert "未送达：没有账号，请另行联系" in page.main
    assert "已送达，未阅" in page.main
    url = page.url

    sign_in(account=provider)
    page = polite.get("/inbox")
    assert TEXT in page.main
    assert "海棠示例中心" not in polite.get(url).main
    polite.submit(polite.get("/inbox"), {}, button="已阅")

    sign_in(Role.DISTRICT)
    assert "已送达，未阅" not in polite.get(url).main
    assert "已阅" in polite.get("/workforce/certificates/reminders").main


def test_a_provider_sees_its_own_people_and_whose_registration_has_ended(
    quick: Polite, sign_in: SignIn, provider: Account
):
    sign_in(account=provider)
    page = quick.get("/workforce/certificates?ends=expired")
    assert "已到期 3 天" in page.main
    assert "批量提醒" not in page.main
    assert "李大山" not in quick.get("/workforce/certificates?ends=180").main
    quick.get("/workforce/certificates/remind", status=403)


def test_names_and_numbers_are_hidden_from_whoever_may_not_see_them(
    quick: Polite, sign_in: SignIn, provider: Account
):
    sign_in(Role.CITY)
    page = quick.get("/workforce/certificates?ends=90")
    assert "王*芳" in page.main
    assert "王小芳" not in page.main
    assert "示例暖阳示例中心20" not in page.main


def test_the_list_without_an_end_leads_to_half_a_year(
    client: FlaskClient, sign_in: SignIn, provider: Account
):
    sign_in(Role.DISTRICT)
    answer = client.get("/workforce/certificates?kind=social_worker", base_url="https://localhost")
    assert answer.status_code == 303
    assert answer.location == "/workforce/certificates?kind=social_worker&ends=180"


def test_the_file_asks_what_for(quick: Polite, sign_in: SignIn, provider: Account, session: Session):
    sign_in(Role.DISTRICT)
    page = quick.get("/workforce/certificates/export?ends=90&format=csv")
    assert "导出用途" in page.main


def test_nothing_typed_is_lost_where_nobody_is_chosen_or_no_text_is_written(
    quick: Polite, sign_in: SignIn, provider: Account, session: Session
):
    sign_in(Role.DISTRICT)
    page = quick.get("/workforce/certificates/remind?ends=90")
    page = quick.submit(page, {"提醒内容": TEXT}, button="发出提醒", status=200)
    assert "请至少选择一家名单上的机构。" in page.errors
    assert TEXT in page.main
    page = quick.submit(page, {"名单上的全部机构": True, "提醒内容": ""}, button="发出提醒", status=200)
    assert "请写明提醒内容。" in page.errors
    assert session.query(CertificateReminder).count() == 0


def test_a_place_outside_the_readers_own_is_not_there(quick: Polite, sign_in: SignIn, provider: Account):
    sign_in(Role.DISTRICT)
    quick.get("/workforce/certificates/remind?division=310104", status=404)
    quick.get("/workforce/certificates/remind?ends=never", status=400)


def test_the_night_tells_the_institution_and_the_inbox_leads_to_the_person(
    quick: Polite, sign_in: SignIn, provider: Account, session: Session, settings: Settings
):
    make_parameter(session, "certificate.reminder_days", [180, 90, 30])
    make_parameter(session, "certificate.late_days", 30)
    assert CERTIFICATES in parts_of_night()
    made = do_part(settings, session, CERTIFICATES, today() - timedelta(days=1), utc_now())
    session.commit()
    assert made == 3

    sign_in(account=provider)
    page = quick.get("/inbox")
    assert "证书登记将到期，请办理再登记" in page.main
    assert "证书登记已到期" in page.main
    assert "王小芳" in page.main
