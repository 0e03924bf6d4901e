"""The two workbooks of the authority's lists: charities and associations (建档), recognised by their credit codes."""

import re
from functools import partial

from registry.actions import Action
from registry.dossiers.models import CheckConclusion, RecognitionBasis, Registration
from registry.intake.declaration import Column, WorkbookKind
from registry.intake.identifiers import credit_code
from registry.intake.kinds.dossier_load import apply, put_dossiers_on_file
from registry.intake.kinds.dossier_rows import (
    Checks,
    DossierLookups,
    ListRow,
    changes,
    identity,
    judge,
    prepare,
)
from registry.intake.lookups import division_code
from registry.intake.parsers import Choice
from registry.intake.problems import Doubt
from registry.messages import N_, message
from registry.organisations.models import StandingKind
from registry.parsing import Cell, CellProblem, day, half_width, text, year

REGISTRATIONS = Choice(Registration, {"存续": Registration.NORMAL, "在册": Registration.NORMAL})
BASES = Choice(
    RecognitionBasis, {"设立登记": RecognitionBasis.REGISTERED, "认定": RecognitionBasis.RECOGNISED}
)
CONCLUSIONS = Choice(CheckConclusion, {"未参加": CheckConclusion.ABSENT, "未年检": CheckConclusion.ABSENT})

_CHECK = re.compile(r"(\d{4})年?度?[:\s]*(.+)")


def yearly_checks(cell: Cell) -> Checks:
    """2025年合格；2024年未参检: years with their conclusions, in any order, each year once."""
    parts = [part.strip() for part in re.split(r"[;,、\n]", half_width(cell)) if part.strip()]
    found: dict[int, CheckConclusion] = {}
    for part in parts:
        said = _CHECK.fullmatch(part)
        if said is None:
            raise CellProblem(
                message(N_("年检结论读不出年度。")),
                message(N_("请按“2025年合格；2024年未参检”的写法填写。")),
            )
        number, conclusion = year(said[1]), CheckConclusion(CONCLUSIONS(said[2]))
        if found.setdefault(number, conclusion) is not conclusion:
            raise CellProblem(
                message(N_("%(year)s年有两个不同的年检结论。"), year=number),
                message(N_("请核对后只留一个。")),
            )
    return tuple(sorted(found.items()))


def _division(readings: tuple[str, ...], lookups: DossierLookups) -> str | Doubt:
    return lookups.divisions.find(readings)


def _day(key: str, zh: str, en: str, *aliases: str) -> Column:
    return Column(
        key=key,
        zh=zh,
        en=en,
        parse=day,
        aliases=aliases,
        hint_zh="如2026-11-23；没有的留空。",
        hint_en="Such as 2026-11-23; blank where there is none.",
    )


SHARED = (
    Column(
        key="name",
        zh="单位名称",
        en="Organisation",
        parse=text(),
        required=True,
        aliases=("名称", "社会组织名称"),
        hint_zh="登记证书上的全称，括号照原样。",
        hint_en="The full name on the registration certificate.",
        example="示例慈善基金会",
        width=28,
    ),
    Column(
        key="uscc",
        zh="统一社会信用代码",
        en="Unified social credit code",
        parse=credit_code,
        required=True,
        hint_zh="18位；再次导入时靠它认出同一个单位。",
        hint_en="18 characters; a later list recognises the organisation by it.",
        aliases=("信用代码",),
        width=22,
    ),
    Column(
        key="registrar",
        zh="登记管理机关",
        en="Registrar",
        parse=text(),
        required=True,
        aliases=("登记机关",),
        hint_zh="登记这个单位的民政部门全称。",
        hint_en="The civil-affairs office that registered it.",
        example="上海市民政局",
        width=20,
    ),
    Column(
        key="registered_on",
        zh="成立登记日期",
        en="Registered on",
        parse=day,
        aliases=("成立日期", "登记日期"),
        hint_zh="如2019-05-06。",
        hint_en="Such as 2019-05-06.",
        example="2019-05-06",
    ),
    Column(
        key="division_code",
        zh="所属区划",
        en="Division",
        parse=division_code,
        look_up=_division,
        required=True,
        aliases=("所属区划代码", "区划代码"),
        hint_zh="住所所在的区划代码，区县6位，街镇9位。",
        hint_en="The code of the division of its seat: 6 digits for a district, 9 for a street.",
        example="310101013",
    ),
    Column(
        key="registration",
        zh="登记状态",
        en="Registration",
        parse=REGISTRATIONS,
        choices=REGISTRATIONS.terms,
        required=True,
        hint_zh="从下拉列表中选择。",
        hint_en="Choose from the list.",
        example="正常",
    ),
    _day("registration_on", "注销撤销吊销日期", "Registration ended on", "注销日期"),
    Column(
        key="checks",
        zh="年检结论",
        en="Annual checks",
        parse=yearly_checks,
        aliases=("历年年检结论",),
        hint_zh="各年度的结论：合格、基本合格、不合格、未参检，如“2025年合格；2024年未参检”。",
        hint_en="Year and conclusion of each, such as “2025 passed; 2024 did not take part”.",
        example="2025年合格；2024年合格",
        width=28,
    ),
    _day("abnormal_on", "列入活动异常名录日期", "On the abnormal list since"),
    _day("abnormal_until", "移出活动异常名录日期", "Off the abnormal list since"),
    _day("dishonest_on", "列入严重违法失信名单日期", "On the dishonesty list since"),
    _day("dishonest_until", "移出严重违法失信名单日期", "Off the dishonesty list since"),
    Column(
        key="document",
        zh="名单名称",
        en="Name of the list",
        parse=text(),
        required=True,
        aliases=("来源文件", "数据来源"),
        hint_zh="名单或文件的全称、文号；每一行都填。",
        hint_en="The full name and number of the list; in every row.",
        example="示例市社会组织名单（2026年10月）",
        width=28,
    ),
    Column(
        key="listed_on",
        zh="名单日期",
        en="Day of the list",
        parse=day,
        required=True,
        hint_zh="名单截至的日期；新名单里没有的单位会标出，不会删除。",
        hint_en="The day the list speaks of; who is not on a newer one is marked, never deleted.",
        example="2026-10-31",
    ),
)

OF_CHARITIES = (
    Column(
        key="recognition",
        zh="成为慈善组织的方式",
        en="Charity by",
        parse=BASES,
        choices=BASES.terms,
        hint_zh="登记为慈善组织，或者登记后认定；还不是慈善组织的留空。",
        hint_en="Registered as one, or recognised later; blank where it is no charity yet.",
    ),
    _day("recognised_on", "成为慈善组织日期", "Charity since", "认定日期"),
    Column(
        key="certificate",
        zh="公开募捐资格证书号",
        en="Fundraising certificate",
        parse=text(60),
        hint_zh="没有证书的留空。",
        hint_en="Blank where there is none.",
    ),
    _day("certificate_on", "证书发证日期", "Certificate issued on"),
    _day("revoked_on", "公开募捐资格吊销日期", "Certificate revoked on"),
)

CHARITIES = WorkbookKind(
    code="charities",
    zh="慈善组织名单",
    en="List of charities",
    version=1,
    columns=SHARED + OF_CHARITIES,
    row_type=ListRow,
    identity=identity,
    prepare=partial(prepare, kind=StandingKind.CHARITY),
    judge=judge,
    apply=apply,
    followed_by=put_dossiers_on_file,
    action=Action.DOSSIER_BRING_IN,
    is_whole=True,
    named_by=("name", "uscc"),
    changes=changes,
)

ASSOCIATIONS = WorkbookKind(
    code="associations",
    zh="行业协会名单",
    en="List of associations",
    version=1,
    columns=SHARED,
    row_type=ListRow,
    identity=identity,
    prepare=partial(prepare, kind=StandingKind.ASSOCIATION),
    judge=judge,
    apply=apply,
    followed_by=put_dossiers_on_file,
    action=Action.DOSSIER_BRING_IN,
    is_whole=True,
    named_by=("name", "uscc"),
    changes=changes,
)
