"""What is typed for a task: the request, the reply, a reason, a new deadline."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from portal.fields import CHINESE, ReadField, stripped
from portal.workflow.forms import StepForm
from registry.parsing import day
from registry.tasks.checks import LONGEST_CONTENT, LONGEST_TITLE

NO_PEOPLE = _l("不填写康复对象的姓名、证件号码、电话、诊断等个人信息。")


LAST_MINUTE = time(23, 59)


class RequestForm(StepForm):
    """What is asked of whom, by when."""

    receiver = SelectField(_l("接收部门"), validate_choice=False)
    title = StringField(
        _l("任务"),
        description=_l("2至60个字，如“核对三季度社工站购买服务经费”。"),
        filters=[stripped],
        validators=[DataRequired(_l("请写明任务。"))],
        render_kw={"maxlength": LONGEST_TITLE} | CHINESE,
    )
    content = TextAreaField(
        _l("具体要求"),
        description=NO_PEOPLE,
        filters=[stripped],
        validators=[DataRequired(_l("请写明具体要求。"))],
        render_kw={"rows": 6, "maxlength": LONGEST_CONTENT} | CHINESE,
    )
    due_on = ReadField(
        _l("答复期限"),
        day,
        missing=_l("请填写答复期限，如2026-12-04。"),
        description=_l("须为工作日，如2026-12-04。"),
    )

    def __init__(self, receivers: Mapping[str, Any], closes: time | None, **values: Any) -> None:
        """`closes` is when a working day ends for what is due on it; None at midnight."""
        super().__init__(**values)
        sentence = _("须为工作日，如2026-12-04，当日%(time)s前答复。", time=f"{closes or LAST_MINUTE:%H:%M}")
        self.due_on.description = str(sentence)
        self.receiver.choices = {"": str(_l("请选择接收部门"))} | dict(receivers)


class WordsForm(StepForm):
    """A step that says something: the reply, or why not."""

    reason = TextAreaField(filters=[stripped], render_kw={"rows": 6, "maxlength": LONGEST_CONTENT} | CHINESE)

    def __init__(self, label: str, missing: str, **values: Any) -> None:
        super().__init__(**values)
        self.reason.label.text = label
        self.reason.description = str(NO_PEOPLE)
        self.reason.validators = [DataRequired(missing)]


class AgainForm(WordsForm):
    """What is missing, and until when."""

    due_on = ReadField(
        _l("新的答复期限"),
        day,
        missing=_l("请填写新的答复期限，如2026-12-04。"),
        description=_l("须为工作日，如2026-12-04。"),
    )

    def new_deadline(self) -> date:
        """The day, once the form is valid."""
        due_on: date = self.due_on.data
        return due_on
