"""Judges a row of the authority's list beside the register, the other columns and the lists that came before."""

from typing import Any

from registry.divisions.codes import lies_within
from registry.dossiers.models import Registration
from registry.intake.declaration import Findings
from registry.messages import N_, message
from registry.organisations.models import StandingKind

REGISTRARS = {
    StandingKind.CHARITY: ("51", "52", "53"),
    StandingKind.ASSOCIATION: ("51",),
}
"""The first two characters of the credit code (GB 32100-2015): 社会团体, 社会服务机构, 基金会."""

ORDERED_DAYS = (
    ("registered_on", "recognised_on", N_("成为慈善组织的日期早于成立登记日期。")),
    ("registered_on", "registration_on", N_("注销、撤销或吊销日期早于成立登记日期。")),
    ("recognised_on", "certificate_on", N_("公开募捐资格证书的发证日期早于成为慈善组织的日期。")),
    ("certificate_on", "revoked_on", N_("公开募捐资格的吊销日期早于发证日期。")),
    ("abnormal_on", "abnormal_until", N_("移出活动异常名录的日期早于列入日期。")),
    ("dishonest_on", "dishonest_until", N_("移出严重违法失信名单的日期早于列入日期。")),
)
NOT_AFTER_THE_LIST = (
    "registered_on",
    "registration_on",
    "recognised_on",
    "certificate_on",
    "revoked_on",
    "abnormal_on",
    "abnormal_until",
    "dishonest_on",
    "dishonest_until",
)


def check_row(row: Any, lookups: Any, findings: Findings) -> None:
    """Every check that needs more than one cell."""
    _check_code(row, lookups, findings)
    _check_place(row, lookups, findings)
    _check_list(row, lookups, findings)
    _check_registration(row, lookups, findings)
    _check_charity(row, findings)
    _check_days(row, findings)
    _check_name(row, lookups, findings)


def _check_code(row: Any, lookups: Any, findings: Findings) -> None:
    if row.uscc is not None and row.uscc[:2] not in REGISTRARS[lookups.kind]:
        findings.error(
            row.number,
            "uscc",
            message(N_("这个统一社会信用代码不是这类社会组织的：前两位是%(found)s。"), found=row.uscc[:2]),
            message(N_("慈善组织为51、52或53开头，行业协会为51开头；请核对代码，或换一类名单导入。")),
        )


def _check_place(row: Any, lookups: Any, findings: Findings) -> None:
    """The loader answers for the division of the row, and for the one that the organisation has in the register."""
    if lookups.context.organisation_id is not None:
        findings.error(
            row.number,
            "uscc",
            message(N_("名单由民政部门导入。")),
            message(N_("对本单位的登记有异议的，请在档案页提出“与登记不符”。")),
        )
        return
    known = lookups.organisations.get(row.uscc)
    codes = {row.division_code, known.division_code if known else None} - {None}
    if all(lies_within(code, lookups.context.division_code) for code in codes):
        return
    findings.error(
        row.number,
        "division_code",
        message(N_("所属区划不在您的管辖范围内。")),
        message(N_("请删去这一行，由所属区划的民政部门导入。")),
    )


def _check_list(row: Any, lookups: Any, findings: Findings) -> None:
    """A list is of one day, not of a day to come, and not older than what is on file."""
    if row.listed_on is None:
        return
    if row.listed_on > lookups.context.on:
        findings.error(
            row.number,
            "listed_on",
            message(N_("名单日期晚于今天。")),
            message(N_("请填名单截至的日期。")),
        )
    dossier = lookups.dossiers.get(row.uscc)
    if dossier is not None and row.listed_on < dossier.listed_on:
        findings.error(
            row.number,
            "listed_on",
            message(N_("已有%(day)s的名单，这份更早。"), day=dossier.listed_on.isoformat()),
            message(N_("请导入最新的名单；以前的事实已在档案的沿革里。")),
        )


def _check_registration(row: Any, lookups: Any, findings: Findings) -> None:
    is_over = row.registration not in (None, Registration.NORMAL)
    if is_over and row.registration_on is None and not findings.is_flawed(row.number, "registration_on"):
        findings.error(
            row.number,
            "registration_on",
            message(N_("登记状态不是“正常”，没有填日期。")),
            message(N_("请对照注销、撤销或吊销的文书填写日期。")),
        )
    known = lookups.organisations.get(row.uscc)
    if known is None or known.id not in lookups.merged or row.registration is not Registration.NORMAL:
        return
    name, day = lookups.merged[known.id]
    findings.error(
        row.number,
        "uscc",
        message(N_("该单位已于%(day)s并入“%(name)s”。"), day=day.isoformat(), name=name),
        message(N_("请改用承继单位的名称和统一社会信用代码；名单仍列为正常的，请先与登记管理机关核实。")),
    )


def _check_charity(row: Any, findings: Findings) -> None:
    """Dates that belong to a word or a number, and the other way round."""
    pairs = (
        (row.recognition, row.recognised_on, "recognised_on", N_("填了成为慈善组织的方式，没有填日期。")),
        (row.certificate, row.certificate_on, "certificate_on", N_("填了证书号，没有填发证日期。")),
    )
    for said, day, key, sentence in pairs:
        if said is not None and day is None and not findings.is_flawed(row.number, key):
            findings.error(row.number, key, message(sentence), message(N_("请对照原件补填日期。")))
    if row.certificate_on is not None and row.certificate is None:
        findings.error(
            row.number,
            "certificate",
            message(N_("填了发证日期，没有填证书号。")),
            message(N_("请对照原件补填证书号。")),
        )


def _check_days(row: Any, findings: Findings) -> None:
    for first, second, sentence in ORDERED_DAYS:
        before, after = getattr(row, first), getattr(row, second)
        if before is not None and after is not None and after < before:
            findings.error(row.number, second, message(sentence), message(N_("请核对两个日期。")))
    for key in NOT_AFTER_THE_LIST:
        day = getattr(row, key)
        if day is not None and row.listed_on is not None and day > row.listed_on:
            findings.error(
                row.number,
                key,
                message(N_("晚于名单日期。")),
                message(N_("名单不会写它以后的事：请核对日期，或填写名单截至的日期。")),
            )


def _check_name(row: Any, lookups: Any, findings: Findings) -> None:
    """Brought in all the same: which side is right is for the check."""
    known = lookups.organisations.get(row.uscc)
    if known is not None and row.name is not None and known.name != row.name:
        findings.warning(
            row.number,
            "name",
            message(N_("本库登记的名称是“%(name)s”。"), name=known.name),
            message(N_("可以导入；核对时会列为不一致，由区县写明哪一方有误。")),
        )
