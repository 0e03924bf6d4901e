"""The fields that are compared for each kind of record, and the heads that they have in lists of others."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registry.messages import N_
from registry.organisations.facets import Opening
from registry.organisations.models import SiteKind
from registry.organisations.words import WORDS as ORGANISATION_WORDS
from registry.reconciliations.models import Evidence, SubjectKind
from registry.reconciliations.readings import (
    Choice,
    Code,
    Day,
    LastDay,
    PersonName,
    PlaceName,
    Reading,
    Sealed,
    Words,
    Year,
)
from registry.workforce.facets import InPost
from registry.workforce.models import CertificateKind, EducationLevel, Engagement, Profession
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE
from registry.workforce.words import WORDS as WORKFORCE_WORDS

PRESENCE = "presence"
"""Whether somebody or something is listed at all: it has an authority like any field."""


class Group(StrEnum):
    """Facts that belong together: of several posts, the one that fits theirs best is compared."""

    SELF = "self"
    POST = "post"
    EDUCATION = "education"
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class ComparedField:
    """One field; `zh` is its head in our own lists."""

    key: str
    zh: str
    en: str
    group: Group
    reading: Reading
    aliases: tuple[str, ...] = ()
    is_personal: bool = False
    """Who may see it is asked of masks.py."""
    weight: int = 1
    """How much it says which of several posts or certificates is meant."""

    @property
    def is_sealed(self) -> bool:
        """Whether its values are repeated nowhere."""
        return isinstance(self.reading, Sealed)


@dataclass(frozen=True)
class Identity:
    """One way in which a row may be one of ours, and the fields that it needs."""

    evidence: Evidence
    fields: tuple[str, ...]
    is_strong: bool = True
    """A weak one is asked only where no strong one told anything."""
    contradicts: bool = False
    """Whether two that both have it and differ are two: a person has one identity number and several certificates."""
    is_shared: bool = False
    """Whether several may have it, such as all sites of an organisation: it narrows, and the name tells which."""


@dataclass(frozen=True)
class ComparedKind:
    """What an export may list."""

    kind: SubjectKind
    fields: tuple[ComparedField, ...]
    identities: tuple[Identity, ...]
    """The strongest first."""
    name_field: str

    def field(self, key: str) -> ComparedField:
        """The one with this key; KeyError for another."""
        return {one.key: one for one in self.fields}[key]

    def identity(self, evidence: Evidence) -> Identity:
        """The one with this evidence; KeyError for another."""
        return {one.evidence: one for one in self.identities}[evidence]


def _choice(kind: type[StrEnum], words: Any) -> Choice:
    named: Mapping[StrEnum, tuple[str, ...]] = {
        member: (word.zh, word.en, member.value) for member, word in words if type(member) is kind
    }
    return Choice(kind, named)


OWN, POST, EDUCATION, CERTIFICATE = Group.SELF, Group.POST, Group.EDUCATION, Group.CERTIFICATE

PRACTITIONERS = ComparedKind(
    SubjectKind.PRACTITIONERS,
    (
        ComparedField("person_no", "人员编号", "Register number", OWN, Code(), ("精康通编号", "登记编号")),
        ComparedField(
            "name", "姓名", "Name", OWN, PersonName(), ("人员姓名", "社工姓名", "员工姓名"), is_personal=True
        ),
        ComparedField(
            "birth_year",
            "出生年份",
            "Year of birth",
            OWN,
            Year(),
            ("出生日期", "出生年月", "生日", "出生年"),
            is_personal=True,
        ),
        ComparedField(
            "identity_number",
            "身份证号",
            "Identity number",
            OWN,
            Sealed(IDENTITY_NUMBER.name),
            ("身份证号码", "公民身份号码", "居民身份证号", "证件号码", "身份证"),
        ),
        ComparedField(
            "phone",
            "联系电话",
            "Phone",
            OWN,
            Sealed(PHONE.name),
            ("手机", "手机号", "手机号码", "电话", "联系方式"),
        ),
        ComparedField(
            "in_post",
            "在岗情况",
            "In post",
            OWN,
            _choice(InPost, WORKFORCE_WORDS),
            ("状态", "人员状态", "在职状态", "在岗状态"),
        ),
        ComparedField(
            "institution",
            "任职机构",
            "Institution",
            POST,
            PlaceName(),
            ("机构名称", "单位名称", "所在机构", "工作单位", "服务机构", "任职单位"),
            weight=3,
        ),
        ComparedField(
            "uscc", "统一社会信用代码", "Unified social credit code", POST, Code(), ("信用代码", "机构代码")
        ),
        ComparedField(
            "profession",
            "岗位",
            "Profession",
            POST,
            _choice(Profession, WORKFORCE_WORDS),
            ("岗位名称", "职务", "岗位类别", "专业类别", "人员类别"),
        ),
        ComparedField(
            "engagement",
            "用工形式",
            "Engagement",
            POST,
            _choice(Engagement, WORKFORCE_WORDS),
            ("用工性质", "用工方式", "聘用形式", "专兼职"),
        ),
        ComparedField(
            "start_on",
            "任职日期",
            "Post begins",
            POST,
            Day(),
            ("入职日期", "入职时间", "上岗日期", "到岗时间", "任职时间"),
        ),
        ComparedField(
            "level",
            "学历层次",
            "Level of education",
            EDUCATION,
            _choice(EducationLevel, WORKFORCE_WORDS),
            ("学历", "最高学历", "文化程度"),
        ),
        ComparedField(
            "major_name", "专业名称", "Major", EDUCATION, Words(), ("专业", "所学专业", "毕业专业")
        ),
        ComparedField("school", "毕业院校", "School", EDUCATION, Words(), ("毕业学校", "院校", "学校")),
        ComparedField(
            "certificate_kind",
            "证书种类",
            "Certificate",
            CERTIFICATE,
            _choice(CertificateKind, WORKFORCE_WORDS),
            ("证书名称", "证书类别", "资格证书"),
        ),
        ComparedField(
            "certificate_number",
            "证书编号",
            "Certificate number",
            CERTIFICATE,
            Code(),
            ("证书号", "证书号码", "登记证号", "资格证号", "管理号"),
            is_personal=True,
            weight=10,
        ),
        ComparedField(
            "grade", "证书级别", "Grade", CERTIFICATE, Words(), ("级别", "等级", "证书等级", "职业水平")
        ),
        ComparedField(
            "valid_to",
            "有效期止",
            "Valid until",
            CERTIFICATE,
            LastDay(),
            ("有效期至", "登记有效期", "证书有效期", "到期日期"),
        ),
    ),
    (
        Identity(Evidence.IDENTITY_NUMBER, ("identity_number",), contradicts=True),
        Identity(Evidence.REGISTER_NUMBER, ("person_no",), contradicts=True),
        Identity(Evidence.CERTIFICATE_NUMBER, ("certificate_number",)),
        Identity(Evidence.NAME_AND_YEAR, ("name", "birth_year"), is_strong=False),
    ),
    "name",
)

SITES = ComparedKind(
    SubjectKind.SITES,
    (
        ComparedField("site_code", "场所编号", "Site code", OWN, Code(), ("站点编号", "精康通编号")),
        ComparedField(
            "site_name",
            "场所名称",
            "Site",
            OWN,
            PlaceName(),
            ("站点名称", "服务点名称", "服务场所", "机构名称", "名称"),
        ),
        ComparedField(
            "organisation",
            "所属机构",
            "Organisation",
            OWN,
            PlaceName(),
            ("主办单位", "承接机构", "运营机构", "举办单位"),
        ),
        ComparedField(
            "uscc", "统一社会信用代码", "Unified social credit code", OWN, Code(), ("信用代码", "机构代码")
        ),
        ComparedField(
            "standing_number", "入库编号", "Listing number", OWN, Code(), ("机构编号", "备案编号", "编号")
        ),
        ComparedField(
            "site_kind",
            "场所类型",
            "Kind of site",
            OWN,
            _choice(SiteKind, ORGANISATION_WORDS),
            ("机构类型", "类型", "站点类型", "类别"),
        ),
        ComparedField(
            "address", "地址", "Address", OWN, PlaceName(), ("详细地址", "机构地址", "服务地址", "站点地址")
        ),
        ComparedField(
            "opened_on", "启用日期", "Opened on", OWN, Day(), ("成立日期", "开业日期", "启用时间", "建立时间")
        ),
        ComparedField(
            "open",
            "运营情况",
            "Open or closed",
            OWN,
            _choice(Opening, ORGANISATION_WORDS),
            ("状态", "运营状态"),
        ),
    ),
    (
        Identity(Evidence.SITE_CODE, ("site_code",), contradicts=True),
        Identity(Evidence.STANDING_NUMBER, ("standing_number",), is_shared=True),
        Identity(Evidence.CREDIT_CODE, ("uscc",), is_shared=True),
        Identity(Evidence.NAME, ("site_name",), is_strong=False),
    ),
    "site_name",
)

KINDS: Mapping[SubjectKind, ComparedKind] = {one.kind: one for one in (PRACTITIONERS, SITES)}

PRESENCE_WORD = N_("是否在册")
