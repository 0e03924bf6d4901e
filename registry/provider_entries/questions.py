"""What an institution is asked before it enters the library.

The referral measures of 2023-12-19 (精神障碍社区康复服务资源共享与转介管理办法) have the institution register where its
service site is; the fields follow what practice asks (F11), no official form was to be had.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

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
from registry.provider_entries.models import ProviderEntry
from registry.provider_entries.queries import people_in_post
from registry.services.models import ServiceKind


class ServiceForm(StrEnum):
    """How services are given."""

    DAY = "day"
    RESIDENTIAL = "residential"
    HOME = "home"
    GROUP = "group"
    OUTREACH = "outreach"


class Paper(StrEnum):
    """Whether a paper is at hand."""

    HELD = "held"
    APPLIED = "applied"
    NONE = "none"
    NOT_NEEDED = "not_needed"


SITE = Topic(
    "site",
    N_("服务场地"),
    (
        Question("area", N_("服务场地面积"), AnswerKind.COUNT, unit=N_("平方米"), least=1, most=100_000),
        Question(
            "service_area",
            N_("服务区域"),
            AnswerKind.LONG_TEXT,
            N_("写明服务哪些街镇的居民，例如：南京东路街道、外滩街道。"),
            longest=500,
        ),
        Question(
            "hours", N_("开放时间"), AnswerKind.TEXT, N_("例如：周一至周五 9:00—16:30，法定节假日休息。")
        ),
        Question("phone", N_("对外联系电话"), AnswerKind.PHONE, N_("居民会拨打这个号码，请填单位电话。")),
        Question(
            "contact", N_("联系岗位"), AnswerKind.TEXT, N_("例如：服务台、值班社工。不要填写个人姓名。")
        ),
    ),
    lead=N_("这些内容会在公众查询页上公开。"),
)
SERVICES = Topic(
    "services",
    N_("服务内容"),
    (
        Question("kinds", N_("服务类别"), AnswerKind.SOME_OF, choices=tuple(ServiceKind)),
        Question("forms", N_("服务形式"), AnswerKind.SOME_OF, choices=tuple(ServiceForm)),
        Question("capacity", N_("可同时服务人数"), AnswerKind.COUNT, unit=N_("人"), least=1, most=10_000),
        Question(
            "fee",
            N_("收费说明"),
            AnswerKind.LONG_TEXT,
            N_("免费的写“免费”；收费的写明项目和标准。"),
            longest=500,
        ),
        Question("other", N_("其他服务"), AnswerKind.LONG_TEXT, is_required=False, longest=500),
    ),
)
PAPERS = Topic(
    "papers",
    N_("证照与安全"),
    (
        Question("licence", N_("登记证书或执业许可证号"), AnswerKind.TEXT),
        Question(
            "licence_until",
            N_("证书有效期至"),
            AnswerKind.DAY,
            N_("长期有效的不填。"),
            is_required=False,
        ),
        Question("fire", N_("消防验收或备案"), AnswerKind.ONE_OF, choices=tuple(Paper)),
        Question("hygiene", N_("卫生许可"), AnswerKind.ONE_OF, choices=tuple(Paper)),
        Question("insurance", N_("已投保场所责任险"), AnswerKind.YES_NO),
        Question("papers_note", N_("证照说明"), AnswerKind.LONG_TEXT, is_required=False, longest=500),
    ),
)
STAFF = Topic(
    "staff",
    N_("服务力量"),
    (
        Question(
            "direct_staff",
            N_("直接服务人员"),
            AnswerKind.COUNT,
            N_("只填人数，人员名单在“从业人员”登记。"),
            unit=N_("人"),
            least=0,
            most=10_000,
        ),
        Question("partner", N_("合作医疗机构"), AnswerKind.TEXT, is_required=False),
        Question(
            "emergency",
            N_("突发情况处置办法"),
            AnswerKind.LONG_TEXT,
            N_("写明由谁联系、送往何处，不要写服务对象的姓名。"),
            longest=1000,
        ),
        Question("promised", N_("已签署服务承诺和保密承诺"), AnswerKind.YES_NO),
    ),
)


def promises_are_signed(values: Mapping[str, Any]) -> Iterator[InvalidInput]:
    """The measures name both promises among their templates."""
    if values.get("promised") is False:
        yield InvalidInput("promised", message(N_("签署服务承诺和保密承诺之后才能提交。")))


def staff_agrees_with_the_register(
    session: Session, entry: ProviderEntry, values: Mapping[str, Any]
) -> Iterator[Finding]:
    """The number that is claimed beside the people that are registered."""
    claimed, registered = values.get("direct_staff"), people_in_post(session, entry)
    if claimed is not None and claimed > registered:
        yield Finding(
            "direct_staff",
            message(
                N_("填报 %(claimed)s 人，登记在岗 %(registered)s 人，请核对从业人员名单。"),
                claimed=claimed,
                registered=registered,
            ),
        )


def papers_are_valid(_session: Session, entry: ProviderEntry, values: Mapping[str, Any]) -> Iterator[Finding]:
    """A licence that ended before the hand-in, and papers that are wanting."""
    until = values.get("licence_until")
    if until is not None and entry.submitted_at is not None and until < today(entry.submitted_at):
        yield Finding("licence_until", message(N_("证书在提交前已过期。")))
    for key in ("fire", "hygiene"):
        if values.get(key) is Paper.NONE:
            yield Finding(key, message(N_("尚未取得，请核实能否先行开展服务。")))


ENTRY_QUESTIONS = declare_questionnaire(
    ProviderEntry,
    Questionnaire(
        topics=(SITE, SERVICES, STAFF, PAPERS),
        contradictions=(promises_are_signed,),
        checks=(staff_agrees_with_the_register, papers_are_valid),
    ),
)
