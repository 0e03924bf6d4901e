"""What they have and we have not, where we are to say: told in the file, reported with it, and settled in the end."""

import csv
import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.reconciliations.models import Outcome, Progress, ReconciliationFinding
from registry.workforce.models import Certificate
from tests.portal.people_files import PURPOSE
from tests.portal.polite import Polite
from tests.portal.reconciliations.lists import compare, findings, run_of, send

HEADS = ["姓名", "出生年份", "最高学历", "毕业院校", "有效期至"]
FIELDS = ("level", "school", "valid_to")
THEIRS, BLANK = ["本科", "示例大学", "2027-05-01"], ["", "", ""]


def sent(client: FlaskClient, *cells: list[str]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *(["张小示例", "1985", *some] for some in cells)])
    compare(client, send(client, text.getvalue().encode("gb18030")).headers["Location"])


@pytest.fixture
def lacking(session: Session, client: FlaskClient, district: Actor) -> list[ReconciliationFinding]:
    """We are to say what is right, and have none of the three."""
    session.execute(sa.delete(Certificate))
    session.commit()
    form = {f"field-{field}": "own" for field in FIELDS} | {"valid_from": "2026-01-01", "basis": "示例"}
    Polite(client).post("/reconciliations/authorities/practitioners", form, status=303)
    sent(client, THEIRS)
    found = findings(session)
    return [found["张小示例", field] for field in FIELDS]


def test_the_correction_is_made_and_leaves_their_cells_as_they_are(
    session: Session, client: FlaskClient, lacking: list[ReconciliationFinding]
) -> None:
    assert {one.outcome for one in lacking} == {Outcome.WE_LACK}
    form = {"csrf_token": Polite(client)._token(), **PURPOSE}
    answer = client.post(f"/reconciliations/{run_of(session).code}/correction?format=csv", data=form)
    _heads, row = csv.reader(io.StringIO(answer.data.decode("gb18030")))

    assert row[2:5] == THEIRS
    assert sorted(row[5].splitlines()) == sorted(f"“{head}”登记册没有这一项，请核对。" for head in HEADS[2:])
    assert row[6] == ""


def test_it_is_reported_with_the_rest_and_settled_once_neither_has_it(
    session: Session, client: FlaskClient, lacking: list[ReconciliationFinding]
) -> None:
    url = f"/reconciliations/{run_of(session).code}/mark"
    Polite(client).post(url, {"deed": "report-all"}, status=303)
    session.expire_all()
    assert {one.progress for one in lacking} == {Progress.REPORTED}

    sent(client, THEIRS)
    assert {findings(session)["张小示例", field].progress for field in FIELDS} == {Progress.UNCHANGED}
    sent(client, BLANK)

    session.expire_all()
    assert {one.progress for one in lacking} == {Progress.CORRECTED}
