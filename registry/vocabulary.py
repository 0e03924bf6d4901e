"""Domain words in both languages: one word per idea, shared by pages, workbooks and documents."""

from dataclasses import dataclass
from enum import StrEnum

from registry.access.models import Role
from registry.access.reveals import RevealReason
from registry.audit.models import Result
from registry.divisions.codes import Level
from registry.divisions.models import ChangeKind, DivisionKind
from registry.documents.models import Annex, DocumentFormat, DocumentKind, DocumentState, MakingStep
from registry.intake.models import IntakeState
from registry.organisations.facets import Identification, Lying, Opening, Origin, PointState, StandingStatus
from registry.organisations.models import (
    AddressChangeState,
    OrganisationKind,
    Precision,
    SiteKind,
    StandingKind,
)
from registry.organisations.workflow import AddressChangeStep
from registry.policy.models import Grade, SnapshotKind
from registry.workflow.clocks import Urgency
from registry.workforce.facets import Assignment, Horizon, InPost, ShareState
from registry.workforce.models import (
    Catalogue,
    CertificateKind,
    EducationForm,
    EducationLevel,
    Engagement,
    MajorFamily,
    Profession,
    Verification,
)


@dataclass(frozen=True)
class Term:
    """One idea in the two languages of the product."""

    zh: str
    en: str


WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (Level.PROVINCE, Term("省级", "province")),
    (Level.CITY, Term("市级", "city")),
    (Level.DISTRICT, Term("区县", "district")),
    (Level.TOWNSHIP, Term("街镇", "street or town")),
    (Level.COMMUNITY, Term("村居", "community")),
    (Level.SITE, Term("服务场所", "site")),
    (DivisionKind.PROVINCE, Term("省（自治区、直辖市）", "province")),
    (DivisionKind.CITY, Term("市（州）", "city")),
    (DivisionKind.DISTRICT, Term("区（县、市）", "district")),
    (DivisionKind.SUBDISTRICT, Term("街道", "subdistrict")),
    (DivisionKind.TOWN, Term("镇", "town")),
    (DivisionKind.TOWNSHIP, Term("乡", "township")),
    (DivisionKind.COMMUNITY, Term("村居", "community")),
    (DivisionKind.FUNCTION_ZONE, Term("功能区", "function zone")),
    (DivisionKind.PSEUDO, Term("统计用区划", "statistical unit")),
    (ChangeKind.MERGE, Term("合并", "merge")),
    (ChangeKind.SPLIT, Term("拆分", "split")),
    (ChangeKind.RENAME, Term("更名", "rename")),
    (ChangeKind.MOVE, Term("划转", "move")),
    (Grade.OFFICIAL, Term("正式文件", "official text")),
    (Grade.SECOND_HAND, Term("二手来源", "second-hand source")),
    (Grade.DESIGN, Term("本系统口径", "our own convention")),
    (SnapshotKind.NIGHTLY, Term("每日", "nightly")),
    (SnapshotKind.ASSESSMENT, Term("考核时点，已定格", "frozen at assessment")),
    (Result.DONE, Term("已办", "done")),
    (Result.REFUSED, Term("已拒绝", "refused")),
    (Role.PROVINCE, Term("省级民政", "provincial civil affairs")),
    (Role.CITY, Term("市级民政", "city civil affairs")),
    (Role.DISTRICT, Term("区县民政", "district civil affairs")),
    (Role.STREET, Term("街镇", "street office")),
    (Role.STATION, Term("社工站", "social-work station")),
    (Role.PROVIDER, Term("康复服务机构", "rehabilitation provider")),
    (Role.SYSADMIN, Term("系统管理员", "system administrator")),
    (OrganisationKind.HOSPITAL, Term("医疗机构", "hospital")),
    (OrganisationKind.PUBLIC_INSTITUTION, Term("事业单位", "public institution")),
    (OrganisationKind.SOCIAL_SERVICE, Term("社会服务机构", "social service agency")),
    (OrganisationKind.ASSOCIATION, Term("社会团体", "association")),
    (OrganisationKind.FOUNDATION, Term("基金会", "foundation")),
    (OrganisationKind.ENTERPRISE, Term("企业", "enterprise")),
    (OrganisationKind.UNIDENTIFIED, Term("未核实单位", "unidentified organisation")),
    (SiteKind.REHABILITATION, Term("社区康复点", "community rehabilitation site")),
    (SiteKind.DAY_CENTRE, Term("日间照料康复中心", "day centre")),
    (SiteKind.HALFWAY_HOUSE, Term("中途宿舍", "halfway house")),
    (SiteKind.WORKSHOP, Term("辅助就业工场", "sheltered workshop")),
    (SiteKind.HOSPITAL, Term("医院", "hospital")),
    (SiteKind.STATION, Term("社工站", "social-work station")),
    (SiteKind.OFFICE, Term("办公地点", "office")),
    (Precision.EXACT, Term("精确到门牌", "exact")),
    (Precision.STREET, Term("精确到街镇", "street")),
    (Precision.DISTRICT, Term("精确到区县", "district")),
    (StandingKind.PROVIDER, Term("机构入库", "listed provider")),
    (StandingKind.STATION, Term("建站信息备案", "filed station")),
    (StandingKind.CHARITY, Term("慈善组织建档", "charity on file")),
    (StandingKind.ASSOCIATION, Term("行业协会建档", "association on file")),
    (StandingStatus.LISTED, Term("在库", "listed")),
    (StandingStatus.ENDED, Term("已退出", "no longer listed")),
    (StandingStatus.OTHER, Term("其他登记", "on file otherwise")),
    (StandingStatus.NONE, Term("未入库", "never listed")),
    (Origin.EXAMPLE, Term("示例数据", "made-up data")),
    (Origin.REAL, Term("真实数据", "real data")),
    (Identification.KNOWN, Term("已登记代码", "code known")),
    (Identification.UNKNOWN, Term("无代码", "no code")),
    (Opening.OPEN, Term("在用", "open")),
    (Opening.CLOSED, Term("停用", "closed")),
    (PointState.PRESENT, Term("有点位", "has a point")),
    (PointState.MISSING, Term("无点位", "without a point")),
    (Lying.INSIDE, Term("在负责区划内", "inside the responsible division")),
    (Lying.ELSEWHERE, Term("在负责区划外", "outside the responsible division")),
    (Horizon.D30, Term("30日内", "within 30 days")),
    (Horizon.D90, Term("90日内", "within 90 days")),
    (Horizon.D180, Term("180日内", "within 180 days")),
    (InPost.YES, Term("在岗", "in post")),
    (InPost.NO, Term("不在岗", "not in post")),
    (Assignment.YES, Term("专用于本服务", "assigned to the service")),
    (Assignment.NO, Term("其他业务", "other business")),
    (ShareState.MET, Term("达标", "met")),
    (ShareState.NOT_MET, Term("未达标", "not met")),
    (ShareState.NOT_APPLICABLE, Term("不适用（无人员）", "not applicable (no staff)")),
    (AddressChangeState.DRAFT, Term("草稿", "draft")),
    (AddressChangeState.SUBMITTED, Term("待确认", "awaiting confirmation")),
    (AddressChangeState.RETURNED, Term("已退回", "returned")),
    (AddressChangeState.CONFIRMED, Term("已确认", "confirmed")),
    (AddressChangeState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (AddressChangeStep.DRAW_UP, Term("起草", "draw up")),
    (AddressChangeStep.SAVE, Term("修改", "edit")),
    (AddressChangeStep.SUBMIT, Term("提交", "submit")),
    (AddressChangeStep.RETURN, Term("退回", "return")),
    (AddressChangeStep.CONFIRM, Term("确认", "confirm")),
    (AddressChangeStep.WITHDRAW, Term("撤回", "withdraw")),
    (Urgency.OVERDUE, Term("逾期", "overdue")),
    (Urgency.TODAY, Term("今天到期", "due today")),
    (Urgency.SOON, Term("3日内到期", "due within 3 days")),
    (Urgency.LATER, Term("未到期", "not yet due")),
    (Urgency.NONE, Term("无期限", "no deadline")),
    (Profession.HEAD, Term("机构负责人", "head of institution")),
    (Profession.PSYCHIATRIST, Term("精神科医师", "psychiatrist")),
    (Profession.NURSE, Term("护士", "nurse")),
    (Profession.REHABILITATION_THERAPIST, Term("康复治疗师", "rehabilitation therapist")),
    (Profession.PSYCHOTHERAPIST, Term("心理治疗师", "psychotherapist")),
    (Profession.COUNSELLOR, Term("心理咨询师", "counsellor")),
    (Profession.SOCIAL_WORKER, Term("社会工作者", "social worker")),
    (Profession.PUBLIC_HEALTH_PHYSICIAN, Term("公共卫生医师", "public-health physician")),
    (Profession.CARE_WORKER, Term("生活辅导员", "care worker")),
    (Profession.PEER_SUPPORTER, Term("同伴支持员", "peer supporter")),
    (Profession.VOLUNTEER, Term("志愿者", "volunteer")),
    (Profession.ADMINISTRATION, Term("行政后勤", "administration")),
    (Engagement.FULL_TIME, Term("专职", "full-time")),
    (Engagement.PART_TIME, Term("兼职", "part-time")),
    (Engagement.DISPATCHED, Term("派遣", "dispatched")),
    (Engagement.VOLUNTEER, Term("志愿", "volunteer")),
    (Engagement.INTERN, Term("实习", "intern")),
    (EducationForm.DIPLOMA, Term("学历", "diploma")),
    (EducationForm.DEGREE, Term("学位", "degree")),
    (EducationLevel.DOCTOR, Term("博士研究生", "doctor")),
    (EducationLevel.MASTER, Term("硕士研究生", "master")),
    (EducationLevel.BACHELOR, Term("本科", "bachelor")),
    (EducationLevel.JUNIOR_COLLEGE, Term("专科", "junior college")),
    (EducationLevel.SECONDARY, Term("中等教育", "secondary education")),
    (EducationLevel.OTHER, Term("其他", "other")),
    (Catalogue.UNDERGRADUATE, Term("本科专业目录", "undergraduate catalogue")),
    (Catalogue.POSTGRADUATE, Term("研究生学科专业目录", "postgraduate catalogue")),
    (Catalogue.VOCATIONAL, Term("高职专业目录", "vocational catalogue")),
    (Verification.PENDING, Term("核验中", "being verified")),
    (Verification.VERIFIED, Term("已核验", "verified")),
    (Verification.REJECTED, Term("核验未通过", "rejected")),
    (MajorFamily.MENTAL_HEALTH, Term("精神卫生", "mental health")),
    (MajorFamily.SOCIAL_WORK, Term("社会工作", "social work")),
    (MajorFamily.PSYCHOLOGY, Term("心理健康", "psychological health")),
    (CertificateKind.SOCIAL_WORKER, Term("社会工作者职业水平证书", "social worker certificate")),
    (CertificateKind.PHYSICIAN_LICENCE, Term("医师执业证书", "physician licence")),
    (CertificateKind.NURSE_LICENCE, Term("护士执业证书", "nurse licence")),
    (CertificateKind.PSYCHOTHERAPIST, Term("心理治疗师资格", "psychotherapist title")),
    (CertificateKind.REHABILITATION_THERAPIST, Term("康复治疗技术资格", "rehabilitation therapist title")),
    (CertificateKind.COUNSELLOR, Term("心理咨询师证书", "counsellor certificate")),
    (RevealReason.CONTACT, Term("联系本人核实情况", "to reach the person and clear something up")),
    (
        RevealReason.VERIFICATION,
        Term("核对证件、证书或学历", "to check an identity card, certificate or diploma"),
    ),
    (RevealReason.COMPLAINT, Term("办理投诉举报", "to handle a complaint or report")),
    (RevealReason.OTHER_DUTY, Term("其他履职需要", "another duty")),
    (IntakeState.PREVIEWED, Term("已预检", "previewed")),
    (IntakeState.COMMITTED, Term("已导入", "loaded")),
    (IntakeState.REFUSED, Term("有错误，未导入", "refused")),
    (DocumentKind.BRIEFING, Term("工作简报", "briefing")),
    (DocumentFormat.PDF, Term("PDF", "PDF")),
    (DocumentFormat.DOCX, Term("Word", "Word")),
    (DocumentState.WAITING, Term("排队中", "waiting")),
    (DocumentState.WORKING, Term("制作中", "being made")),
    (DocumentState.DONE, Term("已出具", "issued")),
    (DocumentState.FAILED, Term("未能出具", "could not be issued")),
    (MakingStep.ASKED, Term("排队", "waiting in the queue")),
    (MakingStep.READING, Term("汇总数据", "adding up the figures")),
    (MakingStep.LAYOUT, Term("排版", "laying out the pages")),
    (MakingStep.KEEPING, Term("保存", "keeping the file")),
    (Annex.NONE, Term("不附名单", "no list")),
    (Annex.INSTITUTIONS, Term("附机构名单", "with a list of institutions")),
    (Annex.PEOPLE, Term("附人员名单", "with a list of staff")),
)

# Equal texts of two enumerations are equal keys, so the enumeration is part of the key.
TERMS = {(type(value), value): word for value, word in WORDS}


def term(value: StrEnum) -> Term:
    """The word for a stored value; a missing one is a fault in this table."""
    return TERMS[type(value), value]
