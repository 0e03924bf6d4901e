"""What is typed and sent: a file, what its columns are, a system of somebody else, where fields are taken from."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import uuid4

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from portal.drafts.fields import CheckboxesField
from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import spoken_message, word
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.parsing import day
from registry.reconciliations.keeping import SystemFacts
from registry.reconciliations.models import Evidence, SourceSystem, SubjectKind

OWN = "own"
"""The choice of this register itself."""

NOT_OFFERED = message(N_("请从列表里选择。"))


class RefusableForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that shows beside its fields what the register refuses."""

    def refused(self, fault: InvalidInput) -> None:
        """Beside its field, or above the form where it has no such field."""
        said = spoken_message(fault.message) if fault.message else ""
        if fault.field in self:
            self[fault.field].errors = [said]
        else:
            self.form_errors.append(said)


class VersionedForm(RefusableForm):
    """Filled in against a version of a record."""

    version = IntegerField(widget=HiddenInput(), default=1, validators=[DataRequired()])

    def overtaken(self, version: int) -> None:
        """Somebody else changed it: what was typed stays, and is decided against what stands now."""
        self.form_errors.append(_("您打开页面之后，内容已被他人更改。下面是现在的内容，请核对后再决定。"))
        self.version.process_data(version)
        self.version.raw_data = None


class ExportForm(RefusableForm):
    """One export of theirs."""

    system = SelectField(_l("来源系统"), description=_l("这份文件是从哪个系统导出的。"))
    kind = SelectField(_l("核对内容"))
    file = FileField(
        _l("导出文件"),
        description=_l(
            "对方系统的导出文件，Excel（.xlsx、.xls）或 CSV（UTF-8、GB18030），不用改动，不超过20 MB。"
        ),
        validators=[FileRequired(_l("请选择对方系统的导出文件。"))],
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )
    key = HiddenField(default=lambda: uuid4().hex, validators=[DataRequired(), Length(min=16, max=64)])

    def __init__(self, systems: Iterable[SourceSystem]) -> None:
        super().__init__()
        self.system.choices = [(one.code, one.name) for one in systems]
        self.kind.choices = [(one.value, word(one)) for one in SubjectKind]


class ColumnsForm(VersionedForm):
    """What each column is, and by what a row is known; the columns themselves are read by `chosen`."""

    identities = CheckboxesField(
        _l("识别方式"),
        description=_l("按从强到弱的顺序使用：前面的对上了，后面的只用来核验。对不上或说不清的单独列出。"),
        validate_choice=False,
    )
    words_shown = HiddenField(default="")

    def __init__(self, allowed: Sequence[Evidence]) -> None:
        super().__init__()
        self._allowed = allowed
        self.identities.choices = [(one.value, word(one)) for one in allowed]

    def evidence(self) -> tuple[Evidence, ...]:
        """What was ticked; InvalidInput for what is not offered."""
        offered = {one.value for one in self._allowed}
        ticked = self.identities.data or []
        if not set(ticked) <= offered:
            raise InvalidInput("identities", NOT_OFFERED)
        return tuple(Evidence(one) for one in dict.fromkeys(ticked))


def chosen(prefix: str, names: Iterable[str], offered: Iterable[str]) -> Mapping[str, str]:
    """What was chosen from lists that a page makes row by row; InvalidInput for what none of them offers."""
    told, known = {}, {"", *offered}
    for name in names:
        value = request.form.get(f"{prefix}-{name}", "")
        if value not in known:
            raise InvalidInput("", NOT_OFFERED)
        told[name] = value
    return told


class SystemForm(VersionedForm):
    """A system of somebody else."""

    name = StringField(
        _l("系统名称"),
        description=_l("全称，与对方的叫法一致。"),
        filters=[stripped],
        validators=[DataRequired(_l("请填写系统名称。")), Length(max=100, message=_l("不超过100个字。"))],
        render_kw=CHINESE,
    )
    keeper = StringField(
        _l("主管单位"),
        description=_l("谁管这个系统，更正请求送给谁。"),
        filters=[stripped],
        validators=[DataRequired(_l("请填写主管单位。")), Length(max=100, message=_l("不超过100个字。"))],
        render_kw=CHINESE,
    )
    holds = TextAreaField(
        _l("登记内容"),
        description=_l("这个系统里有哪些人员、机构或事项。"),
        filters=[stripped],
        validators=[DataRequired(_l("请填写登记内容。")), Length(max=500, message=_l("不超过500个字。"))],
        render_kw=CHINESE | {"rows": 4},
    )

    def facts(self) -> SystemFacts:
        """As the register takes it."""
        return SystemFacts(self.name.data or "", self.keeper.data or "", self.holds.data or "")


class AuthorityForm(RefusableForm):
    """From when on, and by what."""

    valid_from = ReadField(
        _l("生效日期"),
        day,
        missing=_l("请填写生效日期，如2026-12-01。"),
        description=_l("从这一天起按新的规定；以前的规定保留。"),
    )
    basis = StringField(
        _l("依据"),
        description=_l("文号、会议纪要或双方的约定。"),
        filters=[stripped],
        validators=[DataRequired(_l("请填写依据。")), Length(max=100, message=_l("不超过100个字。"))],
        render_kw=CHINESE,
    )
