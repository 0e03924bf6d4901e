"""The words of `registry/organisations` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.organisations.facets import Identification, Lying, Opening, Origin, PointState, StandingStatus
from registry.organisations.models import (
    AddressChangeState,
    OrganisationKind,
    Precision,
    SiteKind,
    StandingKind,
)
from registry.organisations.workflow import AddressChangeStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
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
)
