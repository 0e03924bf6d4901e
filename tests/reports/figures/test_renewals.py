"""再登记: what a past day said of somebody's registration it says after the renewal too."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.trail import Trail
from registry.workforce.counting import Place
from registry.workforce.models import Certificate, CertificateKind, Practitioner
from registry.workforce.papers import Certified, put_right
from registry.workforce.registration import RENEWAL_MONTHS
from registry.workforce.writing import Hand
from reports.figures.changes import changes
from reports.figures.definitions import CERTIFIED_SHARE, REGISTERED_SHARE, FigureDefinition
from reports.figures.ledger import Standing, ledger
from reports.figures.readings import share
from reports.figures.trend import trend
from tests.factories import (
    NOW,
    make_actor,
    make_certificate,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.reports.figures.worlds import CITY, ON, counts, lay_out_city

OLD = (date(2022, 9, 1), date(2025, 9, 1))
NEW = (date(2026, 2, 1), date(2029, 2, 1))
LAST_YEAR, IN_THE_GAP = date(2024, 12, 31), date(2025, 12, 31)
FIGURES = pytest.mark.parametrize(
    "figure", [CERTIFIED_SHARE, REGISTERED_SHARE], ids=["certified", "registered"]
)


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """Registered once, of the only one of the staff; the other one has a certificate that was never registered."""
    lay_out_city(session)
    make_parameter(session, RENEWAL_MONTHS, 3)
    person = make_practitioner(session)
    make_post(session, person, make_provider(session))
    return make_certificate(session, person, number="SW-1", valid_from=OLD[0], valid_to=OLD[1])


def renew(session: Session, certificate: Certificate) -> None:
    person = session.get_one(Practitioner, certificate.practitioner_id)
    session.refresh(person)
    owner = person.posts[0].site.organisation
    actor = make_actor(session, Role.PROVIDER, division_code=owner.division_code, organisation=owner)
    said = Certified(CertificateKind.SOCIAL_WORKER, certificate.grade, "SW-1", certificate.issued_on, *NEW)
    hand = Hand(actor, NOW, Trail(b"key of the tests"))
    put_right(session, person, certificate, said, version=person.version, hand=hand)
    session.expire_all()


def held_on(session: Session, figure: FigureDefinition, day: date) -> int:
    return counts(share(session, figure, division=CITY, on=day, rule=figure.default_rule))[0]


@FIGURES
def test_a_renewal_leaves_the_figures_of_the_past_as_they_were(
    session: Session, certificate: Certificate, figure: FigureDefinition
) -> None:
    days = (LAST_YEAR, date(2025, 8, 31), date(2025, 9, 1), IN_THE_GAP, date(2026, 1, 31))
    before = [held_on(session, figure, day) for day in days]

    renew(session, certificate)

    assert before == [1, 1, 0, 0, 0]
    assert [held_on(session, figure, day) for day in days] == before
    assert held_on(session, figure, NEW[0]) == 1


@FIGURES
def test_the_trend_shows_the_gap(
    session: Session, certificate: Certificate, figure: FigureDefinition
) -> None:
    renew(session, certificate)

    points = trend(session, figure, place=Place(CITY), on=ON, rule=figure.default_rule)

    without = [point.on for point in points if not point.share.numerator]
    assert without == [
        *(date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 30)),
        *(date(2025, 12, 31), date(2026, 1, 31)),
    ]


@FIGURES
@pytest.mark.parametrize(
    ("day", "standing", "reason", "until"),
    [
        (LAST_YEAR, Standing.HOLDER, "社会工作师证书在登记有效期内。", OLD[1]),
        (IN_THE_GAP, Standing.STAFF, "社会工作师证书登记已于2025-09-01到期，请办理再登记。", None),
        (ON, Standing.HOLDER, "社会工作师证书在登记有效期内。", NEW[1]),
    ],
    ids=["last year", "in the gap", "today"],
)
def test_the_ledger_of_a_past_day_gives_the_reason_of_that_day(
    session: Session, certificate: Certificate, figure: FigureDefinition, day, standing, reason, until
) -> None:
    renew(session, certificate)

    (row,) = ledger(session, figure, place=Place(CITY), on=day, rule=figure.default_rule)

    assert (row.standing, str(row.reason), row.until) == (standing, reason, until)


def test_what_changed_since_is_the_end_and_then_the_renewal(
    session: Session, certificate: Certificate
) -> None:
    renew(session, certificate)

    def told(since: date, on: date) -> list[tuple[date, int]]:
        rule = CERTIFIED_SHARE.default_rule
        found = changes(session, CERTIFIED_SHARE, place=Place(CITY), since=since, on=on, rule=rule)
        return [(one.on, one.numerator) for one in found]

    assert told(LAST_YEAR, IN_THE_GAP) == [(OLD[1], -1)]
    assert told(IN_THE_GAP, ON) == [(NEW[0], 1)]


@pytest.fixture
def unregistered(session: Session, certificate: Certificate) -> Certificate:
    """The same paper as long as nobody registered it."""
    certificate.valid_from = certificate.valid_to = None
    session.flush()
    return certificate


def test_a_first_registration_leaves_the_days_before_it_as_they_were(
    session: Session, unregistered: Certificate
) -> None:
    days = (LAST_YEAR, IN_THE_GAP, date(2026, 1, 31))
    before = [held_on(session, CERTIFIED_SHARE, day) for day in days]

    renew(session, unregistered)

    assert before == [1, 1, 1]
    assert [held_on(session, CERTIFIED_SHARE, day) for day in days] == before
    assert [held_on(session, REGISTERED_SHARE, day) for day in days] == [0, 0, 0]


def test_the_ledger_of_a_day_before_the_first_registration_knows_of_none(
    session: Session, unregistered: Certificate
) -> None:
    renew(session, unregistered)

    (row,) = ledger(
        session, CERTIFIED_SHARE, place=Place(CITY), on=LAST_YEAR, rule=CERTIFIED_SHARE.default_rule
    )

    assert (row.standing, str(row.reason)) == (Standing.HOLDER, "社会工作师证书已取得，当日尚未登记。")
    assert row.until == NEW[1]
