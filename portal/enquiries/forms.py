"""What is typed with the two steps of an enquiry."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.fields import CHINESE, stripped
from portal.workflow.forms import StepForm


class ReplyForm(StepForm):
    """The answer, as the writer will read it."""

    answer = TextAreaField(
        _l("答复"),
        description=_l("对方凭编号和查询码看到；请不要写姓名、身份证号和病情。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明答复。")),
            Length(max=2000, message=_l("答复不超过2000个字。")),
        ],
        render_kw={"rows": 6} | CHINESE,
    )


class PassingForm(StepForm):
    """Who goes on with it."""

    passed_to = StringField(
        _l("转交单位"),
        description=_l(
            "写全称，如黄浦区卫生健康委员会；对方会看到。转交之后仍由本区负责答复，期限自转交之日重新计算。"
        ),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明转交给哪个单位。")),
            Length(max=100, message=_l("单位名称不超过100个字。")),
        ],
        render_kw=CHINESE,
    )
