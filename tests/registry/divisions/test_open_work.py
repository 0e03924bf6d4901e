"""Reports, entries and filings in hand, and whoever they wait for, go with their site when a street is split."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.trail import Trail
from registry.divisions.operations import undo_change
from registry.divisions.planning import plan_change
from registry.organisations.models import Organisation, Site, SiteKind
from registry.provider_entries.models import EntryState
from registry.provider_entries.workflow import EntryStep
from registry.services.workflow import ServiceReportStep
from registry.station_filings.models import FilingState
from registry.station_filings.workflow import FilingStep
from registry.workflow.models import Todo
from registry.workflow.operations import take_step
from registry.workflow.queries import open_todos
from tests.entry_factories import CALENDAR, KEY, TERMS, actor_of, make_entry, make_filing
from tests.factories import (
    NOW,
    make_account,
    make_organisation,
    make_parameter,
    make_site,
    make_standing,
)
from tests.registry.divisions.changing import dump, line, make
from tests.services_factories import make_service_report

OLD, EAST = "310101001", "310101011"


@pytest.fixture
def owner(tree: Session) -> Organisation:
    """It has an older site that stays, so that following the organisation would lead to the wrong part."""
    for term in (*TERMS, "service_report.confirm_workdays"):
        make_parameter(tree, term, 5)
    organisation = make_organisation(tree, division_code=OLD)
    make_site(tree, organisation, division_code=OLD)
    return organisation


def going_east(tree: Session, owner: Organisation, **facts: Any) -> Site:
    return make_site(tree, owner, division_code=OLD, **facts)


def split(east: Site, owner: Organisation) -> tuple[Any, Any]:
    staying = next(site for site in owner.sites if site.id != east.id)
    return (
        line("split", OLD, OLD, sites=staying.code),
        line("split", OLD, EAST, "东街道", sites=east.code),
    )


def submitted(tree: Session, record: Any, step: Any, owner: Organisation, role: Role) -> Any:
    actor = actor_of(make_account(tree, role, organisation=owner))
    take_step(tree, record, step, actor=actor, at=NOW, trail=Trail(KEY), calendar=CALENDAR)
    tree.flush()
    return record


def places(tree: Session) -> list[str]:
    return list(tree.scalars(sa.select(Todo.division_code).where(Todo.closed_at.is_(None))))


def counts(tree: Session, lines: Any) -> dict[str, int]:
    return {str(label): count for label, count in plan_change(tree, lines).counts}


def test_a_report_in_hand_goes_to_the_part_of_its_site(tree: Session, owner: Organisation) -> None:
    east = going_east(tree, owner)
    asked_by = make_account(tree, Role.PROVIDER, organisation=owner)
    report = make_service_report(tree, east, asked_by)
    submitted(tree, report, ServiceReportStep.SUBMIT, owner, Role.PROVIDER)
    tree.refresh(owner)
    found = counts(tree, split(east, owner))
    assert (found["未办结的服务项目申报"], found["待办事项"]) == (1, 1)
    make(tree, *split(east, owner))
    assert (report.division_code, places(tree)) == (EAST, [EAST])


def test_an_entry_in_hand_goes_to_the_part_of_its_site(tree: Session, owner: Organisation) -> None:
    east = going_east(tree, owner)
    entry = make_entry(tree, east, confirming_code="31")
    submitted(tree, entry, EntryStep.SUBMIT, owner, Role.PROVIDER)
    tree.refresh(owner)
    found = counts(tree, split(east, owner))
    assert (found["未办结的机构入库"], found["待办事项"]) == (1, 1)
    make(tree, *split(east, owner))
    assert (entry.division_code, places(tree)) == (EAST, [EAST])


def test_a_filing_in_hand_waits_for_the_street_of_its_station(tree: Session, owner: Organisation) -> None:
    east = going_east(tree, owner, kind=SiteKind.STATION)
    filing = make_filing(tree, east)
    submitted(tree, filing, FilingStep.SUBMIT, owner, Role.STATION)
    tree.refresh(owner)
    found = counts(tree, split(east, owner))
    assert (found["未办结的建站备案"], found["待办事项"]) == (1, 1)
    make(tree, *split(east, owner))
    street = actor_of(make_account(tree, Role.STREET, division_code=EAST))
    assert [todo.subject_code for todo in open_todos(tree, street)] == [filing.code]
    assert open_todos(tree, actor_of(make_account(tree, Role.STREET, division_code=OLD))) == []


def test_what_stands_and_what_is_behind_us_is_carried_and_counted_apart(
    tree: Session, owner: Organisation
) -> None:
    east = going_east(tree, owner, kind=SiteKind.STATION)
    standing = make_standing(tree, owner)
    listed = make_entry(tree, east, state=EntryState.LISTED, standing=standing)
    left = make_entry(tree, east, state=EntryState.LEFT, standing=standing)
    filed = make_filing(tree, east, state=FilingState.FILED, standing=standing)
    closed = make_filing(tree, east, state=FilingState.CLOSED, standing=standing)
    tree.refresh(owner)
    found = counts(tree, split(east, owner))
    labels = ("在库的机构入库", "以往的机构入库材料", "在册的建站备案", "以往的建站备案材料")
    assert [found[label] for label in labels] == [1, 1, 1, 1]
    make(tree, *split(east, owner))
    assert {one.division_code for one in (listed, left, filed, closed)} == {EAST}


def test_undone_everything_waits_where_it_waited(tree: Session, owner: Organisation) -> None:
    east = going_east(tree, owner)
    submitted(tree, make_entry(tree, east), EntryStep.SUBMIT, owner, Role.PROVIDER)
    tree.refresh(owner)
    before = dump(tree)
    undo_change(tree, make(tree, *split(east, owner)).code, at=NOW, by="李示例")
    assert dump(tree) == before
