"""What is typed for a handover: who takes over, why, and which line was seen."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, ValidationError

from portal.fields import CHINESE, stripped
from portal.formatting import day, word
from portal.workflow.forms import StepForm
from registry.access.models import Position
from registry.clock import today
from registry.handovers.models import HandoverKind
from registry.handovers.operations import LONGEST_NOTE


class SuccessorForm(StepForm):
    """Who takes over; what may be is asked of the registry."""

    successor = SelectField(_l("接办人"), validate_choice=False)

    def __init__(self, candidates: Sequence[Position], nobody: str, **values: Any) -> None:
        super().__init__(**values)
        self.successor.choices = {"": nobody} | {one.code: _named(one) for one in candidates}
        self._candidates = {one.code: one for one in candidates}

    def validate_successor(self, field: SelectField) -> None:
        """Somebody who left meanwhile, or no answer at all, does not mean that nobody is to take over."""
        if field.data not in {"", *self._candidates}:
            raise ValidationError(_l("请重新选择接办人：所选的人已不能接办。"))

    @property
    def chosen(self) -> Position | None:
        """The position of the successor; None where nobody was chosen."""
        return self._candidates.get(self.successor.data or "")


class HandoverForm(SuccessorForm):
    """Who takes over, and why."""

    kind = RadioField(_l("交接原因"), validate_choice=False, default=HandoverKind.LEAVING.value)
    note = StringField(
        _l("说明"),
        description=_l("2至100个字，如“调离，见2026年11月调令”。"),
        filters=[stripped],
        render_kw={"maxlength": LONGEST_NOTE} | CHINESE,
    )

    def __init__(self, candidates: Sequence[Position], nobody: str, **values: Any) -> None:
        super().__init__(candidates, nobody, **values)
        self.kind.choices = {one.value: word(one) for one in HandoverKind}

    @property
    def chosen_kind(self) -> HandoverKind:
        """A value that the page did not offer is taken for leaving, the plainest reason."""
        typed = self.kind.data
        return HandoverKind(typed) if typed in set(HandoverKind) else HandoverKind.LEAVING


class LineForm(StepForm):
    """Which line of the list was seen."""

    line = HiddenField()
    back = HiddenField()
    """`home` where it was ticked off on the first page."""


def _named(position: Position) -> str:
    name = position.account.name
    return name if position.began_on <= today() else f"{name}（{day(position.began_on)}）"
