"""The two gates of public fundraising, computed by hand."""

from dataclasses import replace
from datetime import date

import pytest

from registry.dossiers.facts import picture_on
from registry.dossiers.fundraising import Gates, Standpoint, Terms, Verdict, gates_on
from registry.dossiers.models import DossierFact, FactKind
from registry.dossiers.periods import first_day_after, last_day_of

TERMS = Terms(12, 5, 20, "1/3", "1/3", 3, 2)
LONG_AGO = date(2010, 1, 4)
LIST = date(2020, 1, 1)


def fact(kind: FactKind, value: str, on: date, year: int | None = None) -> DossierFact:
    return DossierFact(kind=kind, value=value, on=on, year=year)


def recognised(on: date) -> list[DossierFact]:
    """A social service agency that was registered long ago, and recognised as a charity on the day."""
    return [
        fact(FactKind.REGISTRATION, "normal", LONG_AGO),
        fact(FactKind.REGISTERED_ON, LONG_AGO.isoformat(), LONG_AGO),
        fact(FactKind.RECOGNITION, "recognised", on),
    ]


def judged(facts: list[DossierFact], on: date, terms: Terms = TERMS) -> Gates:
    return gates_on(picture_on(facts, on), terms, on)


@pytest.mark.parametrize(
    ("recognised_on", "last_day", "full_on"),
    [
        (date(2025, 3, 15), date(2026, 3, 15), date(2026, 3, 16)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)),
        (date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29)),
        (date(2023, 3, 1), date(2024, 3, 1), date(2024, 3, 2)),
        (date(2024, 12, 31), date(2025, 12, 31), date(2026, 1, 1)),
        (date(2025, 11, 25), date(2026, 11, 25), date(2026, 11, 26)),
    ],
)
def test_the_year_is_full_on_the_day_after_its_corresponding_day(
    recognised_on: date, last_day: date, full_on: date
) -> None:
    facts = recognised(recognised_on)
    assert last_day_of(recognised_on, 12) == last_day
    assert judged(facts, last_day).standpoint is Standpoint.YEAR_NOT_FULL
    assert judged(facts, full_on).standpoint is Standpoint.MAY_APPLY
    assert judged(facts, full_on).full_on == full_on


def test_a_leap_day_has_its_own_anniversary_after_four_years() -> None:
    assert last_day_of(date(2024, 2, 29), 48) == date(2028, 2, 29)
    assert first_day_after(date(2024, 2, 29), 48) == date(2028, 3, 1)


def test_whoever_was_registered_as_a_charity_counts_from_the_registration() -> None:
    facts = [
        fact(FactKind.REGISTRATION, "normal", LIST),
        fact(FactKind.REGISTERED_ON, "2025-10-08", date(2025, 10, 8)),
        fact(FactKind.RECOGNITION, "registered", date(2025, 10, 20)),
    ]
    assert judged(facts, date(2026, 10, 9)).full_on == date(2026, 10, 9)
    assert judged(facts, date(2026, 10, 8)).standpoint is Standpoint.YEAR_NOT_FULL


def test_an_agency_that_is_no_charity_fails_at_the_first_gate() -> None:
    found = judged(recognised(date(2026, 1, 1))[:2], date(2026, 11, 26))
    assert found.standpoint is Standpoint.NOT_A_CHARITY
    assert found.full_on is None
    assert [one.verdict for one in found.first] == [Verdict.MET, Verdict.NOT_MET]
    assert "申请认定" in str(found.first[1].known)


@pytest.mark.parametrize("state", ["deregistered", "annulled", "revoked"])
def test_a_registration_that_is_over_comes_before_everything(state: str) -> None:
    facts = [
        *recognised(date(2020, 1, 1)),
        fact(FactKind.CERTIFICATE, "证1", date(2022, 1, 1)),
        fact(FactKind.REGISTRATION, state, date(2026, 5, 1)),
    ]
    assert judged(facts, date(2026, 4, 30)).standpoint is Standpoint.HOLDS
    assert judged(facts, date(2026, 5, 1)).standpoint is Standpoint.NOT_NORMAL


@pytest.mark.parametrize(
    ("revoked_on", "until"),
    [(date(2023, 6, 30), date(2028, 6, 30)), (date(2024, 2, 29), date(2029, 2, 28))],
)
def test_a_revoked_certificate_bars_for_five_years(revoked_on: date, until: date) -> None:
    facts = [
        *recognised(date(2015, 1, 1)),
        fact(FactKind.CERTIFICATE, "证1", date(2018, 1, 1)),
        fact(FactKind.CERTIFICATE_REVOKED, "revoked", revoked_on),
    ]
    found = judged(facts, until)
    assert (found.standpoint, found.barred_until) == (Standpoint.BARRED, until)
    assert judged(facts, date.fromordinal(until.toordinal() + 1)).standpoint is Standpoint.MAY_APPLY


def test_a_new_certificate_after_the_five_years_holds() -> None:
    facts = [
        *recognised(date(2010, 1, 5)),
        fact(FactKind.CERTIFICATE, "证1", date(2012, 1, 1)),
        fact(FactKind.CERTIFICATE_REVOKED, "revoked", date(2015, 1, 1)),
        fact(FactKind.CERTIFICATE, "证2", date(2021, 1, 1)),
    ]
    assert judged(facts, date(2026, 1, 1)).standpoint is Standpoint.HOLDS


def test_the_list_of_serious_dishonesty_is_a_condition_unmet_and_the_abnormal_list_is_for_the_registrar() -> (
    None
):
    facts = recognised(date(2020, 1, 1))
    abnormal = [*facts, fact(FactKind.ABNORMAL, "listed", date(2026, 7, 1))]
    assert judged(abnormal, date(2026, 11, 26)).standpoint is Standpoint.MAY_APPLY
    assert "活动异常名录" in str(judged(abnormal, date(2026, 11, 26)).second[-1].known)
    dishonest = [*facts, fact(FactKind.DISHONEST, "listed", date(2026, 7, 1))]
    assert judged(dishonest, date(2026, 11, 26)).standpoint is Standpoint.CONDITION_UNMET
    off_again = [*dishonest, fact(FactKind.DISHONEST, "removed", date(2026, 9, 1))]
    assert judged(off_again, date(2026, 11, 26)).standpoint is Standpoint.MAY_APPLY


def test_what_the_register_cannot_know_is_left_to_the_registrar() -> None:
    found = judged(recognised(date(2020, 1, 1)), date(2026, 11, 26))
    unknown = [one for one in found.second if one.verdict is Verdict.ASK]
    assert len(unknown) == 6
    assert "1/3" in str(unknown[1].asks)


def test_the_numbers_are_those_of_the_policy() -> None:
    longer = replace(TERMS, wait_months=24)
    assert judged(recognised(date(2024, 2, 29)), date(2026, 2, 28), longer).full_on == date(2026, 3, 1)
