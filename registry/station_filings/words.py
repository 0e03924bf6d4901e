"""The words of `registry/station_filings` in both languages; the vocabulary joins them."""

from enum import StrEnum

from registry.station_filings.models import FilingKind, FilingState
from registry.station_filings.questions import StationDomain, StationLevel
from registry.station_filings.workflow import FilingStep
from registry.terms import Term

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    (FilingKind.FILING, Term("建站备案", "filing")),
    (FilingKind.CHANGE, Term("备案变更", "change of a filing")),
    (FilingState.DRAFT, Term("草稿", "draft")),
    (FilingState.SUBMITTED, Term("待街镇上报", "awaiting the street's report")),
    (FilingState.RETURNED, Term("已退回补正", "returned for correction")),
    (FilingState.REPORTED, Term("已上报，待区县核对", "reported, awaiting the district")),
    (FilingState.FILED, Term("已备案", "on file")),
    (FilingState.CLOSED, Term("已撤销", "closed")),
    (FilingState.REPLACED, Term("已被新内容替代", "replaced by a newer one")),
    (FilingState.WITHDRAWN, Term("已撤回", "withdrawn")),
    (FilingStep.DRAW_UP, Term("起草", "draw up")),
    (FilingStep.SUBMIT, Term("提交", "hand in")),
    (FilingStep.REPORT, Term("核实并上报", "report to the district")),
    (FilingStep.RETURN, Term("退回补正", "return for correction")),
    (FilingStep.TAKE_BACK, Term("撤销上报", "take the report back")),
    (FilingStep.FILE, Term("核对并备案", "put on file")),
    (FilingStep.SEND_BACK, Term("退回补正", "return for correction")),
    (FilingStep.WITHDRAW, Term("撤回", "withdraw")),
    (FilingStep.END, Term("随站点撤销终止", "ended, as the station closed")),
    (FilingStep.REPLACE, Term("由新内容替代", "replaced by a newer one")),
    (FilingStep.CLOSE, Term("撤销站点", "close the station")),
    (FilingStep.ADOPT, Term("由既有名单转入", "brought over from an earlier list")),
    (FilingStep.SUCCEED, Term("因承继变动", "changed by a succession")),
    (FilingStep.GIVE_BACK, Term("承继已撤销，恢复", "restored: the succession was undone")),
    (StationLevel.COUNTY, Term("区县级", "county")),
    (StationLevel.STREET, Term("街镇级", "street")),
    (StationLevel.COMMUNITY, Term("村居级", "community")),
    (StationDomain.ASSISTANCE, Term("社会救助", "social assistance")),
    (StationDomain.ELDERLY, Term("养老服务", "care of the elderly")),
    (StationDomain.CHILDREN, Term("儿童福利", "child welfare")),
    (StationDomain.SOCIAL_AFFAIRS, Term("社会事务", "social affairs")),
    (StationDomain.COMMUNITY, Term("社区治理", "community governance")),
    (StationDomain.REHABILITATION, Term("精神障碍社区康复", "mental-health community rehabilitation")),
)
