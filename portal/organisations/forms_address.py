"""What is typed for a change of address, and with each of its steps."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from portal.fields import CHINESE, ReadField, stripped
from portal.formatting import spoken_message
from portal.workflow.forms import StepForm
from registry.errors import InvalidInput
from registry.intake import coordinates
from registry.intake.coordinates import Crs, to_wgs84
from registry.organisations.address_change_queries import StreetGroup
from registry.organisations.address_changes import Proposal
from registry.organisations.models import AddressChange, Site
from registry.parsing import day, text


class ReasonForm(StepForm):
    """A step that has to be explained."""

    reason = TextAreaField(
        _l("退回原因"),
        description=_l("写明哪里不清楚、怎样改；机构会在申请页最上方看到。"),
        filters=[stripped],
        validators=[
            DataRequired(_l("请写明退回原因。")),
            Length(max=1000, message=_l("退回原因不超过1000个字。")),
        ],
        render_kw={"rows": 4} | CHINESE,
    )


class AddressForm(StepForm):
    """The new place. No field forbids completion: to one that does, a browser gives nothing back after a 401."""

    version = IntegerField(widget=HiddenInput(), default=1, validators=[DataRequired()])
    division_code = SelectField(
        _l("街镇"), description=_l("新址所在的街道或镇，按区排列。"), validate_choice=False
    )
    address = ReadField(
        _l("新地址"),
        text(),
        missing=_l("请填写新地址，写到门牌号。"),
        description=_l("路名和门牌号，不必重复区和街道，如：示例路88号2楼。"),
        render_kw=CHINESE,
    )
    effective_on = ReadField(
        _l("启用日期"),
        day,
        missing=_l("请填写启用日期，如2026-12-01。"),
        description=_l("在新址开始服务的日期，如2026-12-01或2026年12月1日。"),
    )
    latitude = ReadField(
        _l("纬度"),
        coordinates.latitude,
        description=_l("十进制度数，如31.2304。"),
        render_kw={"inputmode": "decimal"},
    )
    longitude = ReadField(
        _l("经度"),
        coordinates.longitude,
        description=_l("十进制度数，如121.4737。"),
        render_kw={"inputmode": "decimal"},
    )
    crs = SelectField(_l("坐标来源"), description=_l("坐标从哪里量取；系统统一换算为WGS-84。"))
    explanation = TextAreaField(
        _l("变更说明"),
        description=_l("搬迁的缘由，供区县确认时参考。"),
        filters=[stripped],
        validators=[Length(max=1000, message=_l("变更说明不超过1000个字。"))],
        render_kw={"rows": 3} | CHINESE,
    )

    def __init__(self, *, groups: Sequence[StreetGroup], chosen: str, **values: Any) -> None:
        super().__init__(**values)
        self.division_code.choices = _choices(groups, chosen)
        self.crs.choices = _systems()

    @classmethod
    def for_site(cls, site: Site, groups: Sequence[StreetGroup]) -> "AddressForm":
        """An empty form that begins in the street where the site lies."""
        return cls(groups=groups, chosen=site.located_code, data={"division_code": site.located_code})

    @classmethod
    def for_change(cls, change: AddressChange, groups: Sequence[StreetGroup]) -> "AddressForm":
        """What was typed last time."""
        return cls(groups=groups, chosen=change.division_code, obj=change)

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators)) and self._point_is_whole()

    def blame(self, faults: Sequence[InvalidInput]) -> bool:
        """Put what the register refuses beside the fields; whether there was anything."""
        for fault in faults:
            assert fault.message is not None  # noqa: S101  # every fault of a proposal says what it is
            field = self[fault.field]
            field.errors = [*field.errors, spoken_message(fault.message)]
        return bool(faults)

    def proposal(self) -> Proposal:
        """What was typed, with its point in WGS-84."""
        latitude, longitude = self.latitude.data, self.longitude.data
        if latitude is not None and longitude is not None:
            latitude, longitude = to_wgs84(latitude, longitude, Crs(self.crs.data))
        return Proposal(
            address=self.address.data,
            division_code=self.division_code.data or "",
            latitude=latitude,
            longitude=longitude,
            effective_on=self.effective_on.data,
            explanation=self.explanation.data or "",
        )

    def _point_is_whole(self) -> bool:
        given = [field for field in (self.latitude, self.longitude) if field.data is not None]
        if len(given) != 1:
            return True
        missing = self.longitude if self.longitude.data is None else self.latitude
        missing.errors = [_("纬度和经度请一并填写，或者都留空。")]
        return False


def _choices(groups: Sequence[StreetGroup], chosen: str) -> dict[str, str | dict[str, str]]:
    """Streets under their districts; something to choose first where the present street is not among them."""
    choices: dict[str, str | dict[str, str]] = {group.name: dict(group.streets) for group in groups}
    known = {code for group in groups for code, _name in group.streets}
    return choices if chosen in known else {"": _("请选择街镇")} | choices


def _systems() -> dict[str, str]:
    return {
        Crs.WGS84.value: _("WGS-84（卫星定位）"),
        Crs.GCJ02.value: _("GCJ-02（高德、腾讯地图）"),
        Crs.BD09.value: _("BD-09（百度地图）"),
    }
