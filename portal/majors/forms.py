"""What is typed for a proposal: the day, the reason and the source, a choice beside each major, and a new one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import word
from portal.workflow.forms import StepForm
from registry.errors import InvalidInput
from registry.majors.models import MajorChange, MajorDeed
from registry.majors.operations import (
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_SOURCE,
    Line,
    Proposal,
    field_of,
)
from registry.messages import N_, message
from registry.parsing import day
from registry.policy.models import Grade
from registry.workforce.models import Catalogue, Major, MajorFamily

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_NOTE = 100
YES = "yes"


class ChangeForm(StepForm):
    """A proposal; `form_for` gives it a choice for each major of the list."""

    valid_from = ReadField(
        _l("生效日期"),
        day,
        missing=_l("请填写生效日期，如2027-01-01。"),
        description=_l("自这一天起按新的目录计算，如2027-01-01。"),
    )
    is_backdated = BooleanField(
        _l("追溯生效"),
        description=_l("生效日期早于今天时须勾选：该日以后各天的数字都会改变；已定格的数不变。"),
    )
    source = StringField(
        _l("依据文件"),
        description=_l("文件名称和文号；尚无文件的，写明会议或答复。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明依据文件，如文件名称和文号。")),
            Length(max=LONGEST_SOURCE, message=_l("依据文件不超过200个字。")),
        ],
        render_kw=CHINESE,
    )
    grade = SelectField(_l("依据等级"), validate_choice=False)
    reason = TextAreaField(
        _l("调整理由"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明调整理由。")),
            Length(max=LONGEST_REASON, message=_l("调整理由不超过500个字。")),
        ],
        render_kw={"rows": 3} | CHINESE,
    )
    added_catalogue = SelectField(_l("所在目录"), validate_choice=False)
    added_code = StringField(_l("专业代码"), filters=[stripped], render_kw={"maxlength": 20})
    added_name = StringField(
        _l("专业名称"), filters=[stripped], render_kw={"maxlength": LONGEST_NAME} | CHINESE
    )
    added_family = SelectField(_l("专业类别"), validate_choice=False)
    added_counts = SelectField(_l("是否计入"), validate_choice=False)
    added_note = StringField(
        _l("备注"),
        filters=[stripped],
        validators=[Length(max=LONGEST_NOTE, message=_l("备注不超过100个字。"))],
        render_kw={"maxlength": LONGEST_NOTE} | CHINESE,
    )

    def __init__(self, listed: Sequence[Major], **values: Any) -> None:
        super().__init__(**values)
        self.grade.choices = [(one.value, word(one)) for one in Grade]
        self.added_catalogue.choices = [(one.value, word(one)) for one in Catalogue]
        self.added_family.choices = [("", _("请选择")), *((one.value, word(one)) for one in MajorFamily)]
        self.added_counts.choices = [(YES, _("计入")), ("no", _("不计入"))]
        for major in listed:
            self[field_of(major.catalogue, major.code)].choices = _choices(major)
        # As values: a refusal rolls back, and drawing the page again asks no database.
        self.rows = [
            Row(one.name, one.catalogue, one.code, one.counts, self[field_of(one.catalogue, one.code)])
            for one in listed
        ]

    def proposal(self) -> Proposal:
        """What was typed; InvalidInput names the field of a word that no box offers."""
        return Proposal(
            valid_from=self.valid_from.data,
            is_backdated=bool(self.is_backdated.data),
            reason=self.reason.data or "",
            source=self.source.data or "",
            grade=_read(Grade, self.grade.data, "grade"),
            lines=(*self._lines(), *self._added()),
        )

    def _lines(self) -> Iterable[Line]:
        for row in self.rows:
            if row.field.data:
                deed = _read(MajorDeed, row.field.data, row.field.name)
                yield Line(deed, row.catalogue, row.code)

    def _added(self) -> Iterable[Line]:
        if self.added_code.data or self.added_name.data:
            family = self.added_family.data
            yield Line(
                deed=MajorDeed.ADD,
                catalogue=_read(Catalogue, self.added_catalogue.data, "added_catalogue"),
                code=(self.added_code.data or "").upper(),
                name=self.added_name.data or "",
                family=_read(MajorFamily, family, "added_family") if family else None,
                counts=self.added_counts.data == YES,
                note=self.added_note.data or "",
            )


@dataclass(frozen=True)
class Row:
    """One major of the list with its box."""

    name: str
    catalogue: Catalogue
    code: str
    counts: bool
    field: Any


def form_for(listed: Sequence[Major], **values: Any) -> ChangeForm:
    """The form with a box for each of these majors."""
    names = tuple((field_of(one.catalogue, one.code), f"{one.name}（{one.code}）") for one in listed)
    return _form_of(names)(listed, **values)


@lru_cache(maxsize=16)
def _form_of(names: tuple[tuple[str, str], ...]) -> type[ChangeForm]:
    """One class for each list of majors that there was lately."""
    boxes: dict[str, Any] = {name: SelectField(label, validate_choice=False) for name, label in names}
    return type("ChangeFormOfList", (ChangeForm,), boxes)


def typed_of(change: MajorChange) -> dict[str, Any]:
    """What a proposal says, as the form holds it."""
    typed: dict[str, Any] = {
        "version": change.version,
        "valid_from": change.valid_from,
        "is_backdated": change.is_backdated,
        "source": change.source,
        "grade": change.grade.value,
        "reason": change.reason,
    }
    for line in change.lines:
        if line.deed is not MajorDeed.ADD:
            typed[field_of(line.catalogue, line.code)] = line.deed.value
            continue
        typed |= {
            "added_catalogue": line.catalogue.value,
            "added_code": line.code,
            "added_name": line.name,
            "added_family": line.family.value,
            "added_counts": YES if line.counts else "no",
            "added_note": line.note,
        }
    return typed


def _choices(major: Major) -> list[tuple[str, str]]:
    turned = MajorDeed.SWITCH_OFF if major.counts else MajorDeed.SWITCH_ON
    return [("", _("不变")), *((one.value, word(one)) for one in (turned, MajorDeed.END))]


def _read(kind: type[Choice], typed: str | None, field: str) -> Choice:
    try:
        return kind(typed or "")
    except ValueError:
        raise InvalidInput(field, message(N_("请从列表中选择。"))) from None
