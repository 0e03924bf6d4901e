"""What an organisation knows of its standings, and who is listed on a day: as if the standings were read one by one."""

from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.organisations.facets import StandingStatus
from registry.organisations.models import Organisation, Standing, StandingKind
from registry.organisations.queries import ORGANISATIONS
from tests.factories import make_organisation, make_standing

START = date(2024, 1, 1)
DAYS = [START + timedelta(days=day) for day in range(-1, 32)]
KINDS = (StandingKind.PROVIDER, StandingKind.PROVIDER, StandingKind.STATION)

Facts = tuple[StandingKind, date, date | None]


def listed_by_filter(session: Session, status: StandingStatus, on: date) -> set[int]:
    question = ORGANISATIONS.ask({"standing": status.value}, scope=sa.true(), on=on)
    rows = list(question.every_row(session))
    assert {row.standing for row in rows} <= {status}, "the column says something else than the filter"
    assert question.count(session).number == len(rows)
    return {row.id for row in rows}


def status_of(standings: list[Facts], on: date) -> StandingStatus:
    """By the words of the regulation: read one standing after the other."""
    begun = [facts for facts in standings if facts[1] <= on]
    held = [facts for facts in begun if facts[2] is None or facts[2] > on]
    if any(kind is StandingKind.PROVIDER for kind, _start, _end in held):
        return StandingStatus.LISTED
    if any(kind is StandingKind.PROVIDER for kind, _start, _end in begun):
        return StandingStatus.ENDED
    return StandingStatus.OTHER if held else StandingStatus.NONE


def some_facts(dice: Random) -> Facts:
    start = START + timedelta(days=dice.randrange(30))
    end = start + timedelta(days=dice.randrange(1, 12)) if dice.random() < 0.7 else None
    return dice.choice(KINDS), start, end


def facts_by_organisation(session: Session) -> dict[int, list[Facts]]:
    found: dict[int, list[Facts]] = {key: [] for key in session.scalars(sa.select(Organisation.id))}
    columns = (Standing.organisation_id, Standing.kind, Standing.granted_on, Standing.ended_on)
    for key, *facts in session.execute(sa.select(*columns)):
        found[key].append(tuple(facts))
    return found


def agree(session: Session) -> None:
    standings = facts_by_organisation(session)
    for on in DAYS:
        expected = {key: status_of(facts, on) for key, facts in standings.items()}
        for status in StandingStatus:
            chosen = {key for key, found in expected.items() if found is status}
            assert listed_by_filter(session, status, on) == chosen, (status, on)


def test_the_lists_agree_with_the_standings_on_every_day_through_every_kind_of_write(
    session: Session,
) -> None:
    dice = Random(20260611)
    owners = [make_organisation(session) for _ in range(25)]
    for owner in owners:
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            kind, start, end = some_facts(dice)
            make_standing(session, owner, kind=kind, granted_on=start, ended_on=end)
    agree(session)

    kept = list(session.scalars(sa.select(Standing)))
    for standing in dice.sample(kept, 8):
        standing.kind, standing.granted_on, standing.ended_on = some_facts(dice)
    session.flush()
    agree(session)

    gone = sorted(standing.id for standing in dice.sample(kept, 6))
    session.execute(sa.delete(Standing).where(Standing.id.in_(gone)))
    moved = sa.update(Standing).where(Standing.organisation_id == owners[0].id)
    session.execute(moved.values(organisation_id=owners[1].id, uscc=owners[1].uscc))
    agree(session)


def test_rows_written_at_once_are_summed_as_well(session: Session) -> None:
    owners = [make_organisation(session) for _ in range(3)]
    rows = [
        {"number": f"JK-{owner.id}-{year}", "kind": StandingKind.PROVIDER, "granted_on": date(year, 1, 1)}
        | {"ended_on": date(year, 6, 1), "organisation_id": owner.id, "uscc": owner.uscc}
        for owner in owners
        for year in (2020, 2024)
    ]
    session.execute(sa.insert(Standing), rows)

    columns = (Organisation.listed_from, Organisation.listed_until, Organisation.listed_times)
    known = session.execute(sa.select(*columns)).all()

    assert [tuple(row) for row in known] == [(date(2020, 1, 1), date(2024, 6, 1), 2)] * 3


@pytest.mark.parametrize("ended_on", [None, date(2024, 6, 1)])
def test_an_organisation_without_an_end_in_any_standing_has_none(
    session: Session, ended_on: date | None
) -> None:
    owner = make_organisation(session)
    make_standing(session, owner, granted_on=date(2020, 1, 1), ended_on=date(2021, 1, 1))
    make_standing(session, owner, granted_on=date(2023, 1, 1), ended_on=ended_on)

    assert session.scalar(sa.select(Organisation.listed_until)) == ended_on


def test_a_listed_organisation_is_found_without_looking_into_its_standings(session: Session) -> None:
    """On SQLite, which says so: the index alone answers; only who was listed several times is looked up."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of the tables")
    question = ORGANISATIONS.ask({"standing": "listed", "kind": "social_service"}, scope=sa.true(), on=START)
    asked: list[tuple[str, tuple]] = []
    connection = session.connection()

    def note(
        _connection: sa.Connection, _cursor: object, statement: str, values: tuple, *_rest: object
    ) -> None:
        asked.append((statement, values))

    sa.event.listen(connection, "before_cursor_execute", note)
    question.count(session)
    sa.event.remove(connection, "before_cursor_execute", note)

    plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked[0][0], asked[0][1]).all()
    ways = [row.detail for row in plan if row.detail.startswith("SEARCH")]
    assert all("COVERING INDEX" in way for way in ways), ways
    assert any("organisation_id=?" in way for way in ways if "standing" in way), ways
