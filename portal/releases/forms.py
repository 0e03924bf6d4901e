"""What is typed when a file above the cap is turned down."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.fields import CHINESE, stripped
from portal.workflow.forms import StepForm

LONGEST_REASON = 200


class RefusalForm(StepForm):
    """Why a file does not leave."""

    reason = TextAreaField(
        _l("不批准的原因"),
        description=_l("写明为什么不批准、可以怎样办，申请人会看到。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明不批准的原因。")),
            Length(max=LONGEST_REASON, message=_l("原因不超过200个字。")),
        ],
        render_kw={"rows": 3} | CHINESE,
    )
