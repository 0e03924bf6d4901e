"""The schedule of a year: what is sent in, and what is sent again to confirm it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

FIRST_YEAR, LAST_YEAR = 2020, 2100
LONGEST_SOURCE = 200
LONGEST_DAYS = 20_000


def stripped(typed: str | None) -> str | None:
    """Blanks around what was typed are nothing."""
    return typed.strip() if typed else typed


class ScheduleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A year, the notice that says so, and the file of its days."""

    year = IntegerField(
        _l("年份"),
        validators=[
            InputRequired(_l("请填写年份，如2027。")),
            NumberRange(FIRST_YEAR, LAST_YEAR, _l("年份应在2020年至2100年之间。")),
        ],
    )
    source = StringField(
        _l("依据"),
        description=_l("通知的全名，可写上文号。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请填写依据的通知。")),
            Length(max=LONGEST_SOURCE, message=_l("依据不超过200个字。")),
        ],
    )
    file = FileField(
        _l("放假安排文件"),
        description=_l("Excel（.xlsx、.xls）或 CSV，三列：日期、上班或放假、名称；平常的工作日和周末不列。"),
        validators=[FileRequired(_l("请选择文件。"))],
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What the preview showed: it is read and judged again."""

    year = IntegerField(validators=[InputRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)])
    source = StringField(filters=[stripped], validators=[DataRequired(), Length(max=LONGEST_SOURCE)])
    days = HiddenField(validators=[DataRequired(), Length(max=LONGEST_DAYS)])
