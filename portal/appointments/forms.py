"""What is typed for an appointment, with its steps, and to end a position."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import word
from portal.workflow.forms import StepForm
from registry.access.models import Role
from registry.access.operations import LONGEST_NAME
from registry.access.roles import BUSINESS_ROLES
from registry.appointments.checks import LONGEST_EXPLANATION
from registry.appointments.models import Appointment
from registry.parsing import day

ABOVE = "above"
PLAIN_KEYS = {"autocapitalize": "none", "spellcheck": "false"}


class RefusalForm(StepForm):
    """Why an appointment goes back."""

    reason = TextAreaField(
        _l("退回原因"),
        description=_l("写明哪里不对、怎样改；提出任命的一方会在任命页最上方看到。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明退回原因。")),
            Length(max=LONGEST_EXPLANATION, message=_l("退回原因不超过200个字。")),
        ],
        render_kw={"rows": 3} | CHINESE,
    )


class EndForm(StepForm):
    """Why a position ends."""

    reason = StringField(
        _l("终止原因"),
        description=_l("2至200个字，如“调离，见2026年11月调令”。"),
        filters=[stripped],
        render_kw={"maxlength": LONGEST_EXPLANATION} | CHINESE,
    )
    left_to = RadioField(_l("未办结的工作"), default="", validate_choice=False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.left_to.choices = {
            "": str(_l("已有人承办，或先办理工作交接")),
            ABOVE: str(_l("暂无接办人，交上级安排")),
        }

    @property
    def is_left_above(self) -> bool:
        """Whether whoever stands above is to name somebody."""
        return bool(self.left_to.data == ABOVE)


class AppointmentForm(StepForm):
    """Who is to hold what from when on; questions that are answered already are not asked."""

    username = StringField(
        _l("用户名"),
        description=_l("登录时使用，如姓名拼音wangmin；以后不能更改。"),
        filters=[stripped],
        validators=[DataRequired(_l("请填写用户名。"))],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"} | PLAIN_KEYS,
    )
    name = StringField(
        _l("姓名"),
        filters=[stripped],
        validators=[DataRequired(_l("请填写姓名。"))],
        render_kw={"maxlength": 50, "autocomplete": "off"} | CHINESE,
    )
    role = SelectField(_l("拟任岗位"), validate_choice=False)
    division_code = SelectField(
        _l("管辖区划"),
        description=_l("区县民政选区县，街镇选街道或镇；单位岗位选单位所在的区划。"),
        validate_choice=False,
    )
    organisation = StringField(
        _l("单位"),
        description=_l(
            "只有社工站、康复服务机构、慈善组织和行业协会的岗位填写：单位全称或统一社会信用代码。"
        ),
        filters=[stripped],
        render_kw={"maxlength": 200} | CHINESE,
    )
    begins_on = ReadField(
        _l("到岗日期"),
        day,
        missing=_l("请填写到岗日期，如2026-12-01。"),
        description=_l("从这一天起可以使用，如2026-12-01。"),
    )
    explanation = StringField(
        _l("依据"),
        description=_l("2至200个字，写明任命文件或到岗通知。"),
        filters=[stripped],
        validators=[DataRequired(_l("请写明依据，如任命文件或到岗通知。"))],
        render_kw={"maxlength": LONGEST_EXPLANATION} | CHINESE,
    )

    def __init__(
        self, places: Mapping[str, Any], *, asks_person: bool, asks_charge: bool, **values: Any
    ) -> None:
        super().__init__(**values)
        self.role.choices = {"": str(_l("请选择岗位"))} | {one.value: word(one) for one in BUSINESS_ROLES}
        self.division_code.choices = {"": str(_l("请选择区划"))} | dict(places)
        for name in () if asks_person else ("username", "name"):
            del self[name]
        for name in () if asks_charge else ("role", "division_code", "organisation"):
            del self[name]

    @staticmethod
    def standing(appointment: Appointment) -> dict[str, Any]:
        """What was typed last time."""
        organisation = appointment.organisation
        return {
            "username": appointment.username,
            "name": appointment.name,
            "role": appointment.role.value,
            "division_code": appointment.division_code,
            "organisation": organisation.name if organisation else "",
            "begins_on": appointment.begins_on,
            "explanation": appointment.explanation,
            "version": appointment.version,
        }

    def chosen_role(self) -> Role:
        """InvalidInput is the registry's; a value that the page did not offer is a mistake like an empty one."""
        typed = self.role.data or ""
        if typed not in {one.value for one in BUSINESS_ROLES}:
            raise ValueError(typed)
        return Role(typed)

    def first_day(self) -> date:
        """The day, once the form is valid."""
        begins_on: date = self.begins_on.data
        return begins_on
