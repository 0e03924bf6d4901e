"""Two exports of a system of somebody else about the people of Huangpu: differences, three of them reported.

Nine days ago the list was compared and three things were told; the export of two days ago shows one of them corrected.
A third one, among the samples, has the others corrected too: whoever uploads it sees them closed.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

from sqlalchemy.orm import Session

from portal.demo.accounts import Accounts
from portal.demo.pacing import Story
from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.reconciliations.columns import guessed
from registry.reconciliations.fields import PRACTITIONERS, PRESENCE, ComparedField
from registry.reconciliations.keeping import SystemFacts, enter_system, set_authorities
from registry.reconciliations.models import Corrector, Reconciliation, SubjectKind
from registry.reconciliations.operations import Sent, compare_file, report, take_in
from registry.reconciliations.ours import OurRecord, Whose, our_side
from registry.reconciliations.queries import Wanted, findings_of
from registry.sealing.providers import SealProvider

SYSTEM = SystemFacts(
    "社工登记系统（示例）",
    "示例市社会工作服务中心",
    "社会工作者的职业水平证书、登记有效期和任职单位。示例数据，不代表任何真实系统。",
)
PLATFORM = SystemFacts(
    "社区康复服务转介平台（示例）",
    "示例省精神卫生中心",
    "社区康复机构和人才名录。示例数据，不代表任何真实系统。",
)
BASIS = "示例民发〔2026〕12号（示例）"
FIRST, SECOND, THIRD = (
    "示例-社工登记系统-导出-1113.csv",
    "示例-社工登记系统-导出-1120.csv",
    "示例-社工登记系统-导出-更正后.csv",
)
HEADS = (
    "人员姓名",
    "出生年份",
    "所在机构",
    "岗位名称",
    "用工性质",
    "入职日期",
    "证书号",
    "证书等级",
    "登记有效期",
)
KEYS = (
    "name",
    "birth_year",
    "institution",
    "profession",
    "engagement",
    "start_on",
    "certificate_number",
    "grade",
    "valid_to",
)
OF_THE_SYSTEM = ("certificate_number", "grade", "valid_to")
OF_OURS = (PRESENCE, "institution", "profession", "engagement", "start_on")
STRANGER = (
    "欧阳示例",
    "1991",
    "黄浦示例服务社",
    "社工",
    "全职",
    "2025-03-01",
    "示例外部0001",
    "社会工作师",
    "2027-12-31",
)

REPORTED, ABSENT = 3, 2

Row = dict[str, str]


@dataclass(frozen=True)
class Compared:
    """A comparison and the file that it read."""

    run: Reconciliation
    data: bytes


def write_reconciliations(
    session: Session, accounts: Accounts, *, today: date, trail: Trail, seals: SealProvider
) -> Story:
    """By the district's officer, in the order of time; gives back both comparisons."""
    actor = Actor.of(accounts[Role.DISTRICT].positions[0])

    def at(days_ago: int, hour: int) -> datetime:
        return datetime.combine(today - timedelta(days=days_ago), time(hour), SHANGHAI)

    yield at(10, 9)
    how: dict[str, Any] = {"actor": actor, "trail": trail}
    system = enter_system(session, SYSTEM, at=at(10, 9), is_example=True, **how)
    enter_system(session, PLATFORM, at=at(10, 9), is_example=True, **how)
    chosen = dict.fromkeys(OF_THE_SYSTEM, system) | dict.fromkeys(OF_OURS, None)
    since: dict[str, Any] = {"valid_from": today - timedelta(days=10), "basis": BASIS}
    set_authorities(session, SubjectKind.PRACTITIONERS, chosen, at=at(10, 9), **since, **how)
    compared = []
    for name, days_ago in ((FIRST, 9), (SECOND, 2)):
        yield at(days_ago, 10)
        data = export_of(session, actor.division_code, at(days_ago, 10).date(), name)
        run = _compared(session, system, name, data, at(days_ago, 10), seals, how)
        compared.append(Compared(run, data))
        if name == FIRST:
            yield at(days_ago, 11)
            theirs = findings_of(session, run, Wanted(corrector=Corrector.THEM))
            report(session, run, theirs[:REPORTED], at=at(days_ago, 11), **how)
    return compared


def _compared(
    session: Session,
    system: Any,
    name: str,
    data: bytes,
    at: datetime,
    seals: SealProvider,
    how: dict[str, Any],
) -> Reconciliation:
    from reports.workbooks.reading import read_table  # the reader is for the first start only

    table = read_table(data, name)
    sent = Sent(system, SubjectKind.PRACTITIONERS, table, f"demonstration {name}"[:64])
    run = take_in(session, sent, at=at, **how)
    said = guessed(run.kind, table.headers, None)
    compare_file(session, run, table, said, version=run.version, at=at, seals=seals, **how)
    return run


def export_of(session: Session, division_code: str, on: date, name: str) -> bytes:
    """Their list of the people in post, as GB18030; what differs hangs on which of the three it is."""
    ours = our_side(session, SubjectKind.PRACTITIONERS, Whose(division_code), on)
    listed = [one for one in ours.records if one.is_current]
    rows = [_row(record) for record in listed]
    certified = [row for row in rows if row["certificate_number"]]
    for row, (fault, until) in zip(certified, FAULTS, strict=False):
        if name in until:
            fault(row)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADS)
    kept = rows if name == THIRD else rows[:-ABSENT]
    writer.writerows([row[key] for key in KEYS] for row in kept)
    if name == FIRST:
        writer.writerow(STRANGER)
    return text.getvalue().encode("gb18030")


def _row(record: OurRecord) -> Row:
    """What the register says, in their words."""
    return {key: WORDS.get(said, said) for key in KEYS for said in [_said(record, PRACTITIONERS.field(key))]}


def _said(record: OurRecord, field: ComparedField) -> str:
    members = record.groups[field.group] or [{}]
    value = members[0].get(field.key)
    return "" if value is None else field.reading.shown(value)


WORDS: Mapping[str, str] = {"社会工作者": "社工", "专职": "全职", "护士": "注册护士", "派遣": "劳务派遣"}


def _put(key: str, value: str) -> Callable[[Row], None]:
    return lambda row: row.update({key: value})


FAULTS: tuple[tuple[Callable[[Row], None], tuple[str, ...]], ...] = (
    (_put("institution", "黄浦示例社工服务社"), (FIRST,)),
    (_put("profession", "行政"), (FIRST, SECOND)),
    (_put("start_on", "2019年5月"), (FIRST, SECOND)),
    (_put("engagement", "兼职"), (FIRST, SECOND)),
    (_put("grade", "高级社会工作师"), (FIRST, SECOND, THIRD)),
    (_put("valid_to", "2031-06-30"), (FIRST, SECOND, THIRD)),
    (_put("grade", ""), (FIRST, SECOND)),
)
"""What they say otherwise, and in which of the exports: by the place of the person in their list."""
