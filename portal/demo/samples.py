"""Workbooks to try the intake with: a roster with faults and its corrected form, sites with faults, a banned number."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
from sqlalchemy.orm import Session

from portal.demo.identifiers import example_uscc
from portal.demo.roster import Row, roster, with_faults
from portal.demo.writing import Written
from portal.intake.judging import kind_of
from registry.organisations.models import OrganisationKind
from reports.workbooks.templates import template

Gettext = Callable[[str], str]

STAFF_FAULTY = "示例-从业人员-含错误.xlsx"
STAFF_RIGHT = "示例-从业人员-已改正.xlsx"
STAFF_BANNED = "示例-从业人员-含身份证号.xlsx"
SITES_FAULTY = "示例-服务场所-含错误.xlsx"
SITES_RIGHT = "示例-服务场所-已改正.xlsx"

SPECIMEN_IDENTITY_NUMBER = "11010519491231002X"
"""The number that the standard itself (GB 11643) gives as its example; it is nobody's."""


def staff_samples(
    session: Session, written: Written, *, today: date, gettext: Gettext = str
) -> Mapping[str, bytes]:
    """The roster of November with seven faults, without them, and with an identity number typed."""
    rows = roster(session, written, today=today)
    banned = [dict(row) for row in rows[-3:]]
    banned[0]["person_no"] = SPECIMEN_IDENTITY_NUMBER
    return {
        STAFF_FAULTY: workbook("practitioners", with_faults(rows), gettext),
        STAFF_RIGHT: workbook("practitioners", rows, gettext),
        STAFF_BANNED: workbook("practitioners", banned, gettext),
    }


def site_samples(*, gettext: Gettext = str) -> Mapping[str, bytes]:
    """Ten new sites, once with eight faults and once without."""
    return {
        SITES_FAULTY: workbook("sites", [row | fault for row, fault in NEW_SITES], gettext),
        SITES_RIGHT: workbook("sites", [row for row, _ in NEW_SITES], gettext),
    }


def workbook(kind: str, rows: Sequence[Row], gettext: Gettext) -> bytes:
    """The kind's own template, filled from the row below the heads on."""
    declared = kind_of(kind)
    book = openpyxl.load_workbook(BytesIO(template(declared, locale="zh", gettext=gettext)))
    sheet = book[declared.zh]
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(declared.columns, start=1):
            sheet.cell(number, place).value = row.get(column.key)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _site(number: int, name: str, street: str, latitude: float, longitude: float) -> Row:
    return {
        "organisation_name": f"{name}（示例）",
        "uscc": example_uscc(OrganisationKind.SOCIAL_SERVICE, street, 9000 + number),
        "kind": "社区康复点",
        "located_code": street,
        "address": f"示例路{number}号",
        "latitude": latitude,
        "longitude": longitude,
        "opened_on": date(2026, 10, 8),
        "source": "示例数据",
    }


NEW_SITES: tuple[tuple[Row, dict[str, Any]], ...] = (
    (_site(1, "黄浦老西门暖心康复点", "310101019", 31.2169, 121.4853), {}),
    (_site(2, "徐汇华泾同心康复点", "310104103", 31.1173, 121.4522), {"uscc": "523101040000900210"}),
    (_site(3, "闵行新虹启明康复点", "310112008", 31.1965, 121.3211), {"located_code": "310199001"}),
    (
        _site(4, "宝山罗泾晨光康复点", "310113106", 31.4716, 121.3535),
        {"latitude": 121.3535, "longitude": 31.4716},
    ),
    (
        _site(5, "嘉定华亭知行康复点", "310114111", 31.4605, 121.2571),
        {"latitude": 35.6812, "longitude": 139.7671},
    ),
    (_site(6, "金山吕巷安和康复点", "310116105", 30.8326, 121.1857), {"opened_on": "2026/2/30"}),
    (_site(7, "松江新浜和煦康复点", "310117117", 30.9349, 121.0625), {"organisation_name": None}),
    (_site(8, "青浦金泽清和康复点", "310118104", 31.0412, 120.9197), {"kind": "康复屋"}),
    (
        _site(9, "崇明新河海棠康复点", "310151103", 31.5852, 121.5297),
        {"uscc": example_uscc(OrganisationKind.SOCIAL_SERVICE, "310101019", 9001)},
    ),
    (_site(10, "浦东合庆常乐康复点", "310115110", 31.2379, 121.7157), {}),
)
"""Each new site beside its fault: a wrong check character, an unknown division, swapped coordinates, a point outside
China, a day that does not exist, no name, an unknown kind, a credit code of somebody else."""
