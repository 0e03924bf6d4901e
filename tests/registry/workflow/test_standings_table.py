"""Entries and filings: every state, every step, every person, against tables that are written here by hand."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.errors import NotAllowed, NotVisible, Refusal, StepNotOpen
from registry.organisations.models import StandingKind
from registry.provider_entries.models import IN_FORCE, EntryState
from registry.provider_entries.workflow import EntryStep
from registry.station_filings.models import FilingState, StationFiling
from registry.station_filings.workflow import FilingStep
from registry.workflow.operations import follow
from registry.workflow.queries import open_steps
from registry.workflow_table import Occasion
from tests.entry_factories import CALENDAR, KEY, Desk, lay_out_terms, make_entry, make_filing, make_station
from tests.factories import NOW, make_organisation, make_site, make_standing

LATER = NOW + timedelta(days=1)

STAYS = ""
# step: who takes it, from where, to where
ENTRY_TABLE = {
    "submit": ("own", "draft returned", "submitted"),
    "check": ("district", "submitted", "checked"),
    "return": ("district", "submitted", "returned"),
    "take_back": ("district", "checked", "submitted"),
    "confirm": ("city", "checked", "listed"),
    "send_back": ("city", "checked", "returned"),
    "withdraw": ("own", "draft submitted returned", "withdrawn"),
    "suspend": ("district", "listed leaving deciding", STAYS),
    "resume": ("district", "listed leaving deciding", STAYS),
    "notify": ("district", "listed", "leaving"),
    "defend": ("own", "leaving", "deciding"),
    "ask_to_leave": ("own", "listed", "deciding"),
    "keep": ("city", "leaving deciding", "listed"),
    "remove": ("city", "leaving deciding", "left"),
}
FILING_TABLE = {
    "submit": ("own", "draft returned", "submitted"),
    "report": ("street", "submitted", "reported"),
    "return": ("street", "submitted", "returned"),
    "take_back": ("street", "reported", "submitted"),
    "file": ("district", "reported", "filed"),
    "send_back": ("district", "reported", "returned"),
    "withdraw": ("own", "draft submitted returned", "withdrawn"),
    "close": ("district", "filed", "closed"),
}
# step that another record's step brings along: from where, to where
ENTRY_FOLLOWS = {
    "halt": ("submitted checked", "returned"),
    "end": ("draft submitted returned checked", "withdrawn"),
    "replace": ("listed", "replaced"),
}
FILING_FOLLOWS = {
    "end": ("draft submitted returned reported", "withdrawn"),
    "replace": ("filed", "replaced"),
}
OF_BOTH = {("submit", "street"), ("withdraw", "street")}
"""Steps of the station that a street takes too, with what it filled in itself; this one the station filled in."""
BARRED = ("report", "returned")
"""From there a street reports what it filled in itself, and nothing else."""
PEOPLE = ("own", "street", "district", "city", "stranger")


@dataclass(frozen=True)
class Stage:
    """One record that can be put into any state, and everybody around it."""

    session: Session
    desk: Desk
    record: Any
    stranger: Actor

    def actor(self, who: str) -> Actor:
        return self.stranger if who == "stranger" else getattr(self.desk, who)

    def sees(self, who: str, state: str) -> bool:
        return who == "own" or (who != "stranger" and state != "draft")


@pytest.fixture(params=["entry", "filing"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stage(session: Session, kind: str) -> Stage:
    lay_out_terms(session)
    is_entry = kind == "entry"
    site = make_site(session, make_organisation(session)) if is_entry else make_station(session)
    # Of another kind: the record hangs on some standing, and a first one can still be granted.
    standing = make_standing(session, site.organisation, kind=StandingKind.CHARITY)
    make = make_entry if is_entry else make_filing
    withdrawn = EntryState.WITHDRAWN if is_entry else FilingState.WITHDRAWN
    record = make(session, site, state=withdrawn, standing=standing)
    role = Role.PROVIDER if is_entry else Role.STATION
    stranger = Desk(session, make_site(session, make_organisation(session)), role).own
    return Stage(session, Desk(session, site, role), record, stranger)


def put(stage: Stage, kind: str, state: str, *, suspended: bool = False) -> None:
    record = stage.record
    record.state = (EntryState if kind == "entry" else FilingState)(state)
    record.submitted_at = None if state == "draft" else record.submitted_at
    record.confirming_code = "31" if kind == "entry" else None
    record.suspended_on = date(2026, 11, 20) if suspended else None
    stage.session.flush()


def expected(stage: Stage, who: str, name: str, row: tuple[str, str, str], state: str) -> type[Refusal] | str:
    """The state that the step leads to, or the refusal."""
    doer, froms, to = row
    if not stage.sees(who, state):
        return NotVisible
    if who != doer:
        is_there = (name, who) in OF_BOTH and isinstance(stage.record, StationFiling)
        return StepNotOpen if is_there and state not in froms.split() else NotAllowed
    if (name, state) == BARRED and isinstance(stage.record, StationFiling):
        return NotAllowed
    return (to or state) if state in froms.split() else StepNotOpen


def test_exactly_the_cells_of_the_table_succeed(stage: Stage, kind: str, tell) -> None:
    table: dict[str, Any] = ENTRY_TABLE if kind == "entry" else FILING_TABLE
    steps = EntryStep if kind == "entry" else FilingStep
    states = EntryState if kind == "entry" else FilingState
    cells = 0
    for state in states:
        for name, row in table.items():
            for who in PEOPLE:
                with stage.session.begin_nested() as attempt:
                    put(stage, kind, state.value, suspended=name == "resume")
                    wanted = expected(stage, who, name, row, state.value)
                    got = outcome(stage, steps(name), who)
                    assert got == wanted, f"{state} {name} by {who}"
                    attempt.rollback()
                stage.session.expire_all()
                cells += 1
    tell(f"workflow: {cells} cells of states, steps and people of the {kind} table")


def outcome(stage: Stage, step: Any, who: str) -> type[Refusal] | str:
    try:
        stage.desk.take(stage.record, step, stage.actor(who), reason="写明原因", facts={}, at=LATER)
    except Refusal as refusal:
        return type(refusal)
    return str(stage.record.state.value)


@pytest.mark.parametrize("suspended", [False, True])
def test_the_buttons_are_the_steps_that_succeed(stage: Stage, kind: str, suspended: bool) -> None:
    table: dict[str, Any] = ENTRY_TABLE if kind == "entry" else FILING_TABLE
    shut = "suspend" if suspended else "resume"
    for state in EntryState if kind == "entry" else FilingState:
        with stage.session.begin_nested() as attempt:
            put(stage, kind, state.value, suspended=suspended)
            for who in PEOPLE:
                wanted = {
                    name
                    for name, (doer, froms, _to) in table.items()
                    if doer == who and state.value in froms.split() and name != shut
                }
                offered = {
                    one.step.value for one in open_steps(stage.session, stage.record, stage.actor(who))
                }
                assert offered == (wanted if stage.sees(who, state.value) else set()), f"{state} for {who}"
            attempt.rollback()
        stage.session.expire_all()


def test_what_follows_another_record_leads_where_it_should_and_nobody_takes_it(
    stage: Stage, kind: str
) -> None:
    steps, states = (EntryStep, EntryState) if kind == "entry" else (FilingStep, FilingState)
    occasion = Occasion(stage.desk.city, LATER, LATER.date(), "写明原因", None, Trail(KEY))
    for state in states:
        for name, (froms, to) in (ENTRY_FOLLOWS if kind == "entry" else FILING_FOLLOWS).items():
            with stage.session.begin_nested() as attempt:
                put(stage, kind, state.value)
                for who in PEOPLE:
                    with pytest.raises(StepNotOpen, match="没有这一步"):
                        stage.desk.take(stage.record, steps(name), stage.actor(who), at=LATER)
                got: type[Refusal] | str
                try:
                    follow(stage.session, stage.record, steps(name), occasion, CALENDAR)
                    got = str(stage.record.state.value)
                except Refusal as refusal:
                    got = type(refusal)
                assert got == (to if state.value in froms.split() else StepNotOpen), f"{state} {name}"
                attempt.rollback()
            stage.session.expire_all()


def test_a_step_that_people_take_never_follows(stage: Stage, kind: str) -> None:
    step = EntryStep.WITHDRAW if kind == "entry" else FilingStep.WITHDRAW
    occasion = Occasion(stage.desk.own, LATER, LATER.date(), "", None, Trail(KEY))
    with pytest.raises(TypeError, match="follows"):
        follow(stage.session, stage.record, step, occasion, CALENDAR)


def test_what_is_in_force_is_what_a_standing_hangs_on() -> None:
    assert {state.value for state in IN_FORCE} == {"listed", "leaving", "deciding"}
