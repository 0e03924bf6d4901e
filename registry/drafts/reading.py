"""From what was typed to values: an answer that cannot be read stays as it was typed, and is named."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from registry.drafts.questions import Answer, AnswerKind, Answers, Question, Questionnaire, Topic
from registry.errors import InvalidInput
from registry.messages import N_, Message, message
from registry.parsing import CellProblem, code_text, day, half_width, integer, text

LONGEST_PHONE, FEWEST_DIGITS = 30, 3
PHONE_CHARACTERS = frozenset("0123456789-+()（） 转")
LARGEST_AMOUNT = Decimal(10) ** 15


def value_of(question: Question, answer: Answer) -> Any:
    """The value of an answer, None where there is none; raises InvalidInput with what is wrong and how to mend it."""
    if not answer:
        return None
    if question.kind is AnswerKind.SOME_OF:
        return _chosen(question, [answer] if isinstance(answer, str) else answer)
    try:
        return READERS[question.kind](question, answer if isinstance(answer, str) else answer[0])
    except CellProblem as problem:
        raise InvalidInput(question.key, _said(question, problem)) from None


def values_of(questionnaire: Questionnaire, answers: Answers) -> dict[str, Any]:
    """The values of all answers that can be read."""
    found = {}
    for question in questionnaire.questions:
        try:
            found[question.key] = value_of(question, answers.get(question.key, ""))
        except InvalidInput:
            continue
    return found


def faults_of_topic(topic: Topic, answers: Answers) -> list[InvalidInput]:
    """What is missing or cannot be read on one page, in the order of its questions."""
    return [fault for question in topic.questions for fault in _faults_of(question, answers)]


def faults(questionnaire: Questionnaire, answers: Answers) -> list[InvalidInput]:
    """What stands against the hand-in: page by page, then what contradicts itself."""
    found = [fault for topic in questionnaire.topics for fault in faults_of_topic(topic, answers)]
    values = values_of(questionnaire, answers)
    return found + [one for rule in questionnaire.contradictions for one in rule(values)]


def _faults_of(question: Question, answers: Answers) -> Iterator[InvalidInput]:
    answer = answers.get(question.key, "")
    if not answer:
        if question.is_required:
            yield InvalidInput(
                question.key, message(N_("请填写“%(label)s”。"), label=message(question.label))
            )
        return
    try:
        value_of(question, answer)
    except InvalidInput as fault:
        yield fault


def _text(question: Question, typed: str) -> str:
    return text(question.longest)(typed)


def _count(question: Question, typed: str) -> int:
    number = integer(typed)
    _check_bounds(question, number)
    return number


def _amount(question: Question, typed: str) -> Decimal:
    try:
        amount = Decimal(half_width(typed).replace(",", "").removesuffix("元"))
    except InvalidOperation:
        raise CellProblem(message(N_("不是数字。")), message(N_("请只填数字，不要带单位或文字。"))) from None
    if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT or amount != round(amount, 2):
        raise CellProblem(message(N_("金额不能为负，最多两位小数。")), message(N_("请核对后重填。")))
    _check_bounds(question, amount)
    return amount


def _check_bounds(question: Question, number: int | Decimal) -> None:
    if question.least is not None and number < question.least:
        raise CellProblem(
            message(N_("不能小于%(least)s。"), least=question.least), message(N_("请核对后重填。"))
        )
    if question.most is not None and number > question.most:
        raise CellProblem(
            message(N_("不能大于%(most)s。"), most=question.most), message(N_("请核对后重填。"))
        )


def _day(_question: Question, typed: str) -> date:
    return day(typed)


def _one_of(question: Question, typed: str) -> StrEnum:
    found = [one for one in question.choices if one.value == typed]
    if not found:
        raise CellProblem(message(N_("不在可选的项目中。")), message(N_("请从列表中选择。")))
    return found[0]


def _chosen(question: Question, typed: list[str]) -> tuple[StrEnum, ...]:
    if any(one not in question.choices for one in typed):
        raise InvalidInput(
            question.key,
            message(N_("“%(label)s”有不在列表中的项目，请重新勾选。"), label=message(question.label)),
        )
    return tuple(one for one in question.choices if one.value in typed)


def _yes_no(_question: Question, typed: str) -> bool:
    if typed not in ("yes", "no"):
        raise CellProblem(message(N_("请选“是”或“否”。")), message(N_("请重新选择。")))
    return typed == "yes"


def _phone(_question: Question, typed: str) -> str:
    number = code_text(LONGEST_PHONE)(typed)
    digits = sum(character.isdigit() for character in number)
    if digits < FEWEST_DIGITS or not PHONE_CHARACTERS.issuperset(number):
        raise CellProblem(
            message(N_("不是电话号码。")), message(N_("请填能直接拨打的号码，如021-00000000或12345。"))
        )
    return number


READERS: Mapping[AnswerKind, Callable[[Question, str], Any]] = {
    AnswerKind.TEXT: _text,
    AnswerKind.LONG_TEXT: _text,
    AnswerKind.COUNT: _count,
    AnswerKind.AMOUNT: _amount,
    AnswerKind.DAY: _day,
    AnswerKind.ONE_OF: _one_of,
    AnswerKind.YES_NO: _yes_no,
    AnswerKind.PHONE: _phone,
}


def _said(question: Question, problem: CellProblem) -> Message:
    """The label, what is the matter, and the remedy, as one sentence."""
    return message(
        N_("“%(label)s”%(problem)s%(remedy)s"),
        label=message(question.label),
        problem=problem.message,
        remedy=problem.remedy,
    )
