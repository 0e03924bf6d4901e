"""What is asked of a service that is new, changes or ends; and a service as answers, answers as a service."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from registry.drafts.questions import (
    Answer,
    AnswerKind,
    Question,
    Questionnaire,
    Topic,
    declare_questionnaires,
    questionnaire_of,
)
from registry.drafts.reading import values_of
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.services.facets import Charge, Weekday
from registry.services.models import ReportKind, Service, ServiceKind, ServiceReport

LARGEST_FEE = 100_000
MOST_PLACES = 10_000

OFFER = (
    Question(
        "service_kind",
        N_("服务类别"),
        AnswerKind.ONE_OF,
        N_("前九类为国家工作规范列明的类别。"),
        choices=tuple(ServiceKind),
    ),
    Question("title", N_("项目名称"), AnswerKind.TEXT, N_("如：生活技能小组、家属互助会。"), longest=60),
    Question(
        "place",
        N_("地点"),
        AnswerKind.TEXT,
        N_("楼层或房间，如：二楼活动室。"),
        is_required=False,
        longest=60,
    ),
    Question(
        "weekdays",
        N_("开放日"),
        AnswerKind.SOME_OF,
        N_("按预约开放的，一天都不选。"),
        choices=tuple(Weekday),
        is_required=False,
        is_in_line=True,
        blank=N_("按预约"),
    ),
    Question("hours", N_("时间"), AnswerKind.TEXT, N_("如：09:00–11:30。"), longest=60),
    Question(
        "capacity",
        N_("名额"),
        AnswerKind.COUNT,
        N_("同一时间最多几人；不限请留空。"),
        unit=N_("人"),
        is_required=False,
        least=1,
        most=MOST_PLACES,
        blank=N_("不限"),
    ),
    Question("charge", N_("收费"), AnswerKind.ONE_OF, choices=tuple(Charge), is_in_line=True),
    Question(
        "fee",
        N_("每次收费"),
        AnswerKind.AMOUNT,
        N_("选“收费”时填写。"),
        unit=N_("元/次"),
        is_required=False,
        most=LARGEST_FEE,
    ),
    Question(
        "fee_note", N_("收费说明"), AnswerKind.TEXT, N_("如：午餐另付。"), is_required=False, longest=60
    ),
    Question(
        "contact",
        N_("联系岗位"),
        AnswerKind.TEXT,
        N_("写岗位，不写个人姓名，如：值班社工。会对外公布。"),
        longest=30,
    ),
    Question("phone", N_("联系电话"), AnswerKind.PHONE, N_("单位的公开电话，会对外公布。")),
)
BEGINS = Question("effective_on", N_("开始日期"), AnswerKind.DAY, N_("如2026-12-01。"))
ENDS = Question("effective_on", N_("停止日期"), AnswerKind.DAY, N_("从哪一天起不再提供，如2026-12-31。"))
EXPLANATION = Question(
    "explanation",
    N_("申报说明"),
    AnswerKind.LONG_TEXT,
    N_("为什么增加或变更，供区县确认时参考。"),
    is_required=False,
    longest=1000,
)
REASON = Question(
    "explanation",
    N_("停止原因"),
    AnswerKind.LONG_TEXT,
    N_("以及参加的人转到哪里，供区县确认时参考。"),
    longest=1000,
)
SAME_NAME = ("title", "place", "hours", "fee_note", "contact", "phone")
"""Texts that a service holds under the name of the question."""


def fee_agrees_with_charge(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    """Whoever says that it costs something says how much, and nobody else does."""
    is_paid = values.get("charge") is Charge.PAID
    if is_paid and "fee" in values and not values["fee"]:
        yield InvalidInput("fee", message(N_("请填写每次收费的金额，或改选“免费”“未说明”。")))
    if not is_paid and values.get("fee"):
        yield InvalidInput("fee", message(N_("选了“免费”或“未说明”，请清空每次收费；要收费的改选“收费”。")))


QUESTIONS: Mapping[ReportKind, Questionnaire] = {
    ReportKind.NEW: Questionnaire(
        (
            Topic(
                "service",
                N_("新服务项目"),
                (*OFFER, BEGINS, EXPLANATION),
                N_("可以先保存，以后再补；提交后由区县确认，确认后对外公布。"),
            ),
        ),
        (fee_agrees_with_charge,),
    ),
    ReportKind.CHANGE: Questionnaire(
        (
            Topic(
                "service",
                N_("变更的内容"),
                (*OFFER, EXPLANATION),
                N_("已填好现在公布的内容，只改有变化的几项。区县确认后即按新内容公布。"),
            ),
        ),
        (fee_agrees_with_charge,),
    ),
    ReportKind.END: Questionnaire(
        (
            Topic(
                "service",
                N_("停止的日期和原因"),
                (ENDS, REASON),
                N_("区县确认后，本项目从停止日期起不再列入开设中的服务；以前的活动记录都保留。"),
            ),
        ),
    ),
}

declare_questionnaires(ServiceReport, lambda report: QUESTIONS[report.kind])


def answers_of(service: Service) -> dict[str, Answer]:
    """A service as it stands: what the report of a change begins with."""
    charge = Charge.UNKNOWN if service.fee is None else Charge.FREE if service.fee == 0 else Charge.PAID
    said: dict[str, Answer] = {name: getattr(service, name) for name in SAME_NAME}
    said |= {
        "service_kind": service.kind.value,
        "weekdays": list(service.weekdays),
        "capacity": str(service.capacity or ""),
        "charge": charge.value,
        "fee": f"{service.fee:.2f}".removesuffix(".00") if service.fee else "",
    }
    return {key: answer for key, answer in said.items() if answer}


def values_in(report: ServiceReport) -> dict[str, Any]:
    """What can be read of its answers."""
    return values_of(questionnaire_of(report), report.answers)


def offer_in(report: ServiceReport) -> dict[str, Any]:
    """What it says of a service, under the names that a service has; gaps are None and empty texts."""
    values = values_in(report)
    fees = {Charge.FREE: Decimal(0), Charge.PAID: values.get("fee")}
    return {name: values.get(name) or "" for name in SAME_NAME} | {
        "kind": values.get("service_kind"),
        "weekdays": "".join(day.value for day in values.get("weekdays") or ()),
        "capacity": values.get("capacity"),
        "fee": fees.get(values["charge"]) if values.get("charge") else None,
    }
