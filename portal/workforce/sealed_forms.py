"""What is typed to find somebody by a sealed field, and to see one whole."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.formatting import spoken_message, spoken_messages, word
from registry.access.reveals import SHORTEST_REASON, RevealReason
from registry.intake.identifiers import refuse_identity_number
from registry.intake.identity_numbers import identity_number, phone
from registry.messages import N_, message
from registry.parsing import CellProblem

LONGEST_EXPLANATION = 500
PARSERS = {"identity-number": identity_number, "phone": phone}
UNTOUCHED = {"autocomplete": "off", "spellcheck": "false"}
"""The browser neither remembers what is typed nor sends it to a dictionary."""
UNKEPT = {"data-unkept": True}
"""What is typed here leaves the page with its form alone: it is not kept while it is typed."""


class SearchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The whole number: there is nothing to be found by a part of it. Sent as a form, so that it is in no address."""

    field = RadioField(
        _l("查找依据"),
        choices=lambda: {"identity-number": _("身份证号"), "phone": _("联系电话")},
        default="identity-number",
    )
    value = StringField(
        _l("号码"),
        description=_l("填写完整号码；只在您的权限范围内查找。"),
        validators=[DataRequired(_l("请填写号码。")), Length(max=60, message=_l("号码不超过60个字符。"))],
        render_kw=UNTOUCHED,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.normalised = ""

    def validate_value(self, field: Any) -> None:
        """As bulk intake reads it."""
        parser = PARSERS.get(self.field.data or "")
        if parser is None:
            return
        try:
            self.normalised = parser(field.data)
        except CellProblem as problem:
            raise ValidationError(spoken_messages(problem.message, problem.remedy)) from None


class RevealForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a field has to be seen whole."""

    reason = RadioField(
        _l("查看事由"),
        choices=lambda: {one.value: word(one) for one in RevealReason},
        validators=[DataRequired(_l("请选择查看事由。"))],
    )
    explanation = TextAreaField(
        _l("具体说明"),
        description=_l("写明办理什么事、为什么要看完整号码，不少于10个字；不要写身份证号。"),
        validators=[
            DataRequired(_l("请写明具体事由。")),
            Length(max=LONGEST_EXPLANATION, message=_l("具体说明不超过500个字。")),
        ],
        render_kw={"rows": 3, "lang": "zh-Hans"},
    )

    def validate_explanation(self, field: Any) -> None:
        """It goes into the trail, where no identity number belongs."""
        if len("".join(field.data.split())) < SHORTEST_REASON:
            raise ValidationError(
                spoken_message(message(N_("请写明具体事由，不少于%(count)s个字。"), count=SHORTEST_REASON))
            )
        try:
            refuse_identity_number(field.data)
        except CellProblem:
            raise ValidationError(spoken_message(message(N_("具体说明里不要写身份证号。")))) from None
