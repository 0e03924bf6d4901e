"""Builders of inspections, findings, ratings and demonstration status, with boring defaults."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from registry.inspections.defending import DEFEND_WORKDAYS
from registry.inspections.models import (
    Finding,
    FindingItem,
    Inspection,
    InspectionKind,
    InspectionState,
    Severity,
)
from registry.inspections.operations import LEAST_INSPECTORS, RECTIFY_DAYS, Found, Visit
from registry.inspections.ratings import Demonstration, DemonstrationLevel, Rating, RatingGrade
from registry.inspections.workflow import CLOSE_WORKDAYS, DECIDE_WORKDAYS, RECHECK_WORKDAYS
from registry.organisations.models import Organisation
from tests.factories import NOW, make_parameter

VISITED_ON = date(2026, 11, 16)
RECTIFY_BY = date(2026, 12, 10)
VISIT = Visit(InspectionKind.ROUTINE, VISITED_ON, ("王示例", "赵示例"), "第四季度日常检查", None)
FOUND = Found(FindingItem.SAFETY, "灭火器过期2具", Severity.ORDINARY, RECTIFY_BY)


def make_inspection_terms(session: Session) -> None:
    """The policy that an inspection asks for."""
    for key in (DEFEND_WORKDAYS, DECIDE_WORKDAYS, RECHECK_WORKDAYS, CLOSE_WORKDAYS):
        make_parameter(session, key, 5)
    make_parameter(session, LEAST_INSPECTORS, 2)
    make_parameter(session, RECTIFY_DAYS, 90)


def make_inspection(session: Session, organisation: Organisation, **facts: Any) -> Inspection:
    """A routine visit of last week with one finding, of which the organisation was told."""
    defaults: dict[str, Any] = {
        "state": InspectionState.NOTIFIED,
        "kind": InspectionKind.ROUTINE,
        "visited_on": VISITED_ON,
        "inspectors": "王示例、赵示例",
        "scope": "第四季度日常检查",
        "division_code": organisation.division_code,
        "recorded_at": NOW,
        "notified_at": NOW,
        "defend_by": date(2026, 11, 30),
        "findings": [make_finding()],
    }
    values = defaults | facts
    if values["state"] in (InspectionState.DRAFT, InspectionState.WITHDRAWN):
        values |= {"notified_at": None, "defend_by": None}
    inspection = Inspection(organisation=organisation, **values)
    session.add(inspection)
    session.flush()
    return inspection


def make_finding(**facts: Any) -> Finding:
    """An expired extinguisher; it belongs to no inspection yet."""
    defaults: dict[str, Any] = {
        "number": 1,
        "item": FindingItem.SAFETY,
        "problem": "灭火器过期2具",
        "severity": Severity.ORDINARY,
        "rectify_by": RECTIFY_BY,
    }
    return Finding(**(defaults | facts))


def make_rating(session: Session, organisation: Organisation, **facts: Any) -> Rating:
    """4A for five years from 2024 on."""
    defaults: dict[str, Any] = {
        "grade": RatingGrade.FOUR_A,
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2029, 1, 1),
        "issued_by": "示例市民政局",
        "document": "示例民社〔2023〕18号",
        "recorded_at": NOW,
    }
    rating = Rating(organisation=organisation, **(defaults | facts))
    session.add(rating)
    session.flush()
    return rating


def make_demonstration(session: Session, organisation: Organisation, **facts: Any) -> Demonstration:
    """A demonstration place of the city without an end."""
    defaults: dict[str, Any] = {
        "level": DemonstrationLevel.CITY,
        "title": "精神障碍社区康复服务示范点",
        "valid_from": date(2025, 1, 1),
        "valid_to": None,
        "issued_by": "示例市民政局",
        "document": "示例民残福〔2024〕9号",
        "recorded_at": NOW,
    }
    demonstration = Demonstration(organisation=organisation, **(defaults | facts))
    session.add(demonstration)
    session.flush()
    return demonstration
