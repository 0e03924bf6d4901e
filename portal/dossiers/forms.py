"""What is typed when a dossier is found to differ, when that is settled, and what an organisation says against it."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.fields import CHINESE, stripped
from portal.formatting import word
from portal.workflow.forms import StepForm
from registry.dossiers.models import DifferingField

LONGEST = 500


class Side(StrEnum):
    """Which side was put right."""

    SOURCE = "source"
    REGISTER = "register"


def differing_fields() -> list[tuple[str, str]]:
    """Every field that can differ, in the reader's language."""
    return [(field.value, word(field)) for field in DifferingField]


class FieldsField(SelectMultipleField):
    """Boxes to tick, one for each field."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def chosen(self) -> tuple[DifferingField, ...]:
        """What was ticked."""
        return tuple(DifferingField(value) for value in self.data or ())


def _words(label: Any, description: Any, missing: Any) -> TextAreaField:
    return TextAreaField(
        label,
        description=description,
        filters=[stripped],
        validators=[DataRequired(missing), Length(max=LONGEST, message=_l("不超过500个字。"))],
        render_kw={"rows": 3} | CHINESE,
    )


class DifferenceForm(StepForm):
    """登记不一致: which fields, and what was compared with what."""

    fields = FieldsField(_l("不一致的内容"), choices=differing_fields)
    reason = _words(
        _l("怎样不一致"),
        _l("写明名单怎样写、实际怎样、依据什么材料；单位会看到。"),
        _l("请写明怎样不一致。"),
    )


class CorrectionForm(StepForm):
    """已更正: on which side, and by which paper."""

    side = RadioField(
        _l("更正的是哪一方"),
        choices=lambda: [
            (Side.SOURCE.value, str(_l("名单：登记管理机关已在来源更正，或已函请更正"))),
            (Side.REGISTER.value, str(_l("本库登记：按名单改写单位名称和成立日期"))),
        ],
        validators=[DataRequired(_l("请选更正的是哪一方。"))],
    )
    reason = _words(_l("更正依据"), _l("文件名称、文号或函件日期。"), _l("请写明更正依据。"))


class RemarkForm(StepForm):
    """与登记不符: which fields, and what is right."""

    fields = FieldsField(_l("与登记不符的内容"), choices=differing_fields)
    text = _words(
        _l("说明"),
        _l("写明应当是什么、有什么证明材料；区县民政部门会答复。"),
        _l("请写明应当是什么。"),
    )


class AnswerForm(StepForm):
    """答复."""

    answer = _words(_l("答复"), _l("写明核实的结果和接下来怎样办；单位会看到。"), _l("请写明答复的内容。"))
