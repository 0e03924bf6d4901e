"""What is typed for a merger or a split, and for taking it back."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import data, word
from portal.workflow.forms import StepForm
from registry.organisations.models import Organisation
from registry.parsing import day, text
from registry.successions.models import SuccessionKind
from registry.successions.planning import Wanted, open_sites

MISSING = {
    "successor": _l("请填写承继单位。"),
    "on": _l("请填写承继日期，如2026-06-01。"),
    "document": _l("请填写依据文书。"),
}


class SitesField(SelectMultipleField):
    """Boxes to tick, one for each site."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SuccessionForm(StepForm):
    """Sent once to see what would happen, and once more to record it; `seen` says what was seen."""

    seen = HiddenField(default="")
    kind = RadioField(
        _l("承继方式"),
        choices=lambda: [(kind.value, word(kind)) for kind in SuccessionKind],
        default=SuccessionKind.MERGE.value,
        validators=[DataRequired(_l("请选承继方式。"))],
    )
    successor = ReadField(
        _l("承继单位"),
        text(),
        missing=MISSING["successor"],
        description=_l("入库编号、建档编号或统一社会信用代码；只是更名的，不用登记承继。"),
        render_kw=CHINESE,
    )
    on = ReadField(
        _l("承继日期"),
        day,
        missing=MISSING["on"],
        description=_l("由承继单位承担的第一天，以批准或登记文书为准，不晚于今天。"),
    )
    document = ReadField(
        _l("依据文书"),
        text(),
        missing=MISSING["document"],
        description=_l("文书名称和文号。"),
        render_kw=CHINESE,
    )
    sites = SitesField(
        _l("随同转入承继单位的场所"),
        description=_l("合并时没有选中的场所，自承继日期起停用；分立时没有选中的仍归原单位。"),
        validate_choice=False,
    )
    ends = BooleanField(
        _l("原单位随分立终止"), description=_l("合并的，原单位总是终止；分立后继续存在的不要选。")
    )

    @classmethod
    def for_organisation(cls, organisation: Organisation, today: Any) -> "SuccessionForm":
        """Every open site is chosen to begin with."""
        found = open_sites(organisation, today)
        form = cls()
        form.sites.choices = [(site.code, data(site.name)) for site in found]
        if not form.is_submitted():
            form.sites.data = [site.code for site in found]
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """A body without any field reads nothing, so that nothing is missed while reading: it is missed here."""
        is_valid = bool(super().validate(extra_validators))
        for key, sentence in MISSING.items():
            if self[key].data is None and not self[key].errors:
                self[key].errors = [str(sentence)]
                is_valid = False
        return is_valid

    def wanted(self) -> Wanted:
        """What was typed, for the register to judge."""
        return Wanted(
            kind=SuccessionKind(self.kind.data),
            successor=self.successor.data,
            on=self.on.data,
            document=self.document.data,
            sites=frozenset(self.sites.data or ()),
            ends=bool(self.ends.data),
        )


class UndoForm(StepForm):
    """Why a succession is taken back."""

    reason = TextAreaField(
        _l("撤销原因"),
        description=_l("写明登记错在哪里；会留在两个单位的沿革里。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明撤销原因。")),
            Length(max=500, message=_l("撤销原因不超过500个字。")),
        ],
        render_kw={"rows": 3} | CHINESE,
    )
