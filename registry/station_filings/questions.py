"""What a station is asked when it is put on file (F13): place, operator and contract, service and people."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session
from stdnum.cn import uscc as credit_codes

from registry.clock import today
from registry.drafts.questions import (
    AnswerKind,
    Finding,
    Question,
    Questionnaire,
    Topic,
    declare_questionnaire,
)
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.station_filings.models import StationFiling


class StationLevel(StrEnum):
    """County, street, community: the three levels of the station network."""

    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"


class StationDomain(StrEnum):
    """The domains in which civil affairs ask for social work."""

    ASSISTANCE = "assistance"
    ELDERLY = "elderly"
    CHILDREN = "children"
    SOCIAL_AFFAIRS = "social_affairs"
    COMMUNITY = "community"
    REHABILITATION = "rehabilitation"


PLACE = Topic(
    "place",
    N_("站点情况"),
    (
        Question("level", N_("站点层级"), AnswerKind.ONE_OF, choices=tuple(StationLevel)),
        Question("opened_on", N_("建站日期"), AnswerKind.DAY),
        Question("area", N_("场地面积"), AnswerKind.COUNT, unit=N_("平方米"), least=1, most=100_000),
        Question("is_specialised", N_("是否为精神卫生专业社工站"), AnswerKind.YES_NO),
        Question("hours", N_("开放时间"), AnswerKind.TEXT, N_("例如：周一至周五 9:00—17:00。")),
        Question("phone", N_("对外联系电话"), AnswerKind.PHONE, N_("居民会拨打这个号码，请填站点电话。")),
    ),
    lead=N_("开放时间和电话会在公众查询页上公开。"),
)
OPERATOR = Topic(
    "operator",
    N_("运营与购买服务"),
    (
        Question("operator", N_("运营单位名称"), AnswerKind.TEXT),
        Question("operator_uscc", N_("运营单位统一社会信用代码"), AnswerKind.TEXT, N_("18位。"), longest=18),
        Question("contract_no", N_("购买服务合同编号"), AnswerKind.TEXT),
        Question("contract_from", N_("合同起始日期"), AnswerKind.DAY),
        Question("contract_until", N_("合同终止日期"), AnswerKind.DAY),
        Question("amount", N_("合同金额"), AnswerKind.AMOUNT, unit=N_("元")),
    ),
)
WORK = Topic(
    "work",
    N_("服务与力量"),
    (
        Question("domains", N_("服务领域"), AnswerKind.SOME_OF, choices=tuple(StationDomain)),
        Question("workers", N_("驻站社工"), AnswerKind.COUNT, unit=N_("人"), least=0, most=1000),
        Question("certified", N_("其中持证社工"), AnswerKind.COUNT, unit=N_("人"), least=0, most=1000),
        Question("partner", N_("对接的康复机构或医院"), AnswerKind.TEXT, is_required=False),
        Question("note", N_("其他说明"), AnswerKind.LONG_TEXT, is_required=False, longest=1000),
    ),
)

FEWEST_WORKERS = 2
"""Two workers in a station, six in ten of them certified: one local plan (grade C), said as a hint, stops nobody."""
CERTIFIED_SHARE = (60, 100)


def contract_ends_after_it_begins(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    """A contract of no day is a slip of the pen."""
    begins, ends = values.get("contract_from"), values.get("contract_until")
    if begins is not None and ends is not None and ends < begins:
        yield InvalidInput("contract_until", message(N_("合同终止日期早于起始日期，请核对合同。")))


def certified_are_among_the_workers(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    """A part is not more than the whole."""
    workers, certified = values.get("workers"), values.get("certified")
    if workers is not None and certified is not None and certified > workers:
        yield InvalidInput("certified", message(N_("持证社工不能多于驻站社工，请核对。")))


def credit_code_is_right(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    """GB 32100-2015: 18 characters with a check character."""
    typed = values.get("operator_uscc")
    if typed is not None and not credit_codes.is_valid(typed):
        text = N_("统一社会信用代码应为18位且校验位正确，请对照登记证书核对。")
        yield InvalidInput("operator_uscc", message(text))


def staffing_is_usual(
    _session: Session, _filing: StationFiling, values: Mapping[str, Any]
) -> Iterator[Finding]:
    """What plans of other places ask for."""
    workers, certified = values.get("workers"), values.get("certified")
    if workers is not None and workers < FEWEST_WORKERS:
        yield Finding("workers", message(N_("驻站社工少于2人，请核实能否正常开展服务。")))
    if workers and certified is not None and certified * CERTIFIED_SHARE[1] < workers * CERTIFIED_SHARE[0]:
        yield Finding("certified", message(N_("持证社工不足六成，请核实。")))


def contract_is_running(
    _session: Session, filing: StationFiling, values: Mapping[str, Any]
) -> Iterator[Finding]:
    """A contract that was over when the filing was handed in."""
    until = values.get("contract_until")
    if until is not None and filing.submitted_at is not None and until < today(filing.submitted_at):
        yield Finding("contract_until", message(N_("合同在提交前已到期。")))


FILING_QUESTIONS = declare_questionnaire(
    StationFiling,
    Questionnaire(
        topics=(PLACE, OPERATOR, WORK),
        contradictions=(
            contract_ends_after_it_begins,
            certified_are_among_the_workers,
            credit_code_is_right,
        ),
        checks=(staffing_is_usual, contract_is_running),
    ),
)
