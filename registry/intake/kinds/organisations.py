"""The workbook of legal entities, recognised by their credit codes. It grants no standing and ends none.

What is registered is filled up where it is blank; what is registered otherwise is mended where the register keeps it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.actions import Action
from registry.base import new_codes
from registry.divisions.codes import lies_within
from registry.intake.bulk import insert_rows, update_rows
from registry.intake.declaration import Column, Context, Findings, Judged, Outcome, WorkbookKind
from registry.intake.identifiers import credit_code
from registry.intake.kinds.site_rows import KIND_OF_REGISTRAR, WORKBOOK
from registry.intake.lookups import Divisions, division_code
from registry.intake.parsers import Choice
from registry.intake.problems import Doubt
from registry.messages import N_, message
from registry.organisations.models import Organisation, OrganisationKind, Standing
from registry.parsing import code_text, day, text
from registry.successions.queries import merged_into

ORGANISATION_KINDS = Choice(OrganisationKind)
FILLED_UP = ("uscc", "kind", "opened_on", "closed_on")
"""What a row may add to an organisation of the register."""


class OrganisationRow(NamedTuple):
    """One row; what is blank or could not be read is None."""

    number: int
    name: str | None
    uscc: str | None
    kind: OrganisationKind | None
    division_code: str | None
    opened_on: date | None
    closed_on: date | None
    source: str | None
    source_ref: str | None

    @property
    def stated_kind(self) -> OrganisationKind:
        """As stated, else by the registrar that the credit code names."""
        by_code = KIND_OF_REGISTRAR.get((self.uscc or "")[:2], OrganisationKind.UNIDENTIFIED)
        return self.kind or by_code


class Known(NamedTuple):
    """An organisation of the register."""

    id: int
    name: str
    uscc: str | None
    kind: OrganisationKind
    division_code: str
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True)
class OrganisationLookups:
    """Everything that rows are compared with."""

    context: Context
    divisions: Divisions
    by_code: Mapping[str, Known]
    without_code: Mapping[tuple[str, str], Known]
    """By name and district, where one alone is called so there."""
    merged: Mapping[int, tuple[str, date]]
    standing: frozenset[int]
    """Organisations that hold a standing on the day of the load."""


def prepare(session: Session, context: Context) -> OrganisationLookups:
    """Columns only: the register has 100,000 of them."""
    columns = [getattr(Organisation, name) for name in Known._fields]
    known = [Known._make(row) for row in session.execute(sa.select(*columns).order_by(Organisation.id))]
    held = sa.select(Standing.organisation_id).where(
        sa.or_(Standing.ended_on.is_(None), Standing.ended_on > context.on)
    )
    return OrganisationLookups(
        context=context,
        divisions=Divisions.load(session, on=context.on),
        by_code={one.uscc: one for one in known if one.uscc},
        without_code=_alone([one for one in known if not one.uscc]),
        merged=merged_into(session),
        standing=frozenset(session.scalars(held)),
    )


def _alone(known: Sequence[Known]) -> dict[tuple[str, str], Known]:
    found: dict[tuple[str, str], list[Known]] = {}
    for one in known:
        found.setdefault((one.name, one.division_code[:6]), []).append(one)
    return {key: ones[0] for key, ones in found.items() if len(ones) == 1}


def known_organisation(row: OrganisationRow, lookups: OrganisationLookups) -> Known | None:
    """By its code; else the one of that name in the district whose code nobody knew."""
    found = lookups.by_code.get(row.uscc or "")
    return found or lookups.without_code.get((row.name or "", (row.division_code or "")[:6]))


def judge(rows: Sequence[OrganisationRow], lookups: OrganisationLookups, findings: Findings) -> list[Outcome]:
    """Checks that need more than one cell, then what each row would do."""
    return [_judge_row(row, lookups, findings) for row in rows]


def _judge_row(row: OrganisationRow, lookups: OrganisationLookups, findings: Findings) -> Outcome:
    known = known_organisation(row, lookups)
    _check_reach(row, known, lookups, findings)
    _check_period(row, known, findings)
    if row.kind is OrganisationKind.UNIDENTIFIED:
        _say(findings, row, "kind", N_("有统一社会信用代码的单位不是未核实单位。"), N_("请改选，或留空。"))
    if known is None:
        return Outcome.CREATE
    _check_known(row, known, lookups, findings)
    return Outcome.UPDATE if additions(row, known) else Outcome.SAME


def additions(row: OrganisationRow, known: Known) -> dict[str, Any]:
    """What the row says and the register leaves open."""
    said = {"uscc": row.uscc, "kind": row.stated_kind, "opened_on": row.opened_on, "closed_on": row.closed_on}
    open_now = {name for name in FILLED_UP if getattr(known, name) in (None, OrganisationKind.UNIDENTIFIED)}
    return {
        name: value
        for name, value in said.items()
        if name in open_now and value not in (None, OrganisationKind.UNIDENTIFIED)
    }


def _say(findings: Findings, row: OrganisationRow, key: str, what: str, remedy: str, **places: str) -> None:
    findings.error(row.number, key, message(what, **places), message(remedy))


def _check_reach(
    row: OrganisationRow, known: Known | None, lookups: OrganisationLookups, findings: Findings
) -> None:
    """Of one that lies outside nothing is told, not even that it is known under another name."""
    codes = {row.division_code, known.division_code if known else None} - {None}
    if any(not lies_within(code or "", lookups.context.division_code) for code in codes):
        _say(
            findings,
            row,
            "division_code",
            N_("这个单位不在您的管辖范围内。"),
            N_("请删去这一行，由其住所地的主管部门导入。"),
        )


def _check_period(row: OrganisationRow, known: Known | None, findings: Findings) -> None:
    opened_on = row.opened_on or (known.opened_on if known else None)
    if opened_on and row.closed_on and row.closed_on <= opened_on:
        _say(findings, row, "closed_on", N_("终止日期不晚于成立日期。"), N_("请核对两个日期。"))


def _check_known(
    row: OrganisationRow, known: Known, lookups: OrganisationLookups, findings: Findings
) -> None:
    if not lies_within(known.division_code, lookups.context.division_code):
        return  # said already, without a word about what is registered
    if known.id in lookups.merged:
        name, on = lookups.merged[known.id]
        text_ = N_("该单位已于%(day)s并入“%(name)s”。")
        _say(findings, row, "uscc", text_, N_("请删去这一行。"), day=on.isoformat(), name=name)
    if row.name and row.name != known.name:
        text_ = N_("这个统一社会信用代码已登记在“%(name)s”名下。")
        remedy = N_("请核对代码和名称；机构已更名的，先在机构页更名。")
        _say(findings, row, "name", text_, remedy, name=known.name)
    if row.division_code and row.division_code[:6] != known.division_code[:6]:
        text_ = N_("登记的住所在另一个区县（%(code)s）。")
        remedy = N_("请核对；住所确已迁移的，由原区县办理，不能用文件变更。")
        _say(findings, row, "division_code", text_, remedy, code=known.division_code)
    _check_facts(row, known, lookups, findings)


def _check_facts(
    row: OrganisationRow, known: Known, lookups: OrganisationLookups, findings: Findings
) -> None:
    for name in ("kind", "opened_on", "closed_on"):
        said, stands = getattr(row, name), getattr(known, name)
        if said is not None and stands not in (None, OrganisationKind.UNIDENTIFIED, said):
            findings.error(
                row.number,
                name,
                message(N_("与登记的内容不同。")),
                message(N_("请核对登记证书；登记有误的，由登记的部门在机构页更正。")),
            )
    if row.closed_on and known.closed_on is None and known.id in lookups.standing:
        text_ = N_("这个单位还有入库、备案或建档登记，不能用文件终止。")
        _say(findings, row, "closed_on", text_, N_("请先办理退出，再登记终止日期。"))


def apply(
    session: Session,
    judged: Sequence[Judged[OrganisationRow]],
    lookups: OrganisationLookups,
    context: Context,
) -> None:
    """Creates and fills up; the caller commits."""
    created = [entry.row for entry in judged if entry.outcome is Outcome.CREATE]
    codes = new_codes(len(created))
    insert_rows(
        session, Organisation, (_facts(row, code, context) for row, code in zip(created, codes, strict=True))
    )
    for rows in _filled_up(judged, lookups, context):
        update_rows(session, Organisation, rows)


def _filled_up(
    judged: Sequence[Judged[OrganisationRow]], lookups: OrganisationLookups, context: Context
) -> Iterable[list[dict[str, Any]]]:
    """What is written to organisations that are there already, together where the same columns are written."""
    by_columns: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in (entry.row for entry in judged if entry.outcome is Outcome.UPDATE):
        known = known_organisation(row, lookups)
        if known is not None:
            values = {"id": known.id, "updated_at": context.at} | additions(row, known)
            by_columns[frozenset(values)].append(values)
    return by_columns.values()


def _facts(row: OrganisationRow, code: str, context: Context) -> dict[str, Any]:
    return {
        "code": code,
        "name": row.name,
        "kind": row.stated_kind,
        "uscc": row.uscc,
        "division_code": row.division_code,
        "opened_on": row.opened_on,
        "closed_on": row.closed_on,
        "source": row.source or WORKBOOK,
        "source_ref": row.source_ref,
        "is_example": False,
        "updated_at": context.at,
        "version": 1,
    }


def _division(readings: tuple[str, ...], lookups: OrganisationLookups) -> str | Doubt:
    return lookups.divisions.find(readings)


ORGANISATIONS = WorkbookKind(
    code="organisations",
    zh="法人单位",
    en="Organisations",
    version=1,
    columns=(
        Column(
            key="name",
            zh="单位名称",
            en="Organisation",
            parse=text(),
            required=True,
            aliases=("机构名称", "名称"),
            hint_zh="登记证书上的全称，括号照原样。",
            hint_en="The full name on the registration certificate.",
            example="示例精神康复服务中心",
            width=28,
        ),
        Column(
            key="uscc",
            zh="统一社会信用代码",
            en="Unified social credit code",
            parse=credit_code,
            required=True,
            aliases=("信用代码",),
            hint_zh="18位；再次导入时靠它认出同一个单位。",
            hint_en="18 characters; a later file recognises the organisation by it.",
            width=22,
        ),
        Column(
            key="kind",
            zh="单位性质",
            en="Kind",
            parse=ORGANISATION_KINDS,
            choices=ORGANISATION_KINDS.terms,
            aliases=("机构性质",),
            hint_zh="留空时按统一社会信用代码前两位判断。",
            hint_en="Left blank, it follows from the first two characters of the credit code.",
            example="社会服务机构",
        ),
        Column(
            key="division_code",
            zh="所属区划",
            en="Division",
            parse=division_code,
            look_up=_division,
            required=True,
            aliases=("所属区划代码", "区划代码"),
            hint_zh="住所所在的区划代码，区县6位，街镇9位。",
            hint_en="The code of the division of its seat: 6 digits for a district, 9 for a street.",
            example="310101013",
        ),
        Column(
            key="opened_on",
            zh="成立日期",
            en="Founded on",
            parse=day,
            aliases=("成立登记日期",),
            hint_zh="如2019-05-06；没有的留空。",
            hint_en="Such as 2019-05-06; blank where it is not known.",
            example="2019-05-06",
        ),
        Column(
            key="closed_on",
            zh="终止日期",
            en="Dissolved on",
            parse=day,
            aliases=("注销日期",),
            hint_zh="注销后的第一天；存续的留空。还有入库、备案或建档登记的，先办理退出。",
            hint_en="The first day without it; blank while it exists. Its standings are ended first.",
        ),
        Column(
            key="source",
            zh="数据来源",
            en="Source",
            parse=text(),
            hint_zh="名录或文件的名称；留空时记为工作簿导入。",
            hint_en="The list or document; left blank, the workbook is the source.",
        ),
        Column(
            key="source_ref",
            zh="来源编号",
            en="Reference at the source",
            parse=code_text(200),
            hint_zh="来源名录里的编号。",
            hint_en="The number in the source's own list.",
        ),
    ),
    row_type=OrganisationRow,
    identity=lambda row: row.uscc,
    prepare=prepare,
    judge=judge,
    apply=apply,
    action=Action.DOSSIER_BRING_IN,  # for officers alone, as every list of the authority
)
