"""What is typed of an activity: as little as possible, on a phone, with one thumb."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.attachments.uploading import ACCEPTED
from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import word
from portal.workflow.forms import StepForm
from registry.errors import InvalidInput
from registry.organisations.models import Site
from registry.parsing import day, integer, text
from registry.services.activities import Held
from registry.services.models import Activity, Service, ServiceKind

OF_SERVICE, OF_KIND = "s:", "k:"
NUMBER = {"inputmode": "numeric"}


def sheet_field() -> FileField:
    """The photo of the paper sheet; what is taken in is said before anybody chooses."""
    return FileField(
        _l("签到表照片"),
        description=_l(
            "jpg、png或pdf，不超过20MB；自动去掉拍摄位置，加密保存，只有本机构和所在街镇、区县凭事由可看。"
        ),
        render_kw={"accept": ACCEPTED},
    )


class ActivityForm(StepForm):
    """One activity. What it was, and of which service, is one question."""

    content = SelectField(_l("活动内容"), validate_choice=False)
    site = SelectField(_l("服务场所"), description=_l("选了服务项目的，以项目所在的场所为准。"))
    held_on = ReadField(
        _l("活动日期"),
        day,
        missing=_l("请填写活动日期，如2026-11-26。"),
        description=_l("今天的不用改；补录以前的，登记后会注明补录日期。"),
        render_kw=NUMBER,
    )
    persons = ReadField(
        _l("参加人数"), integer, missing=_l("请填写参加人数，没有人来填0。"), render_kw=NUMBER
    )
    person_times = ReadField(
        _l("人次"), integer, description=_l("一人参加上下午两场计两次；与人数相同可不填。"), render_kw=NUMBER
    )
    minutes = ReadField(_l("时长"), integer, missing=_l("请填写时长，如90。"), render_kw=NUMBER)
    note = ReadField(
        _l("备注"), text(200), description=_l("不写服务对象的姓名、住址和病情。"), render_kw=CHINESE
    )
    file = sheet_field()
    is_another = BooleanField(
        _l("确实是另一场活动，再登记一条"),
        description=_l("在“活动记录”里可以查看已登记的那一条。"),
    )

    def __init__(self, *, sites: Sequence[Site], services: Sequence[Service], **values: Any) -> None:
        super().__init__(**values)
        self.sites = {site.code: site for site in sites}
        here = [service for service in services if service.site.code in self.sites]
        self.services = {service.code: service for service in here}
        self.content.choices = _contents(here)
        self.site.choices = [(site.code, site.name) for site in sites]

    def validate(self, extra_validators: Any = None) -> bool:
        """A service or a kind that is not on the list was made up, or ended meanwhile."""
        is_sound = bool(super().validate(extra_validators))
        if self.kind is None:
            self.content.errors = [_("请选择活动内容。")]
            return False
        return is_sound

    @property
    def service(self) -> Service | None:
        """The chosen service; None where only a kind was chosen."""
        return self.services.get((self.content.data or "").removeprefix(OF_SERVICE))

    @property
    def kind(self) -> ServiceKind | None:
        """The kind of the chosen service, or the chosen kind."""
        if self.service is not None:
            return self.service.kind
        chosen = (self.content.data or "").removeprefix(OF_KIND)
        return ServiceKind(chosen) if chosen in {kind.value for kind in ServiceKind} else None

    @property
    def chosen_site(self) -> Site:
        """The site of the service, or the chosen one."""
        code = self.service.site.code if self.service else self.site.data
        return self.sites[code]

    def held(self) -> Held:
        """What was typed; `validate` has found a kind."""
        persons: int = self.persons.data
        person_times: int | None = self.person_times.data
        return Held(
            held_on=self.held_on.data,
            kind=self.kind or ServiceKind.OTHER,
            persons=persons,
            person_times=persons if person_times is None else person_times,
            minutes=self.minutes.data,
            note=self.note.data or "",
        )

    def blame(self, faults: Sequence[InvalidInput]) -> bool:
        """Put what the register refuses beside the fields; whether there was anything."""
        for fault in faults:
            self.refused(fault)
        return bool(faults)

    def used_up(self, key: str) -> None:
        """What was typed stays; sent again it is a record of its own."""
        self.key.process_data(key)
        self.key.raw_data = None
        said = _("这份表单已经登记过一条活动。要改它，请到那条记录里更正；要另记一条，请再提交一次。")
        self.form_errors.append(said)


class WithReason(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a record is changed."""

    reason = TextAreaField(
        _l("更正原因"),
        description=_l("写明哪里记错了；原来的内容和原因一并保留。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明原因。")),
            Length(max=200, message=_l("原因不超过200个字。")),
        ],
        render_kw={"rows": 2} | CHINESE,
    )


class CorrectionForm(ActivityForm, WithReason):
    """The same questions again, and why; which record it is, is no question."""

    is_another = None  # type: ignore[assignment]  # how WTForms leaves a field of the base out


class VoidForm(StepForm, WithReason):
    """Only why."""


class SheetForm(StepForm):
    """A photo that comes later. It is added whatever others changed meanwhile, so it minds no version."""

    version = None  # type: ignore[assignment]  # how WTForms leaves a field of the base out
    file = sheet_field()


def content_of(activity: Activity) -> str:
    """What stands in the box for a record that is there already."""
    service = activity.service
    return f"{OF_SERVICE}{service.code}" if service else f"{OF_KIND}{activity.kind.value}"


def typed_of(activity: Activity) -> dict[str, Any]:
    """What a correction begins with."""
    names = ("held_on", "persons", "person_times", "minutes", "note", "version")
    return {name: getattr(activity, name) for name in names} | {
        "content": content_of(activity),
        "site": activity.site.code,
    }


def _contents(services: Sequence[Service]) -> dict[str, dict[str, str]]:
    """The organisation's own services first, then every kind."""
    kinds = {f"{OF_KIND}{kind.value}": word(kind) for kind in ServiceKind}
    own = {f"{OF_SERVICE}{service.code}": service.title for service in services}
    groups = {_("本机构的服务项目"): own} if own else {}
    return groups | {_("其他活动（按服务类别）"): kinds}
