"""The two forms of the public: what one wants to say, and the receipt by which its answer is read."""

from collections.abc import Sequence
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from portal.fields import stripped
from portal.formatting import word
from registry.documents.codes import typed_code
from registry.enquiries.models import EnquiryKind

SHORTEST, LONGEST = 5, 2000


class AskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """No name is asked for, and no account: whoever wants a call writes a number."""

    key = HiddenField(default=lambda: uuid4().hex, validators=[DataRequired(), Length(min=16, max=64)])
    kind = RadioField(_l("您想"), validators=[InputRequired(_l("请选择是咨询、投诉还是建议。"))])
    area = SelectField(
        _l("由哪个区县答复"),
        validators=[InputRequired(_l("请选择由哪个区县答复。"))],
        validate_choice=True,
    )
    text = TextAreaField(
        _l("您想说的话"),
        description=_l("请不要写身份证号和病情；只写要办的事。2000字以内。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写下您想说的话。")),
            Length(min=SHORTEST, max=LONGEST, message=_l("请写5至2000字。")),
        ],
    )
    contact = StringField(
        _l("联系电话"),
        description=_l("不留也可以：凭编号和查询码在这里看答复。"),
        filters=[stripped],
        validators=[Optional(), Length(max=100, message=_l("联系方式不超过100字。"))],
    )
    website = StringField(_l("请不要填写这一栏"))
    """Nobody sees it but programs that fill in everything."""

    def __init__(self, areas: Sequence[tuple[str, str]], **given: object) -> None:
        super().__init__(**given)
        self.kind.choices = [(kind.value, word(kind)) for kind in EnquiryKind]
        self.area.choices = [("", _("请选择区县")), *areas]

    def validate_website(self, field: StringField) -> None:
        if field.data:
            raise ValidationError(_l("“请不要填写这一栏”应当留空，请清空后再提交。"))


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What stands on the receipt."""

    number = StringField(_l("编号"), validators=[DataRequired(_l("请填写回执上的编号。")), Length(max=40)])
    check = StringField(_l("查询码"), validators=[DataRequired(_l("请填写回执上的查询码。")), Length(max=40)])

    @property
    def codes(self) -> tuple[str, str]:
        """Both without blanks and dashes; what cannot be one is nobody's."""
        return typed_code(self.number.data or "") or "", typed_code(self.check.data or "") or ""
