"""What becomes of findings: reported, corrected or not, left alone where a list is a part, and forgotten."""

from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import lapsing
from portal.settings import Settings
from registry.access.actors import Actor
from registry.clock import utc_now
from registry.organisations.models import Site
from registry.reconciliations.models import (
    Outcome,
    Progress,
    ReconciliationFinding,
)
from registry.reconciliations.operations import forget_details
from registry.workforce.models import Post, Profession
from tests.factories import (
    make_post,
    make_practitioner,
)
from tests.portal.polite import Polite
from tests.portal.reconciliations.lists import ROWS, compare, findings, run_of, send, their_list
from tests.reconciliation_factories import make_finding, make_reconciliation
from tests.sealing import identity_number


def test_the_next_export_shows_what_was_corrected_and_what_was_not(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    compare(client, send(client, their_list(*ROWS)).headers["Location"])
    first = run_of(session)
    ticked = [one.code for one in findings(session).values()]
    Polite(client).post(
        f"/reconciliations/{first.code}/mark", {"deed": "them", "finding": ticked}, status=303
    )
    Polite(client).post(f"/reconciliations/{first.code}/mark", {"deed": "report-all"}, status=303)
    mended = [ROWS[0][0], *ROWS[0][1:4], "护士", *ROWS[0][5:]]

    compare(client, send(client, their_list(mended)).headers["Location"])

    found = findings(session)
    assert found["李示例", ""].progress is Progress.UNCHANGED
    assert found["李示例", ""].reported_by == district.name
    assert ("张小示例", "profession") not in found
    of_first = ReconciliationFinding.reconciliation_id == first.id
    states = {
        (one.name, one.field): one.progress
        for one in session.scalars(sa.select(ReconciliationFinding).where(of_first))
    }
    assert states["张小示例", "profession"] is Progress.CORRECTED
    assert states["王外人", ""] is Progress.CORRECTED
    page = Polite(client).get(f"/reconciliations/{run_of(session).code}")
    assert "已报未改" in page.text
    assert page.text.count("本次见已改") == 1


def test_of_a_part_of_their_list_what_it_lacks_is_not_laid_at_their_door(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    site = session.scalars(sa.select(Site)).one()
    for number in range(3):
        make_post(session, make_practitioner(session, name=f"周示例{number}"), site)
    compare(client, send(client, their_list(ROWS[0])).headers["Location"])
    run = run_of(session)

    page = Polite(client).get(f"/reconciliations/{run.code}")
    Polite(client).post(f"/reconciliations/{run.code}/mark", {"deed": "report-all"}, status=303)

    assert run.only_ours > run.matched
    assert "看来不是完整的名单" in page.text
    states = {one.progress for one in findings(session).values() if one.outcome is Outcome.ONLY_OURS}
    assert states == {Progress.NEW}


def test_the_night_clears_what_was_uploaded_and_quoted(
    session: Session, client: FlaskClient, district: Actor, settings: Settings
) -> None:
    compare(client, send(client, their_list(*ROWS)).headers["Location"])
    later = utc_now() + timedelta(days=31)

    cleared = [
        lapsing.do_part(settings, session, lapsing.UPLOADS, at.date(), at)
        for at in (later - timedelta(days=2), later)
    ]

    assert cleared[0] == 0 < cleared[1]  # what other tests uploaded is as old
    assert {one.theirs for one in findings(session).values()} == {""}


def test_somebody_whom_we_do_not_have_is_not_corrected_by_a_number_or_by_a_piece_of_a_list(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    others = [["王外人", "", f"{year}.5", "示例暖阳中心", "注册护士", "", ""] for year in range(1971, 1974)]
    compare(client, send(client, their_list(*ROWS, *others)).headers["Location"])
    first = run_of(session)
    stranger = ReconciliationFinding.row == 3
    told = session.scalars(sa.select(ReconciliationFinding).where(stranger)).one()
    mark = f"/reconciliations/{first.code}/mark"
    Polite(client).post(mark, {"deed": "them", "finding": [told.code]}, status=303)
    Polite(client).post(mark, {"deed": "report", "finding": [told.code]}, status=303)

    compare(client, send(client, their_list(ROWS[0])).headers["Location"])
    session.expire_all()
    assert told.progress is Progress.REPORTED

    numbered = [ROWS[1][0], identity_number(9, born="19700501"), *ROWS[1][2:]]
    compare(client, send(client, their_list(ROWS[0], numbered, *others)).headers["Location"])
    session.expire_all()
    assert told.progress is Progress.REPORTED
    own = ReconciliationFinding.reconciliation_id == run_of(session).id
    again = session.scalars(sa.select(ReconciliationFinding).where(own, stranger)).one()
    assert (again.outcome, again.progress) == (Outcome.ONLY_THEIRS, Progress.UNCHANGED)


def test_what_they_wrote_is_forgotten_with_their_file(session: Session, district: Actor) -> None:
    run = make_reconciliation(session, at=utc_now() - timedelta(days=31))
    ours = make_finding(session, run)
    stranger = make_finding(
        session, run, outcome=Outcome.ONLY_THEIRS, subject_code="", name="王外人", field=""
    )

    forget_details(session, utc_now() - timedelta(days=30))

    session.expire_all()
    assert (ours.name, ours.theirs, ours.ours) == ("张示例", "", "社会工作者")
    assert (stranger.name, stranger.outcome) == ("", Outcome.ONLY_THEIRS)


def _reported(session: Session, client: FlaskClient) -> None:
    """The post of 张小示例 is told to them after this list."""
    compare(client, send(client, their_list(*ROWS)).headers["Location"])
    run, told = run_of(session), findings(session)["张小示例", "profession"]
    mark = f"/reconciliations/{run.code}/mark"
    Polite(client).post(mark, {"deed": "them", "finding": [told.code]}, status=303)
    Polite(client).post(mark, {"deed": "report", "finding": [told.code]}, status=303)


RIGHT = [*ROWS[0][:4], "护士", *ROWS[0][5:]]


def test_what_was_corrected_and_is_wrong_again_begins_as_not_reported(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    _reported(session, client)
    for row in (ROWS[0], RIGHT, ROWS[0]):
        compare(client, send(client, their_list(row)).headers["Location"])

    again = findings(session)["张小示例", "profession"]
    assert (again.progress, again.reported_at, again.corrected_at) == (Progress.NEW, None, None)


def test_what_they_corrected_as_asked_is_not_laid_at_their_door_when_our_record_changes(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    _reported(session, client)
    first = findings(session)["张小示例", "profession"]
    session.execute(sa.update(Post).values(profession=Profession.SOCIAL_WORKER))
    session.commit()

    compare(client, send(client, their_list(RIGHT)).headers["Location"])

    again = findings(session)["张小示例", "profession"]
    assert (again.theirs, again.ours, again.progress) == ("护士", "社会工作者", Progress.NEW)
    assert session.get_one(ReconciliationFinding, first.id).progress is Progress.CORRECTED


def test_the_file_of_what_was_corrected_compared_anew_tells_a_new_difference_as_new(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    _reported(session, client)
    first = run_of(session)
    url = f"/reconciliations/{first.code}/columns"
    compare(client, send(client, their_list(RIGHT)).headers["Location"])
    compare(client, url)
    own = (
        ReconciliationFinding.reconciliation_id == first.id,
        ReconciliationFinding.field == "profession",
    )
    assert session.scalars(sa.select(ReconciliationFinding.progress).where(*own)).one() is Progress.CORRECTED
    session.execute(sa.update(Post).values(profession=Profession.SOCIAL_WORKER))
    session.commit()

    compare(client, url)

    assert session.scalars(sa.select(ReconciliationFinding.progress).where(*own)).one() is Progress.NEW


def test_a_column_named_wrongly_corrects_nothing_once_it_is_named_rightly(
    session: Session, client: FlaskClient, district: Actor
) -> None:
    _reported(session, client)
    first = findings(session)["张小示例", "profession"]
    wrong = [*ROWS[0][:6], "护士"]
    url = send(client, their_list(wrong)).headers["Location"]
    compare(client, url, **{"column-4": "", "column-6": "profession"})
    session.expire_all()
    assert first.progress is Progress.CORRECTED

    compare(client, url, **{"column-4": "profession", "column-6": ""})

    session.expire_all()
    assert first.progress is Progress.REPORTED
    assert findings(session)["张小示例", "profession"].progress is Progress.UNCHANGED
