"""更新已有、跳过已有 on the page of a preview: chosen, counted, taken back, loaded."""

from collections.abc import Callable
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.organisations.models import Site
from registry.policy.loading import load_policy
from tests.factories import make_provider
from tests.portal.polite import Polite
from tests.reports.figures.worlds import lay_out_city

HEAD = "站点编号,机构名称,类型,所在区划,地址\n"


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_city(session)
    load_policy(session)
    site = make_provider(session)
    session.commit()
    return site


@pytest.fixture
def address(sign_in: Callable[..., Actor], client: FlaskClient, session: Session, site: Site) -> str:
    """The page of a file with one row on record, at another address, and a new one."""
    sign_in(Role.DISTRICT)
    old = f"{site.code},{site.organisation.name},{site.kind.value},{site.division_code},示例路9号\n"
    new = f",示例新中心,社区康复点,{site.division_code},示例路8号\n"
    token = Polite(client).get("/intake/sites").form("上传并预检").find(".//*[@name='csrf_token']")
    assert token is not None
    data = BytesIO((HEAD + old + new).encode())
    form = {"csrf_token": token.get("value"), "file": (data, "场所.csv"), "crs": "wgs84"}
    return str(client.post("/intake/sites", data=form).headers["Location"])


def addresses(session: Session) -> set[str]:
    session.expire_all()
    return {address for address in session.scalars(sa.select(Site.address)) if address.startswith("示例路")}


def test_known_rows_are_left_out_by_choice_and_the_totals_say_so(
    address: str, polite: Polite, session: Session
):
    page = polite.get(address)
    assert "1 + 1 = 2 行" in page.main
    assert "按选择跳过" not in page.main

    chosen = polite.submit(page, button="跳过已有的 1 行，只导入新增")
    assert "已有，按选择跳过" in chosen.main
    assert "1 + 1 = 2 行" in chosen.main
    assert "已有，跳过" in polite.get(f"{address}/rows?outcome=skip").main
    polite.submit(chosen, button="导入 1 行")

    assert addresses(session) == {"示例路1号", "示例路8号"}


def test_the_choice_can_be_taken_back(address: str, polite: Polite, session: Session):
    chosen = polite.submit(polite.get(address), button="跳过已有的 1 行，只导入新增")
    back = polite.submit(chosen, button="改为更新已有的 1 行")
    polite.submit(back, button="导入 2 行")

    assert addresses(session) == {"示例路8号", "示例路9号"}


def test_another_word_is_refused_and_so_is_a_choice_after_the_load(address: str, polite: Polite):
    polite.post(f"{address}/known", {"known": "perhaps"}, status=400)
    polite.post(f"{address}/known", {}, status=400)
    polite.submit(polite.get(address), button="导入 2 行")
    polite.post(f"{address}/known", {"known": "skip"}, status=400)
