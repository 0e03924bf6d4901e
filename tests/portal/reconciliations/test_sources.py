"""来源系统 and 权威来源: a field says where it is from and what it is taken from, and leads to where it is mended."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import today
from registry.organisations.models import Site
from registry.reconciliations.models import Corrector, Outcome, Reconciliation, SourceSystem, SubjectKind
from registry.workforce.models import Post, Practitioner
from tests.factories import HUANGPU, make_post
from tests.portal.pages import XHTML
from tests.portal.people_files import PURPOSE
from tests.portal.polite import Polite
from tests.portal.reconciliations.lists import ROWS, compare, findings, run_of, send, their_list
from tests.reconciliation_factories import make_finding, make_reconciliation

SignIn = Callable[..., Actor]


def authority(session: Session, client: FlaskClient, field: str, source: str) -> None:
    form = {f"field-{field}": source, "valid_from": "2026-01-01", "basis": "示例〔2026〕1号"}
    Polite(client).post("/reconciliations/authorities/practitioners", form, status=303)


def remedies(client: FlaskClient, run: Reconciliation) -> dict[str, str]:
    """By the field of the line, where its link leads."""
    page = Polite(client).get(f"/reconciliations/{run.code}")
    rows = [{one.get("data-label"): one for one in row} for row in page.tree.iter(f"{XHTML}tr")]
    lines = [row for row in rows if "更正方" in row and "项目" in row]
    links = [(row["项目"], row["更正方"].find(f".//{XHTML}a")) for row in lines]
    return {
        "".join(cell.itertext()).strip(): link.get("href", "") for cell, link in links if link is not None
    }


@pytest.fixture
def person(session: Session, district: Actor) -> Practitioner:
    return session.scalars(sa.select(Practitioner).where(Practitioner.name == "张小示例")).one()


def test_what_is_ours_to_say_goes_to_their_file_with_both_sources(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    authority(session, client, "profession", "own")
    compare(client, send(client, their_list(*ROWS)).headers["Location"])
    run = run_of(session)

    page = Polite(client).get(f"/reconciliations/{run.code}")
    file = client.post(
        f"/reconciliations/{run.code}/correction?format=csv",
        data={"csrf_token": Polite(client)._token(), **PURPOSE},
    )
    head, row = list(csv.reader(io.StringIO(file.data.decode("gb18030"))))

    assert "示例〔2026〕1号" in page.main
    assert "对方的内容都来自示例登记系统" in page.main
    assert remedies(client, run)["岗位"] == f"/reconciliations/{run.code}/correction?format=csv"
    told = dict(zip(head, row, strict=True))
    assert (told["来源系统"], told["权威来源"]) == ("示例登记系统", "“岗位名称”：精康通")


def test_what_is_theirs_to_say_leads_to_the_row_of_our_record(
    session: Session, client: FlaskClient, person: Practitioner
) -> None:
    system = session.scalars(sa.select(SourceSystem)).one()
    authority(session, client, "profession", system.code)
    compare(client, send(client, their_list(*ROWS)).headers["Location"])
    post = person.posts[0]
    url = f"/workforce/{person.code}/posts/{post.code}"

    assert findings(session)["张小示例", "profession"].corrector is Corrector.US
    assert remedies(client, run_of(session)) == {"岗位": url}
    assert Polite(client).get(url).response.status_code == 200


def test_of_several_rows_the_person_is_shown_and_what_is_missing_is_entered(
    session: Session, client: FlaskClient, person: Practitioner
) -> None:
    make_post(session, person, session.scalars(sa.select(Site)).one())
    run = make_reconciliation(session)
    ours = {"corrector": Corrector.US, "subject_code": person.code}
    make_finding(session, run, field="profession", **ours)
    make_finding(session, run, field="school", outcome=Outcome.WE_LACK, **ours)
    make_finding(session, run, field="birth_year", **ours)
    stranger = {"field": "", "subject_code": "", "name": "王外人"}
    make_finding(session, run, outcome=Outcome.ONLY_THEIRS, corrector=Corrector.US, **stranger)
    session.commit()

    assert remedies(client, run) == {
        "岗位": f"/workforce/{person.code}#posts",
        "毕业院校": f"/workforce/{person.code}/education/new",
        "出生年份": "/intake/practitioners",
        "是否在册": "/workforce/new",
    }


def test_whoever_may_not_put_it_right_is_led_nowhere(
    session: Session, client: FlaskClient, person: Practitioner, sign_in: SignIn
) -> None:
    run = make_reconciliation(session, division_code=HUANGPU)
    ours = {"corrector": Corrector.US, "subject_code": person.code}
    make_finding(session, run, field="profession", **ours)
    session.commit()
    assert remedies(client, run) != {}

    sign_in(Role.CITY)

    assert remedies(client, run) == {}


def test_an_institution_is_led_to_no_papers_of_whoever_left_it(
    session: Session, client: FlaskClient, person: Practitioner, sign_in: SignIn
) -> None:
    site = session.scalars(sa.select(Site)).one()
    owner = site.organisation
    run = make_reconciliation(session, organisation_id=owner.id, division_code=owner.division_code)
    ours = {"corrector": Corrector.US, "subject_code": person.code}
    make_finding(session, run, field="profession", **ours)
    make_finding(session, run, field="grade", **ours)
    session.execute(sa.update(Post).values(end_on=today() - timedelta(days=1)))
    session.commit()
    sign_in(Role.PROVIDER, division_code=owner.division_code, organisation=owner)

    assert remedies(client, run) == {"岗位": f"/workforce/{person.code}/posts/{person.posts[0].code}"}


def test_places_are_put_right_by_a_workbook(session: Session, client: FlaskClient, district: Actor) -> None:
    site = session.scalars(sa.select(Site)).one()
    run = make_reconciliation(session, kind=SubjectKind.SITES)
    ours = {"corrector": Corrector.US, "subject_code": site.code}
    make_finding(session, run, field="address", **ours)
    session.commit()

    assert remedies(client, run) == {"地址": "/intake/sites"}
