"""Figures in words: sentences with data in them, and numbers that never say more than the verdict."""

from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from portal.formatting import data, day, moment, number, word_within
from registry.messages import Message
from reports.figures.changes import ChangeKind
from reports.figures.corrections import CorrectionKind
from reports.figures.ledger import Standing
from reports.figures.shares import Measure, Share, Verdict
from reports.figures.wording import percent_text, points_text, reached_text, target_text
from reports.figures.year_end import Assessment

VERDICT_KINDS = {
    Verdict.MET: "done",
    Verdict.NOT_MET: "wrong",
    Verdict.NOT_APPLICABLE: "ended",
    Verdict.NO_TARGET: "draft",
}
"""The sign and colour of each verdict, see macros/states.html."""


def verdict_word(share: Share) -> str:
    """达标, 未达标, 不适用, 无目标."""
    words = {
        Verdict.MET: gettext("达标"),
        Verdict.NOT_MET: gettext("未达标"),
        Verdict.NOT_APPLICABLE: gettext("不适用"),
        Verdict.NO_TARGET: gettext("无目标"),
    }
    return str(words[share.verdict])


def standing_word(standing: Standing) -> str:
    """Where a person stands in a reading."""
    words = {
        Standing.HOLDER: gettext("计入分子和分母"),
        Standing.STAFF: gettext("只计入分母"),
        Standing.REPEAT: gettext("合计中不重复计"),
        Standing.OUTSIDE: gettext("不计"),
    }
    return str(words[standing])


def change_word(kind: ChangeKind) -> str:
    """What became of somebody."""
    words = {
        ChangeKind.FIRST: gettext("首次计入"),
        ChangeKind.GAINED: gettext("重新计入"),
        ChangeKind.LOST: gettext("不再计入"),
        ChangeKind.JOINED: gettext("新进"),
        ChangeKind.LEFT: gettext("离开"),
        ChangeKind.MOVED: gettext("调动"),
    }
    return str(words[kind])


def correction_word(kind: CorrectionKind) -> str:
    """What later entries made of somebody."""
    words = {
        CorrectionKind.ADDED: gettext("补计"),
        CorrectionKind.REMOVED: gettext("更正后不计"),
        CorrectionKind.RAISED: gettext("改为计入分子"),
        CorrectionKind.LOWERED: gettext("改为只计分母"),
    }
    return str(words[kind])


def signed_number(count: int) -> str:
    """“+3”, “−1”, “0”, with the sign of a minus and not of a hyphen."""
    return f"+{number(count)}" if count > 0 else f"−{number(-count)}" if count else "0"


def counts_words(share: Share) -> str:
    """“39 / 125 人”; nobody counted is said in words."""
    if share.measure is Measure.DENSITY:
        return _density_words(share)
    if not share.denominator:
        return str(gettext("没有计入的从业人员"))
    if share.measure is Measure.PERSONS:
        return str(gettext("在岗人员，按人数计"))
    return str(
        gettext("%(part)s / %(whole)s 人", part=number(share.numerator), whole=number(share.denominator))
    )


def _density_words(share: Share) -> str:
    """Persons and residents; who has no count of residents has no value."""
    places = {"part": number(share.numerator), "whole": number(share.denominator)}
    if not share.denominator:
        return str(gettext("从业人员 %(part)s 人，没有常住人口数", **places))
    return str(gettext("从业人员 %(part)s 人 / 常住人口 %(whole)s 人", **places))


def distance_words(share: Share) -> str:
    """How far from the target, in percentage points."""
    if share.distance is None:
        return ""
    size = points_text(share.distance)
    if share.verdict is Verdict.NOT_MET:
        return str(gettext("距目标还差 %(count)s 个百分点", count=size))
    if not share.distance:
        return str(gettext("正好达到目标"))
    return str(gettext("高于目标 %(count)s 个百分点", count=size))


def gap_words(share: Share) -> str:
    """What it takes to reach the target, in persons."""
    if share.verdict is not Verdict.NOT_MET:
        return ""
    conversions = share.conversions_needed or 0
    if share.hires_needed is None:
        return str(gettext("再有 %(conversions)s 名现有人员具备条件，即可达标", conversions=conversions))
    return str(
        gettext(
            "再有 %(conversions)s 名现有人员具备条件，或新聘 %(hires)s 名具备条件的人员，即可达标",
            conversions=conversions,
            hires=share.hires_needed,
        )
    )


def target_words(share: Share) -> str:
    """The target and whether it is carried on: the next five-year plan names none yet."""
    if share.target is None:
        return str(gettext("没有规定目标"))
    places = {"target": target_text(share), "day": share.target.assessed_on.isoformat()}
    if share.target.is_carried_on:
        return str(gettext("目标 %(target)s（%(day)s已考核；“十五五”目标尚未公布，沿用原目标）", **places))
    return str(gettext("目标 %(target)s（%(day)s考核）", **places))


def formula_words(share: Share) -> str:
    """How the number is worked out, and how it is judged without rounding."""
    if share.measure is Measure.PERSONS:
        return str(gettext("统计当日在岗的人员，同一人只计一次。"))
    if share.measure is Measure.DENSITY:
        return str(gettext("从业人员数 ÷ 常住人口数 × 10000，显示时四舍五入到两位小数。"))
    if share.target is None:
        sentence = gettext("占比 = 分子 ÷ 分母 × 100%%，显示时四舍五入；没有规定目标，不作结论。")
        return str(sentence % {})  # a sentence without places keeps its doubled sign otherwise
    return str(
        gettext(
            "占比 = 分子 ÷ 分母 × 100%%，显示时四舍五入；结论按整数判定，%(q)s × 分子 ≥ %(p)s × 分母为达标。",
            q=share.target.denominator,
            p=share.target.numerator,
        )
    )


def signature_words(assessed: Assessment) -> Markup:
    """Who answers for the number of a day that was, or is to be, frozen."""
    places: dict[str, Any] = {"day": day(assessed.on)}
    if assessed.signed_by is not None:
        places |= {"name": data(assessed.signed_by), "time": moment(assessed.signed_at)}
        sentence = gettext("%(day)s的定格数由%(name)s于%(time)s签认。")
    elif assessed.frozen_at is not None:
        sentence = gettext("%(day)s的定格数尚未签认。")
    else:
        sentence = gettext("%(day)s的数据尚未定格，定格后才能签认。")
    return Markup(escape(sentence)) % places  # noqa: S704  # the sentence and its values are escaped


def frozen_words(assessed: Assessment) -> str:
    """What day it was, and whether its number is frozen."""
    if assessed.frozen_at is None:
        return str(gettext("（考核时点，按现有记录重算，尚未定格）"))
    return str(gettext("（考核时点，已定格）") if assessed.is_of_target else gettext("（已定格）"))


def correction_words(assessed: Assessment) -> str:
    """What the register says now of the day whose number was frozen; nothing where it says the same."""
    if assessed.live is None or not assessed.is_corrected:
        return ""
    if assessed.share.measure is Measure.PERSONS:
        people = {"frozen": number(assessed.share.numerator), "live": number(assessed.live.numerator)}
        return str(
            gettext("定格 %(frozen)s 人，按登记更正后的记录重算为 %(live)s 人；定格数不变。", **people)
        )
    places = {
        "numerator": number(assessed.share.numerator),
        "denominator": number(assessed.share.denominator),
        "now": number(assessed.live.numerator),
        "whole": number(assessed.live.denominator),
        "percent": percent_text(assessed.live),
    }
    sentence = gettext(
        "定格 %(numerator)s/%(denominator)s，按登记更正后的记录重算为 %(now)s/%(whole)s（%(percent)s）；定格数不变。",
        **places,
    )
    return str(sentence)


def difference_words(assessed: Assessment) -> str:
    """The live number less the frozen one of the same day; “一致” where there is none."""
    if assessed.live is None or not assessed.is_corrected:
        return str(gettext("一致"))
    numerator = signed_number(assessed.live.numerator - assessed.share.numerator)
    denominator = signed_number(assessed.live.denominator - assessed.share.denominator)
    if assessed.share.measure is Measure.PERSONS:
        return str(gettext("%(count)s 人", count=numerator))
    if assessed.share.measure is Measure.DENSITY:
        return str(gettext("从业人员 %(part)s，常住人口 %(whole)s", part=numerator, whole=denominator))
    return str(gettext("分子 %(part)s，分母 %(whole)s", part=numerator, whole=denominator))


def say(message: Message) -> Markup:
    """A sentence whose places hold data: escaped, and marked as Chinese in the English page."""
    shown = {place: _shown(value) for place, value in message.values}
    return Markup(escape(gettext(message.msgid))) % shown  # noqa: S704  # the sentence and its values are escaped


def _shown(value: Any) -> Any:
    if isinstance(value, int):
        return value
    return data(value) if isinstance(value, str) else word_within(value)


STANDING_KINDS = {
    Standing.HOLDER: "done",
    Standing.STAFF: "draft",
    Standing.REPEAT: "ended",
    Standing.OUTSIDE: "ended",
}

CHANGE_KINDS = {
    ChangeKind.FIRST: "done",
    ChangeKind.GAINED: "done",
    ChangeKind.LOST: "wrong",
    ChangeKind.JOINED: "active",
    ChangeKind.LEFT: "ended",
    ChangeKind.MOVED: "draft",
}

CORRECTION_KINDS = {
    CorrectionKind.ADDED: "active",
    CorrectionKind.REMOVED: "ended",
    CorrectionKind.RAISED: "done",
    CorrectionKind.LOWERED: "wrong",
}

WORDS: dict[str, Any] = {
    "percent_text": percent_text,
    "target_text": target_text,
    "points_text": points_text,
    "reached_text": reached_text,
    "verdict_word": verdict_word,
    "verdict_kinds": VERDICT_KINDS,
    "standing_word": standing_word,
    "standing_kinds": STANDING_KINDS,
    "change_word": change_word,
    "change_kinds": CHANGE_KINDS,
    "correction_word": correction_word,
    "correction_kinds": CORRECTION_KINDS,
    "signed_number": signed_number,
    "counts_words": counts_words,
    "distance_words": distance_words,
    "gap_words": gap_words,
    "target_words": target_words,
    "formula_words": formula_words,
    "signature_words": signature_words,
    "correction_words": correction_words,
    "frozen_words": frozen_words,
    "difference_words": difference_words,
    "say": say,
    "text": gettext,  # for msgids of definitions: the template's own `_` would take “30%以上” for a place
}
"""What templates of figures are given."""
