"""What is typed about a visit, about what it found, and with each step that follows."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import word
from portal.workflow.forms import StepForm
from registry.inspections.models import Finding, FindingItem, Inspection, InspectionKind, Severity
from registry.inspections.operations import Found, Report, SecondLook, Visit
from registry.organisations.models import Organisation, Site
from registry.parsing import day

LONGEST = 1000
DIVIDERS = str.maketrans(dict.fromkeys("，,；;/ 　", "、"))
"""What people type between two names."""


def long_text(label: Any, description: Any, missing: Any) -> TextAreaField:
    """A text that has to be there."""
    return TextAreaField(
        label,
        description=description,
        filters=[stripped],
        validators=[DataRequired(missing), Length(max=LONGEST, message=_l("不超过1000个字。"))],
        render_kw={"rows": 4} | CHINESE,
    )


def words_of(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """The members of an enumeration as choices."""
    return [(member.value, word(member)) for member in kind]


class NumbersField(SelectMultipleField):
    """Boxes to tick, one for each finding."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, coerce=int, validate_choice=False, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [int(value) for value in valuelist if value.isascii() and value.isdigit()]


class VisitForm(StepForm):
    """Who visited whom, when, why, and what was looked at."""

    visited_on = ReadField(
        _l("检查日期"),
        day,
        missing=_l("请填写检查日期，如2026-11-23。"),
        description=_l("到现场的日期，如2026-11-23。"),
    )
    kind = SelectField(_l("检查类型"))
    site = SelectField(_l("检查场所"), description=_l("检查整个机构的，选“全部场所”。"))
    inspectors = StringField(
        _l("检查人员"),
        description=_l("写全姓名，用顿号隔开，如“王示例、赵示例”。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请填写检查人员。")),
            Length(max=150, message=_l("检查人员不超过150个字。")),
        ],
        render_kw=CHINESE,
    )
    scope = long_text(
        _l("检查内容"),
        _l("因何检查、查了哪些方面，如“第四季度日常检查：人员、档案、消防”。"),
        _l("请填写检查内容。"),
    )

    def __init__(self, organisation: Organisation, **values: Any) -> None:
        super().__init__(**values)
        self._sites = {site.code: site for site in organisation.sites}
        self.kind.choices = words_of(InspectionKind)
        self.site.choices = [("", _("全部场所")), *((code, site.name) for code, site in self._sites.items())]

    @classmethod
    def of(cls, inspection: Inspection) -> "VisitForm":
        """What was typed last time."""
        values = {
            name: getattr(inspection, name) for name in ("visited_on", "inspectors", "scope", "version")
        }
        site = inspection.site.code if inspection.site else ""
        return cls(inspection.organisation, data=values | {"kind": inspection.kind.value, "site": site})

    def visit(self) -> Visit:
        """As the register takes it."""
        names = (self.inspectors.data or "").translate(DIVIDERS).split("、")
        site: Site | None = self._sites.get(self.site.data or "")
        return Visit(
            kind=InspectionKind(self.kind.data),
            visited_on=self.visited_on.data,
            inspectors=tuple(name for name in names if name),
            scope=self.scope.data or "",
            site=site,
        )


class FindingForm(StepForm):
    """One problem."""

    item = SelectField(_l("检查项目"))
    problem = long_text(
        _l("存在的问题"),
        _l("写清事实，不写服务对象的姓名，如“灭火器2具过期，检查当日未更换”。"),
        _l("请写明存在的问题。"),
    )
    severity = SelectField(_l("严重程度"))
    rectify_by = ReadField(
        _l("整改期限"),
        day,
        missing=_l("请填写整改期限，如2026-12-10。"),
        description=_l("最后一天，如2026-12-10。"),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.item.choices, self.severity.choices = words_of(FindingItem), words_of(Severity)

    @classmethod
    def of(cls, finding: Finding) -> "FindingForm":
        """What a draft says of it."""
        values = {"problem": finding.problem, "rectify_by": finding.rectify_by}
        kinds = {"item": finding.item.value, "severity": finding.severity.value}
        return cls(data=values | kinds | {"version": finding.inspection.version})

    def found(self) -> Found:
        """As the register takes it."""
        return Found(
            item=FindingItem(self.item.data),
            problem=self.problem.data or "",
            severity=Severity(self.severity.data),
            rectify_by=self.rectify_by.data,
        )


class WithdrawalForm(StepForm):
    """Why a draft is withdrawn."""

    reason = long_text(_l("作废原因"), _l("如“记错了机构”。"), _l("请写明作废原因。"))


class DefenceForm(StepForm):
    """What the organisation says to what was found."""

    defence = long_text(
        _l("陈述申辩"),
        _l("对哪一条问题有异议、事实和依据是什么；不写服务对象的姓名。"),
        _l("请写明陈述申辩的内容。"),
    )


class AnswerForm(StepForm):
    """What the officer answers to a defence."""

    reason = long_text(_l("答复意见"), _l("逐条写明是否采纳和理由，机构会看到。"), _l("请写明答复意见。"))


class UpholdingForm(AnswerForm):
    """The same with the findings that are dropped."""

    dropped = NumbersField(_l("不再追究的问题"), description=_l("采纳申辩的，在这里勾选；其余继续整改。"))

    def __init__(self, findings: Sequence[Finding], **values: Any) -> None:
        super().__init__(**values)
        self.dropped.choices = numbered(findings)


class ReportForm(StepForm):
    """What was put right; a day for each finding is added by `report_form`."""

    text = long_text(
        _l("整改情况"), _l("怎样整改的、以后怎样避免；不写服务对象的姓名。"), _l("请写明整改情况。")
    )
    numbers: Sequence[int] = ()

    def report(self) -> Report:
        """As the register takes it."""
        days = {number: self[f"rectified_{number}"].data for number in self.numbers}
        return Report({number: day for number, day in days.items() if day is not None}, self.text.data or "")

    @property
    def days(self) -> list[Any]:
        """The fields of the findings, in their order."""
        return [self[f"rectified_{number}"] for number in self.numbers]


def report_form(inspection: Inspection, today: date) -> ReportForm:
    """A form with a day for each finding that is open; today stands in it."""
    numbers = [finding.number for finding in inspection.open_findings]
    days = {
        f"rectified_{finding.number}": ReadField(
            _("第 %(number)s 条整改完成日期", number=finding.number),
            day,
            missing=_l("请填写整改完成日期，如2026-12-01。"),
            description=finding.problem[:60],
        )
        for finding in inspection.open_findings
    }
    kind = type("ReportForm", (ReportForm,), {**days, "numbers": numbers})
    form: ReportForm = kind(data=dict.fromkeys(days, today) | {"version": inspection.version})
    return form


class RecheckForm(StepForm):
    """How each finding looks now."""

    passed = NumbersField(
        _l("已整改到位的问题"), description=_l("没有勾选的，退回继续整改；全部勾选的，转另一名检查人员结案。")
    )
    remark = long_text(_l("复查情况"), _l("怎样复查的、看到了什么。"), _l("请写明复查情况。"))
    rectify_by = ReadField(
        _l("新的整改期限"), day, description=_l("有问题没有整改到位时填写，如2026-12-31。")
    )

    def __init__(self, findings: Sequence[Finding], **values: Any) -> None:
        super().__init__(**values)
        self.passed.choices = numbered(findings)

    def look(self) -> SecondLook:
        """As the register takes it."""
        return SecondLook(tuple(self.passed.data or ()), self.remark.data or "", self.rectify_by.data)


def numbered(findings: Sequence[Finding]) -> list[tuple[int, str]]:
    """Findings as boxes to tick."""
    return [
        (
            finding.number,
            _("第 %(number)s 条：%(problem)s", number=finding.number, problem=finding.problem[:60]),
        )
        for finding in findings
    ]
