"""The workbook of institutions and their sites; the shipped OpenStreetMap file is read under its own heads."""

from registry.intake.coordinates import latitude, longitude
from registry.intake.declaration import Column, WorkbookKind
from registry.intake.identifiers import credit_code
from registry.intake.kinds.site_load import apply
from registry.intake.kinds.site_rows import SiteLookups, SiteRow, changes, identity, judge, prepare
from registry.intake.kinds.site_trip import TRIP
from registry.intake.lookups import division_code
from registry.intake.parsers import Choice
from registry.intake.problems import Doubt
from registry.organisations.models import OrganisationKind, Precision, SiteKind
from registry.parsing import code_text, day, text

ORGANISATION_KINDS = Choice(OrganisationKind)
SITE_KINDS = Choice(
    SiteKind,
    {
        "心理/精神卫生中心": SiteKind.HOSPITAL,
        "精神专科医院": SiteKind.HOSPITAL,
        "精神卫生相关机构": SiteKind.HOSPITAL,
    },
)
PRECISIONS = Choice(Precision)


def _division(readings: tuple[str, ...], lookups: SiteLookups) -> str | Doubt:
    return lookups.divisions.find(readings)


COLUMNS = (
    Column(
        key="organisation_name",
        zh="机构名称",
        en="Institution",
        parse=text(),
        required=True,
        aliases=("name", "单位名称"),
        hint_zh="登记证书上的全称，括号照原样。",
        hint_en="The full name on the registration certificate.",
        example="示例精神康复服务中心",
        width=28,
    ),
    Column(
        key="uscc",
        zh="统一社会信用代码",
        en="Unified social credit code",
        parse=credit_code,
        hint_zh="18位；还没有查实的机构留空，登记为未核实单位。",
        hint_en="18 characters; leave blank for an institution that has not been identified.",
        aliases=("信用代码",),
        width=22,
    ),
    Column(
        key="organisation_kind",
        zh="机构性质",
        en="Kind of institution",
        parse=ORGANISATION_KINDS,
        choices=ORGANISATION_KINDS.terms,
        hint_zh="留空时按统一社会信用代码前两位判断。",
        hint_en="Left blank, it follows from the first two characters of the credit code.",
    ),
    Column(
        key="site_code",
        zh="站点编号",
        en="Site code",
        parse=code_text(16),
        hint_zh="新站点留空；修改已有站点时从导出的表中复制。",
        hint_en="Blank for a new site; copied from an export to change an existing one.",
    ),
    Column(
        key="site_name",
        zh="站点名称",
        en="Site",
        parse=text(),
        hint_zh="留空时与机构名称相同。",
        hint_en="Left blank, the site is called as its institution.",
        example="示例精神康复服务中心南京东路服务点",
        width=28,
    ),
    Column(
        key="kind",
        zh="类型",
        en="Kind of site",
        parse=SITE_KINDS,
        required=True,
        choices=SITE_KINDS.terms,
        aliases=("站点类型", "category"),
        hint_zh="从下拉列表中选择。",
        hint_en="Choose from the list.",
        example="社区康复点",
    ),
    Column(
        key="located_code",
        zh="所在区划",
        en="Division where it lies",
        parse=division_code,
        look_up=_division,
        required=True,
        aliases=("所在区划代码", "district_adcode"),
        hint_zh="站点实际所在的区划代码，区县6位，街镇9位。",
        hint_en="The code of the division where the site lies: 6 digits for a district, 9 for a street.",
        example="310101002",
    ),
    Column(
        key="division_code",
        zh="责任区划",
        en="Responsible division",
        parse=division_code,
        look_up=_division,
        aliases=("责任区划代码",),
        hint_zh="负责管理这个站点的区划代码；与所在区划相同时留空。",
        hint_en="The code of the division that is responsible; blank where it is the one where the site lies.",
        example="310101002",
    ),
    Column(
        key="address",
        zh="地址",
        en="Address",
        parse=text(),
        aliases=("详细地址",),
        hint_zh="街道、路名和门牌号。",
        hint_en="Street and number.",
        example="示例路1号",
        width=32,
    ),
    Column(
        key="latitude",
        zh="纬度",
        en="Latitude",
        parse=latitude,
        aliases=("lat",),
        hint_zh="十进制度数，如31.2304；坐标系在上传时说明。",
        hint_en="Decimal degrees, such as 31.2304; the coordinate system is stated when uploading.",
        example="31.2304",
    ),
    Column(
        key="longitude",
        zh="经度",
        en="Longitude",
        parse=longitude,
        aliases=("lng", "lon"),
        hint_zh="十进制度数，如121.4737；坐标系在上传时说明。",
        hint_en="Decimal degrees, such as 121.4737; the coordinate system is stated when uploading.",
        example="121.4737",
    ),
    Column(
        key="precision",
        zh="坐标精度",
        en="Precision of the point",
        parse=PRECISIONS,
        choices=PRECISIONS.terms,
        hint_zh="留空时按精确到门牌登记。",
        hint_en="Left blank, the point is taken as exact.",
    ),
    Column(
        key="opened_on",
        zh="启用日期",
        en="Opened on",
        parse=day,
        hint_zh="如2026-11-23；不清楚的留空。",
        hint_en="Such as 2026-11-23; blank where it is not known.",
        example="2024-03-01",
    ),
    Column(
        key="closed_on",
        zh="停用日期",
        en="Closed on",
        parse=day,
        hint_zh="不再使用的第一天；仍在使用的留空。",
        hint_en="The first day on which it is no longer open; blank while it is open.",
    ),
    Column(
        key="source",
        zh="数据来源",
        en="Source",
        parse=text(),
        hint_zh="名录或文件的名称；留空时记为工作簿导入。",
        hint_en="The list or document; left blank, the workbook is the source.",
    ),
    Column(
        key="source_ref",
        zh="来源编号",
        en="Reference at the source",
        parse=code_text(200),
        aliases=("source_id",),
        hint_zh="来源名录里的编号；再次导入时靠它认出同一个站点。",
        hint_en="The number in the source's own list; a later load recognises the site by it.",
    ),
)

SITES = WorkbookKind(
    code="sites",
    zh="机构和站点",
    en="Institutions and sites",
    version=1,
    columns=COLUMNS,
    row_type=SiteRow,
    identity=identity,
    prepare=prepare,
    judge=judge,
    apply=apply,
    trip=TRIP,
    ignored=("gcj_lat", "gcj_lng", "province", "city_name", "district_name", "address_source"),
    named_by=("organisation_name", "site_name"),
    changes=changes,
)
