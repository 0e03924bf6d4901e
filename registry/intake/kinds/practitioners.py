"""The workbook of practitioners: one row for each post, with education and certificates beside it."""

from registry.intake.declaration import Column, WorkbookKind
from registry.intake.identifiers import credit_code
from registry.intake.identity_numbers import identity_number, phone
from registry.intake.kinds.practitioner_changes import changes
from registry.intake.kinds.practitioner_checks import judge
from registry.intake.kinds.practitioner_load import apply, leave_to_officers
from registry.intake.kinds.practitioner_rows import PractitionerRow, prepare
from registry.intake.kinds.practitioner_trip import TRIP
from registry.intake.parsers import YES_AND_NO, Choice
from registry.parsing import code_text, day, text, year, yes_or_no
from registry.workforce.models import (
    Catalogue,
    CertificateKind,
    EducationForm,
    EducationLevel,
    Engagement,
    Profession,
    Verification,
)

PROFESSIONS = Choice(Profession)
ENGAGEMENTS = Choice(Engagement)
FORMS = Choice(EducationForm)
LEVELS = Choice(EducationLevel)
CATALOGUES = Choice(Catalogue)
VERIFICATIONS = Choice(
    Verification,
    {
        "是": Verification.VERIFIED,
        "yes": Verification.VERIFIED,
        "否": Verification.REJECTED,
        "no": Verification.REJECTED,
        "未核验": Verification.PENDING,
    },
)
CERTIFICATES = Choice(CertificateKind)


PERSON = (
    Column(
        key="person_no",
        zh="人员编号",
        en="Register number",
        parse=code_text(40),
        required=True,
        hint_zh="本系统的人员编号，不是身份证号；身份证号填在最后。",
        hint_en="The register number; the identity number has its own column at the end.",
        example="示例-0001",
    ),
    Column(
        key="name",
        zh="姓名",
        en="Name",
        parse=text(100),
        required=True,
        hint_zh="与证书一致；同一人占多行时每行都填。",
        hint_en="As on the certificates; repeated in every row of the same person.",
        example="示例甲",
    ),
    Column(
        key="birth_year",
        zh="出生年份",
        en="Year of birth",
        parse=year,
        required=True,
        hint_zh="四位数的年份，如1985。",
        hint_en="A year of four digits, such as 1985.",
        example="1985",
    ),
)
POST = (
    Column(
        key="site_code",
        zh="站点编号",
        en="Site code",
        parse=code_text(16),
        hint_zh="任职站点的编号；不知道的留空，改填后两列。",
        hint_en="The code of the site; where it is not known, fill the next two columns.",
    ),
    Column(
        key="uscc",
        zh="统一社会信用代码",
        en="Unified social credit code",
        parse=credit_code,
        aliases=("机构统一社会信用代码",),
        hint_zh="任职机构的18位代码。",
        hint_en="The 18 characters of the institution's code.",
        width=22,
    ),
    Column(
        key="site_name",
        zh="站点名称",
        en="Site",
        parse=text(),
        hint_zh="机构只有一个站点时可以留空。",
        hint_en="May be left blank where the institution has one site.",
        width=28,
    ),
    Column(
        key="profession",
        zh="岗位",
        en="Profession",
        parse=PROFESSIONS,
        required=True,
        choices=PROFESSIONS.terms,
        hint_zh="从下拉列表中选择。",
        hint_en="Choose from the list.",
        example="社会工作者",
    ),
    Column(
        key="engagement",
        zh="用工形式",
        en="Engagement",
        parse=ENGAGEMENTS,
        required=True,
        choices=ENGAGEMENTS.terms,
        hint_zh="从下拉列表中选择。",
        hint_en="Choose from the list.",
        example="专职",
    ),
    Column(
        key="serves_programme",
        zh="是否从事社区康复服务",
        en="Serves the programme",
        parse=yes_or_no,
        required=True,
        choices=YES_AND_NO,
        hint_zh="填“是”或“否”；兼营其他业务的机构，只有安排到社区康复服务的人填“是”。",
        hint_en="Yes or no: only those assigned to the community rehabilitation service.",
        example="是",
    ),
    Column(
        key="start_on",
        zh="任职日期",
        en="Post begins",
        parse=day,
        required=True,
        hint_zh="任职的第一天，如2026-11-23。",
        hint_en="The first day of the post, such as 2026-11-23.",
        example="2024-03-01",
    ),
    Column(
        key="end_on",
        zh="离任日期",
        en="Post ends",
        parse=day,
        hint_zh="不再任职的第一天；仍在任的留空。",
        hint_en="The first day on which the post is no longer held; blank while it is.",
    ),
)
EDUCATION = (
    Column(
        key="form",
        zh="学历或学位",
        en="Diploma or degree",
        parse=FORMS,
        choices=FORMS.terms,
        hint_zh="留空时按学历登记；学历和学位各占一行。",
        hint_en="Left blank, it is a diploma; a diploma and a degree take a row each.",
        example="学历",
    ),
    Column(
        key="level",
        zh="学历层次",
        en="Level",
        parse=LEVELS,
        choices=LEVELS.terms,
        hint_zh="从下拉列表中选择；没有要登记的，整组留空。",
        hint_en="Choose from the list; without an education to record, leave the whole group blank.",
        example="本科",
    ),
    Column(
        key="catalogue",
        zh="专业目录",
        en="Catalogue",
        parse=CATALOGUES,
        choices=CATALOGUES.terms,
        hint_zh="专业代码出自哪一本目录；同一代码在不同目录里不是同一专业。",
        hint_en="The catalogue of the major's code: the same code differs between catalogues.",
        example="本科专业目录",
    ),
    Column(
        key="major_code",
        zh="专业代码",
        en="Major code",
        parse=code_text(20),
        hint_zh="目录里的代码，保留开头的0。",
        hint_en="The code in the catalogue, leading zeros kept.",
        example="030302",
    ),
    Column(
        key="major_name",
        zh="专业名称",
        en="Major",
        parse=text(),
        hint_zh="毕业证书上的专业名称。",
        hint_en="The name of the major on the certificate.",
        example="社会工作",
    ),
    Column(
        key="school",
        zh="毕业院校",
        en="School",
        parse=text(),
        hint_zh="毕业证书上的院校全称。",
        hint_en="The full name of the school on the certificate.",
        example="示例大学",
        width=24,
    ),
    Column(
        key="obtained_on",
        zh="取得日期",
        en="Obtained on",
        parse=day,
        hint_zh="毕业证书或学位证书上的日期。",
        hint_en="The date on the certificate.",
        example="2008-07-01",
    ),
    Column(
        key="verification",
        zh="核验情况",
        en="Verification",
        parse=VERIFICATIONS,
        choices=VERIFICATIONS.terms,
        hint_zh="主管部门核对过原件的填“已核验”，机构填“核验中”；没有核验通过的不计入占比。",
        hint_en="Verified once the authority saw the original; institutions write being verified.",
        example="已核验",
    ),
    Column(
        key="verified_on",
        zh="核验日期",
        en="Verified on",
        parse=day,
        hint_zh="已核验的必填。",
        hint_en="Required where verified.",
        example="2024-03-05",
    ),
)
CERTIFICATE = (
    Column(
        key="certificate_kind",
        zh="证书种类",
        en="Certificate",
        parse=CERTIFICATES,
        choices=CERTIFICATES.terms,
        hint_zh="从下拉列表中选择；没有证书的，整组留空。",
        hint_en="Choose from the list; without a certificate, leave the whole group blank.",
        example="社会工作者职业水平证书",
        width=24,
    ),
    Column(
        key="grade",
        zh="证书级别",
        en="Grade",
        parse=text(),
        hint_zh="如助理社会工作师、社会工作师；不分级别的留空。",
        hint_en="Blank where the certificate has no grades.",
        example="社会工作师",
    ),
    Column(
        key="certificate_number",
        zh="证书编号",
        en="Certificate number",
        parse=code_text(60),
        hint_zh="证书上的编号；编号里含有身份证号的不要填写身份证号部分。",
        hint_en="The number on the certificate, without any identity number in it.",
        example="示例证书0001",
        width=20,
    ),
    Column(
        key="issued_on",
        zh="发证日期",
        en="Issued on",
        parse=day,
        hint_zh="证书上的日期。",
        hint_en="The date on the certificate.",
        example="2015-11-20",
    ),
    Column(
        key="valid_from",
        zh="有效期起",
        en="Valid from",
        parse=day,
        hint_zh="没有有效期的留空。再登记的填新的起止日期，原来的登记仍然保留。",
        hint_en="Blank where the certificate has no period. A renewal has new days; the old registration is kept.",
    ),
    Column(
        key="valid_to",
        zh="有效期止",
        en="Valid until",
        parse=day,
        hint_zh="失效的第一天；没有有效期的留空。社工证书只填起日的，按规定的登记期限推算。",
        hint_en=(
            "The first day on which it is no longer valid; blank where it does not end. "
            "Of a social worker's registration the usual term is taken where it is left blank."
        ),
    ),
)

IDENTITY = (
    Column(
        key="identity_number",
        zh="身份证号",
        en="Identity number",
        parse=identity_number,
        aliases=("公民身份号码", "居民身份证号", "身份证号码"),
        hint_zh="18位公民身份号码，加密保存；没有的留空。",
        hint_en="The 18 characters of the identity number, kept encrypted; blank where unknown.",
        example="999999198501010018",
        width=22,
        is_sealed=True,
    ),
    Column(
        key="phone",
        zh="联系电话",
        en="Phone",
        parse=phone,
        aliases=("手机号", "手机号码", "电话"),
        hint_zh="手机号，或带区号的固定电话，加密保存。",
        hint_en="A mobile number, or a fixed line with its area code, kept encrypted.",
        example="15400000001",
        is_sealed=True,
    ),
)
DIRECT = (
    Column(
        key="direct_service",
        zh="直接服务",
        en="Direct service",
        parse=yes_or_no,
        aliases=("是否直接服务",),
        choices=YES_AND_NO,
        hint_zh="直接面对服务对象的填“是”；留空时，机构负责人、行政后勤、志愿者为否，其他岗位为是。",
        hint_en="Whether the post is with the people served; left blank, the profession says it.",
        example="是",
    ),
)
"""Both last, so that the columns of templates that are in use keep their places."""

PRACTITIONERS = WorkbookKind(
    code="practitioners",
    zh="从业人员",
    en="Practitioners",
    version=3,
    columns=PERSON + POST + EDUCATION + CERTIFICATE + IDENTITY + DIRECT,
    row_type=PractitionerRow,
    identity=lambda row: None,  # a post may take several rows; the judge compares what they say
    prepare=prepare,
    judge=judge,
    apply=apply,
    holds_people=True,
    followed_by=leave_to_officers,
    trip=TRIP,
    changes=changes,
)
