"""Lists that show people by name leave an entry: one a day for each reader and question."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.clock import today, utc_now
from registry.organisations.models import Site
from tests.factories import make_post, make_practitioner, make_provider
from tests.reports.figures.worlds import lay_out_city


@pytest.fixture
def site(session: Session) -> Site:
    """Two people of one institution in Nanjing East Road."""
    lay_out_city(session)
    site = make_provider(session)
    for _ in range(2):
        make_post(session, make_practitioner(session), site)
    session.commit()
    return site


def sights(session: Session) -> list[AuditEntry]:
    session.expire_all()
    of_lists = sa.select(AuditEntry).where(AuditEntry.action == "practitioner.list")
    return list(session.scalars(of_lists.order_by(AuditEntry.sequence)))


@pytest.mark.usefixtures("site")
def test_a_list_of_people_is_an_entry_that_says_what_was_asked(
    client: FlaskClient, session: Session, sign_in
) -> None:
    actor = sign_in(Role.DISTRICT)

    client.get("/workforce?in-post=yes")

    (entry,) = sights(session)
    assert (entry.actor_code, entry.subject_type, entry.subject_code) == (
        actor.code,
        "listing",
        "workforce",
    )
    assert entry.division_code == "310101"
    assert (entry.facts["rows"], entry.facts["name"]) == (2, "show")
    assert (entry.facts["question"]["in-post"], entry.facts["question"]["division"]) == ("yes", "310101")


@pytest.mark.usefixtures("site")
def test_the_same_question_is_told_once_a_day_whatever_the_page_and_the_order(
    client: FlaskClient, session: Session, sign_in
) -> None:
    sign_in(Role.DISTRICT)

    for url in ("/workforce", "/workforce?page=2", "/workforce?sort=-person_no", "/workforce"):
        client.get(url)

    assert len(sights(session)) == 1


@pytest.mark.usefixtures("site")
def test_another_question_another_reader_and_another_day_are_told_again(
    client: FlaskClient, session: Session, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(Role.DISTRICT)
    for url in ("/workforce", "/workforce?in-post=yes"):
        client.get(url)
    sign_in(Role.DISTRICT)
    client.get("/workforce")
    assert len(sights(session)) == 3

    tomorrow = utc_now() + timedelta(days=1)
    monkeypatch.setattr("portal.sights.utc_now", lambda: tomorrow)
    monkeypatch.setattr("portal.sights.today", lambda: today(tomorrow))
    client.get("/workforce")

    assert len(sights(session)) == 4


def test_the_staff_on_the_page_of_an_institution_is_an_entry_too(
    client: FlaskClient, session: Session, sign_in, site: Site
) -> None:
    sign_in(Role.STREET, division_code="310101002")

    for _ in range(2):
        client.get(f"/providers/{site.organisation.code}")

    (entry,) = sights(session)
    assert (entry.subject_type, entry.subject_code) == ("organisation", site.organisation.code)
    assert (entry.facts["rows"], entry.facts["name"]) == (2, "part")


@pytest.mark.parametrize("url", ["/workforce?division=31&in-post=no", "/workforce?q=没有这家机构"])
@pytest.mark.usefixtures("site")
def test_a_list_that_shows_nobody_leaves_none(
    client: FlaskClient, session: Session, sign_in, url: str
) -> None:
    sign_in(Role.DISTRICT)

    assert client.get(url).status_code == 200
    assert sights(session) == []


def test_whoever_sees_no_staff_on_a_page_of_an_institution_leaves_none(
    client: FlaskClient, session: Session, sign_in, site: Site
) -> None:
    for role in (Role.FINANCE, Role.DISTRICT):
        sign_in(role, division_code="310104")
        assert client.get(f"/providers/{site.organisation.code}").status_code == 200

    assert sights(session) == []
