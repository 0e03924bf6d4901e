"""What is sent in: one file, and for places the coordinate system of its points."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from registry.intake.coordinates import Crs
from registry.intake.declaration import Known


def systems() -> dict[str, str]:
    """The coordinate systems that a file may use, in the reader's language."""
    return {
        Crs.WGS84.value: _("WGS-84（卫星定位、国际底图）"),
        Crs.GCJ02.value: _("GCJ-02（国内电子地图取点）"),
        Crs.BD09.value: _("BD-09（百度地图取点）"),
    }


class UploadForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One workbook."""

    file = FileField(
        _l("要导入的文件"),
        description=_l("Excel（.xlsx、.xls）或 CSV（UTF-8、GB18030），不超过20 MB。"),
        validators=[FileRequired(_l("请选择要导入的文件。"))],
        render_kw={"accept": ".xlsx,.xls,.csv"},
    )


class PlacesUploadForm(UploadForm):
    """A workbook whose rows have points."""

    crs = SelectField(
        _l("经纬度的坐标系"),
        description=_l("不清楚时问提供经纬度的人；选错会让点位偏离约500米。"),
        choices=systems,
        default=Crs.WGS84.value,
    )


class KnownForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What becomes of rows that the register has."""

    known = SelectField(choices={one.value: one.value for one in Known})


class CommitForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Only the button."""
