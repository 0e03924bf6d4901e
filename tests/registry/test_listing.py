"""The query object: table, count and export are the same rows, and nothing typed becomes SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry import listing as listing_module
from registry.errors import InvalidInput
from registry.listing import Batch, Count, Question
from registry.organisations.models import Organisation, OrganisationKind, StandingKind
from registry.organisations.queries import ORGANISATIONS, SITES
from registry.station_filings.models import FilingState
from registry.station_filings.queries import FILINGS
from tests.entry_factories import make_filing, make_station
from tests.factories import (
    DAY,
    NOW,
    make_division,
    make_organisation,
    make_provider,
    make_site,
    make_standing,
)

STREETS = ("310101002", "310101013", "310115004", "500101001")


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Every SELECT that is sent inside the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    yield sent
    sa.event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def world(session: Session) -> Session:
    """60 organisations in four streets: listed, delisted, never listed; with and without code and point."""
    for number in range(60):
        street = STREETS[number % 4]
        organisation = make_organisation(
            session,
            division_code=street,
            kind=list(OrganisationKind)[number % 7],
            is_example=number % 3 == 0,
            **({"uscc": None} if number % 5 == 0 else {}),
        )
        if organisation.uscc:
            make_standing(session, organisation, ended_on=DAY if number % 11 == 0 else None)
        point = {"latitude": 31.2, "longitude": 121.4, "precision": "exact"} if number % 2 else {}
        make_site(session, organisation, division_code=street, located_code=STREETS[number % 3], **point)
    return session


def ask(typed: dict[str, str], which: listing_module.Listing = ORGANISATIONS) -> Question:
    return which.ask(typed, scope=sa.true(), on=DAY)


def rows_over_all_pages(session: Session, typed: dict[str, str], which: listing_module.Listing) -> list[int]:
    found: list[int] = []
    number = 1
    while True:
        page = ask(typed | {"page": str(number)}, which).fetch(session)
        found += [row.id for row in page.rows]
        if not page.has_next:
            return found
        number += 1


FILTERS_OF_ORGANISATIONS: list[dict[str, str]] = [
    {},
    {"division": "31"},
    {"division": "310101", "standing": "listed"},
    {"standing": "ended"},
    {"standing": "none", "sort": "-name"},
    {"kind": "hospital", "origin": "example"},
    {"credit-code": "unknown", "division": "0"},
    {"q": "中心1", "sort": "name"},
    {"opening": "closed"},
    {"sort": "-division_code"},
]
FILTERS_OF_SITES: list[dict[str, str]] = [
    {},
    {"division": "3101"},
    {"located": "310115"},
    {"point": "missing", "sort": "-name"},
    {"point": "present", "precision": "exact"},
    {"lying": "elsewhere", "division": "31"},
    {"lying": "inside"},
    {"kind": "rehabilitation", "q": "示例路"},
]


@pytest.mark.parametrize(
    ("which", "filters"), [(ORGANISATIONS, FILTERS_OF_ORGANISATIONS), (SITES, FILTERS_OF_SITES)]
)
def test_table_count_and_export_hold_the_same_rows(
    world: Session, which: listing_module.Listing, filters: list[dict[str, str]]
) -> None:
    for typed in filters:
        question = ask(typed, which)

        shown = rows_over_all_pages(world, typed, which)

        assert shown == [row.id for row in question.every_row(world)], typed
        assert question.count(world) == Count(len(shown)) == question.fetch(world).count, typed
        assert len(shown) == len(set(shown)), typed


def test_the_standings_share_the_organisations_out(world: Session) -> None:
    make_standing(world, make_organisation(world), kind=StandingKind.STATION)
    make_standing(world, make_organisation(world), kind=StandingKind.CHARITY, ended_on=DAY)

    counts = [
        ask({"standing": status}).count(world).number for status in ("listed", "ended", "other", "none")
    ]

    # 12 of 60 have no code and no standing; every 11th of the others lost its own on the day itself. A station that
    # was never a provider stands apart, a charity that is no longer on file is nothing any more.
    assert counts == [60 - 12 - 4, 4, 1, 12 + 1]


def test_a_division_holds_everything_below_it_and_nothing_beside_it(world: Session) -> None:
    assert ask({"division": "3101"}).count(world).number == 45
    assert ask({"division": "310101"}).count(world).number == 30
    assert ask({"division": "310101013"}).count(world).number == 15


def test_a_site_lies_elsewhere_when_neither_division_holds_the_other(session: Session) -> None:
    organisation = make_organisation(session)
    make_site(session, organisation, division_code="310101", located_code="310115004", name="浦东的点")
    make_site(session, organisation, division_code="310101", located_code="310101002", name="本区的点")

    rows = ask({"lying": "elsewhere"}, SITES).fetch(session).rows

    assert [row.name for row in rows] == ["浦东的点"]


def test_rows_name_their_district_and_street_by_the_newest_name(session: Session) -> None:
    make_division(session, "310101", name="旧名区", valid_to=DAY)
    make_division(session, "310101", name="黄浦区", valid_from=DAY)
    make_division(session, "310101002", name="南京东路街道")
    make_provider(session)

    (row,) = ask({}).fetch(session).rows

    assert (row.district, row.street) == ("黄浦区", "南京东路街道")


def test_the_scope_cannot_be_widened_by_what_is_typed(world: Session) -> None:
    scope = Organisation.division_code == "500101001"

    question = ORGANISATIONS.ask({"division": "31"}, scope=scope, on=DAY)

    assert question.count(world).number == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "name; DROP TABLE organisation"),
        ("sort", "uscc"),
        ("sort", "--name"),
        ("sort", "-"),
        ("kind", "hospital' OR '1'='1"),
        ("standing", "LISTED"),
        ("division", "31' OR 1=1 --"),
        ("division", "3101011"),
        ("division", "３１"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "1e9"),
        ("page", "٣"),
        ("page", "99999999999999999999"),
        ("q", "中" * 101),
        ("q", "a\x00b"),
    ],
)
def test_a_value_that_the_list_does_not_know_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ask({name: value})

    assert refusal.value.field == name
    assert name in str(refusal.value)


def test_a_text_is_looked_for_as_it_stands(world: Session) -> None:
    for typed in ("'", "%", "_", "\\", "/", "'; DELETE FROM organisation; --", '" OR ""="'):
        make_organisation(world, name=f"示例〔{typed}〕中心")

        rows = ask({"q": f"〔{typed}〕"}).fetch(world).rows

        assert [row.name for row in rows] == [f"示例〔{typed}〕中心"]
    assert ask({"q": "%"}).count(world).number == 1
    assert ask({}).count(world).number == 67


def test_an_organisation_is_found_by_its_credit_code_and_its_listed_number(session: Session) -> None:
    organisation = make_organisation(session, uscc="91350100M000100Y43")
    make_standing(session, organisation, number="JK-310101-7")
    make_provider(session)

    for typed in ("91350100m000100y43", "JK-310101-7"):
        assert [row.id for row in ask({"q": typed}).fetch(session).rows] == [organisation.id]


def test_a_text_is_found_without_regard_to_case_and_blanks_around_it(session: Session) -> None:
    make_organisation(session, name="示例SUNSHINE中心")

    assert ask({"q": "  sunshine "}).count(session).number == 1


def test_names_that_the_list_does_not_know_are_left_alone(session: Session) -> None:
    make_organisation(session)

    assert ask({"utm": "x", "kind": "", "page": ""}).fetch(session).count == Count(1)


def test_a_page_beyond_the_end_is_empty_and_still_tells_the_count(world: Session) -> None:
    page = ask({"page": "9"}).fetch(world)

    assert (page.rows, page.count, page.has_next, page.has_previous) == ([], Count(60), False, True)


def test_nobody_counts_beyond_the_cap(world: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_module, "COUNT_CAP", 50)

    assert ask({}).count(world) == Count(50, is_capped=True)
    assert ask({"division": "31"}).count(world) == Count(45)


def test_a_page_costs_one_statement_and_a_longer_list_a_second_one(world: Session) -> None:
    with statements(world) as sent:
        ask({"division": "310115"}).fetch(world)
    assert len(sent) == 1

    with statements(world) as sent:
        ask({}).fetch(world)
    assert len(sent) == 2


def test_a_batch_is_asked_once_for_a_page_and_its_values_stand_in_page_and_export(world: Session) -> None:
    asked: list[int] = []

    def load(_session: Session, ids: Any, on: Any) -> dict[int, tuple[Any, ...]]:
        asked.append(len(ids))
        return {key: (key * 2, on) for key in ids}

    doubled = ORGANISATIONS.with_batches(Batch((("double", "两倍"), ("day", "日期")), load))

    page = ask({}, doubled).fetch(world)
    rows = list(ask({}, doubled).every_row(world))

    assert asked == [50, 60]
    assert all(row.double == row.id * 2 and row.day == DAY for row in [*page.rows, *rows])
    assert [key for key, _label in doubled.labels][-2:] == ["double", "day"]


def test_a_filter_may_bring_its_own_order_until_another_is_asked_for(world: Session) -> None:
    kind = next(item for item in ORGANISATIONS.filters if item.key == "kind")
    others = tuple(item for item in ORGANISATIONS.filters if item.key != "kind")
    ordered = replace(ORGANISATIONS, filters=(*others, replace(kind, order=(Organisation.id.desc(),))))

    ids = [row.id for row in ask({"kind": "hospital"}, ordered).fetch(world).rows]
    names = [row.name for row in ask({"kind": "hospital", "sort": "name"}, ordered).fetch(world).rows]

    assert ids == sorted(ids, reverse=True)
    assert names == sorted(names)


def test_what_has_no_day_yet_comes_last_where_the_latest_is_first(session: Session) -> None:
    draft = make_filing(session, make_station(session))
    handed_in = make_filing(session, make_station(session), state=FilingState.SUBMITTED, submitted_at=NOW)

    for sort, keys in (
        ("-submitted_at", [handed_in.id, draft.id]),
        ("submitted_at", [draft.id, handed_in.id]),
    ):
        assert [row.id for row in ask({"sort": sort}, FILINGS).fetch(session).rows] == keys
