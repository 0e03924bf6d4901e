"""Small worlds that the tests of figures share: the divisions of one city, the list of majors, the target."""

from datetime import date

from sqlalchemy.orm import Session

from registry.divisions.models import DivisionKind
from reports.figures.definitions import FIGURES, QUALIFIED_SHARE
from reports.figures.readings import Reading, share
from tests.factories import make_division, make_export_caps, make_major, make_parameter, make_target

ON = date(2026, 11, 23)
CITY, HUANGPU, XUHUI = "31", "310101", "310104"
STREET, OTHER_STREET, BLANK_STREET, XUHUI_STREET = "310101002", "310101013", "310101015", "310104003"

ASSIGNED = QUALIFIED_SHARE.rules[0]
ALL_STAFF = QUALIFIED_SHARE.rules[1]
CERTIFIED_SHARE = FIGURES["certified-share"]


def lay_out_city(session: Session) -> None:
    """上海 with two districts, three streets and one without an institution; social work counts; 30% is the target."""
    make_division(session, CITY, name="上海市")
    make_division(session, "3101", name="市辖区", kind=DivisionKind.PSEUDO)
    make_division(session, HUANGPU, name="黄浦区")
    make_division(session, XUHUI, name="徐汇区")
    make_division(session, STREET, name="南京东路街道")
    make_division(session, OTHER_STREET, name="外滩街道")
    make_division(session, BLANK_STREET, name="半淞园路街道")
    make_division(session, XUHUI_STREET, name="湖南路街道")
    make_major(session)
    make_target(session)
    make_export_caps(session)
    make_parameter(session, "training.rehabilitation_hours", 20)
    make_parameter(session, "training.newcomers", "whole")


def qualified(session: Session, division: str = CITY, on: date = ON, **asked: object) -> Reading:
    """The qualified share by the default rule unless the test says otherwise."""
    options = {"rule": ASSIGNED} | asked
    return share(session, QUALIFIED_SHARE, division=division, on=on, **options)  # type: ignore[arg-type]  # as asked


def counts(reading: Reading) -> tuple[int, int]:
    """Numerator and denominator."""
    return reading.share.numerator, reading.share.denominator


def part_counts(reading: Reading) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of each part by its code."""
    return {part.code: (part.share.numerator, part.share.denominator) for part in reading.parts}
