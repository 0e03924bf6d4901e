"""What is typed from the paper that awards a grade or a demonstration status."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.fields import CHINESE, ReadField, stripped
from portal.inspections.forms import words_of
from portal.workflow.forms import StepForm
from registry.inspections.awarding import GivenDemonstration, GivenRating
from registry.inspections.ratings import DemonstrationLevel, RatingGrade
from registry.parsing import day

ONE_DAY = timedelta(days=1)


def short_text(label: Any, description: Any, missing: Any) -> StringField:
    """One line that has to be there."""
    return StringField(
        label,
        description=description,
        filters=[stripped],
        validators=[DataRequired(missing), Length(max=100, message=_l("不超过100个字。"))],
        render_kw=CHINESE,
    )


class AwardForm(StepForm):
    """What both have: since when, by whom, on what paper."""

    valid_from = ReadField(
        _l("有效期起"),
        day,
        missing=_l("请填写有效期的起始日期，如2026-01-01。"),
        description=_l("如2026-01-01。"),
    )
    issued_by = short_text(_l("评定单位"), _l("文件上的单位全称。"), _l("请填写评定单位。"))
    document = short_text(
        _l("依据文件"), _l("文号或文件名称，如“示例民社〔2025〕18号”。"), _l("请填写依据文件。")
    )


class WithdrawForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a record of an award is struck out."""

    reason = TextAreaField(
        _l("作废原因"),
        description=_l("写明哪里登记错了；原来的内容和原因都会保留。"),
        filters=[stripped],
        validators=[DataRequired(_l("请写明作废的原因。")), Length(max=500, message=_l("不超过500个字。"))],
        render_kw=CHINESE | {"rows": 4},
    )


class RatingForm(AwardForm):
    """A grade."""

    grade = SelectField(_l("评估等级"))
    valid_to = ReadField(
        _l("有效期止"),
        day,
        missing=_l("请填写有效期的最后一天，如2030-12-31。"),
        description=_l("最后一天，如2030-12-31。"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.grade.choices = words_of(RatingGrade)

    def given(self) -> GivenRating:
        """The last day that people write is one before the first day without it."""
        return GivenRating(
            grade=RatingGrade(self.grade.data),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data + ONE_DAY,
            issued_by=self.issued_by.data or "",
            document=self.document.data or "",
        )


class DemonstrationForm(AwardForm):
    """A demonstration status."""

    level = SelectField(_l("示范级别"))
    title = short_text(_l("示范名称"), _l("如“精神障碍社区康复服务示范点”。"), _l("请填写示范名称。"))
    valid_to = ReadField(_l("有效期止"), day, description=_l("最后一天；文件没有规定的，不填。"))

    def __init__(self) -> None:
        super().__init__()
        self.level.choices = words_of(DemonstrationLevel)

    def given(self) -> GivenDemonstration:
        """As the register takes it."""
        return GivenDemonstration(
            level=DemonstrationLevel(self.level.data),
            title=self.title.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data + ONE_DAY if self.valid_to.data else None,
            issued_by=self.issued_by.data or "",
            document=self.document.data or "",
        )
