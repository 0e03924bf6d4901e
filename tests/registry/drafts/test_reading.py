"""Answers are read as they are typed in real life; what is wrong is named with its remedy."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from registry.drafts.questions import Answer, AnswerKind, Question, Questionnaire, Topic
from registry.drafts.reading import faults, value_of, values_of
from registry.errors import InvalidInput
from registry.services.models import ServiceKind

LABEL = "项目"


def asked(kind: AnswerKind, **more: Any) -> Question:
    return Question("it", LABEL, kind, **more)


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (asked(AnswerKind.TEXT), "　心晴　", "心晴"),
        (asked(AnswerKind.COUNT), "１２０", 120),
        (asked(AnswerKind.COUNT), "1,284", 1284),
        (asked(AnswerKind.AMOUNT), "300,000.50", Decimal("300000.50")),
        (asked(AnswerKind.AMOUNT), "20.5元", Decimal("20.5")),
        (asked(AnswerKind.DAY), "2026年11月6日", date(2026, 11, 6)),
        (asked(AnswerKind.DAY), "20261106", date(2026, 11, 6)),
        (asked(AnswerKind.YES_NO), "no", False),
        (asked(AnswerKind.PHONE), "０２１－６３２１ ００００", "021-63210000"),
        (asked(AnswerKind.PHONE), "12345", "12345"),
        (asked(AnswerKind.ONE_OF, choices=tuple(ServiceKind)), "RS01", ServiceKind.MEDICATION),
        (
            asked(AnswerKind.SOME_OF, choices=tuple(ServiceKind)),
            ["RS09", "RS01"],
            (ServiceKind.MEDICATION, ServiceKind.FAMILY),
        ),
        (asked(AnswerKind.COUNT), "", None),
    ],
)
def test_what_people_type_is_understood(question: Question, typed: Answer, value: Any) -> None:
    assert value_of(question, typed) == value


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        (asked(AnswerKind.COUNT, least=1), "0", "“项目”不能小于1。请核对后重填。"),
        (asked(AnswerKind.COUNT, most=10), "11", "“项目”不能大于10。请核对后重填。"),
        (asked(AnswerKind.COUNT), "三十", "“项目”不是数字。请只填数字，不要带单位或文字。"),
        (asked(AnswerKind.COUNT), "2.5", "“项目”不是整数。请填整数，不要带小数。"),
        (asked(AnswerKind.AMOUNT), "-5", "“项目”金额不能为负，最多两位小数。请核对后重填。"),
        (asked(AnswerKind.AMOUNT), "1.005", "“项目”金额不能为负，最多两位小数。请核对后重填。"),
        (asked(AnswerKind.AMOUNT), "NaN", "“项目”金额不能为负，最多两位小数。请核对后重填。"),
        (asked(AnswerKind.AMOUNT, most=10), "10.01", "“项目”不能大于10。请核对后重填。"),
        (asked(AnswerKind.DAY), "2026-02-30", "2026年2月只有28天"),
        (asked(AnswerKind.YES_NO), "maybe", "请选“是”或“否”。"),
        (asked(AnswerKind.PHONE), "见公示栏", "不是电话号码。"),
        (asked(AnswerKind.ONE_OF, choices=tuple(ServiceKind)), "RS99", "不在可选的项目中。"),
        (asked(AnswerKind.SOME_OF, choices=tuple(ServiceKind)), ["RS99"], "有不在列表中的项目"),
        (asked(AnswerKind.TEXT, longest=3), "四个字的", "超过3个字的上限"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(question: Question, typed: Answer, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        value_of(question, typed)

    assert refused.value.field == "it"
    assert said in str(refused.value)


QUESTIONS = Questionnaire(
    (
        Topic("one", "一", (Question("a", "甲", AnswerKind.COUNT), Question("b", "乙"))),
        Topic("two", "二", (Question("c", "丙", is_required=False), Question("d", "丁", AnswerKind.DAY))),
    )
)


def test_what_stands_against_the_hand_in_is_named_page_by_page() -> None:
    found = faults(QUESTIONS, {"a": "x", "d": "2026-11-26"})

    assert [fault.field for fault in found] == ["a", "b"]
    assert str(found[1]) == "请填写“乙”。"


def test_values_are_those_that_can_be_read() -> None:
    assert values_of(QUESTIONS, {"a": "x", "b": "有", "d": "2026-11-26"}) == {
        "b": "有",
        "c": None,
        "d": date(2026, 11, 26),
    }
