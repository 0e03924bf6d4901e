"""Their lists: sent, compared, and what is found."""

import csv
import io
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.reconciliations.models import (
    Reconciliation,
    ReconciliationFinding,
)
from tests.portal.pages import controls_of
from tests.portal.polite import Polite
from tests.sealing import identity_number

HEADS = ["姓名", "公民身份号码", "出生日期", "单位名称", "岗位名称", "入职日期", "备注"]
NUMBER = identity_number(7, born="19850302")


def their_list(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    return text.getvalue().encode("gb18030")


ROWS = (
    ["张小示例", NUMBER, "1985-03-02", "上海市黄浦区示例暖阳中心", "义工", "2020年1月", "甲"],
    ["王外人", "", "1970.5", "示例暖阳中心", "注册护士", "2020.1.1", ""],
)


def send(client: FlaskClient, data: bytes, name: str = "对方名单.csv", **form: Any) -> Any:
    page = Polite(client).get("/reconciliations/new").form("上传")
    fields = {one.get("name"): one.get("value") for one in controls_of(page) if one.get("name")}
    system = page.find(".//*[@name='system']")[0].get("value")
    told = {"system": system, "kind": "practitioners", "file": (io.BytesIO(data), name)}
    return client.post("/reconciliations/new", data=fields | told | form)


def compare(client: FlaskClient, url: str, **changed: Any) -> Any:
    """Sends the page of the columns as it stands, with changes."""
    form = Polite(client).get(url).form("开始核对")
    return client.post(url, data=standing(form) | changed)


def standing(form: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for one in (one for one in form.iter() if one.get("name")):
        name, options = one.get("name"), [option for option in one if option.get("value") is not None]
        if options:
            told[name] = next((option.get("value") for option in options if "selected" in option.attrib), "")
        elif one.get("type") != "checkbox" or "checked" in one.attrib:
            told.setdefault(name, []).append(one.get("value") or "")
    return told


def run_of(session: Session) -> Reconciliation:
    session.expire_all()
    return session.scalars(sa.select(Reconciliation).order_by(Reconciliation.id.desc()).limit(1)).one()


def findings(session: Session) -> dict[tuple[str, str], ReconciliationFinding]:
    own = ReconciliationFinding.reconciliation_id == run_of(session).id
    return {
        (one.name, one.field): one for one in session.scalars(sa.select(ReconciliationFinding).where(own))
    }
