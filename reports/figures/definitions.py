"""The figures: what is counted, among whom, by which rule, and on what authority."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.errors import InvalidInput, UnknownFigure
from registry.messages import N_, message
from registry.workforce.counting import (
    QUALIFYING_DIPLOMA,
    SOCIAL_WORKER_CERTIFICATE,
    Holding,
    StaffRule,
)


@dataclass(frozen=True)
class CountingRule:
    """口径: who is counted at all. Texts are msgids."""

    code: StaffRule
    title: str
    explanation: str


@dataclass(frozen=True)
class FigureDefinition:
    """One indicator: a share of staff. Texts are msgids; `clause` is where the wording comes from."""

    code: str
    title: str
    unit: str
    numerator: str
    numerator_note: str
    denominator: str
    lacking: str
    """What one who is staff and not in the numerator is called."""
    clause: str
    holding: Holding
    rules: tuple[CountingRule, ...]

    @property
    def default_rule(self) -> CountingRule:
        """The rule that is used unless another one is asked for."""
        return self.rules[0]

    def rule(self, code: str) -> CountingRule:
        """A counting rule by its code, the default one for an empty code; raises InvalidInput."""
        found = next((rule for rule in self.rules if rule.code == (code or self.default_rule.code)), None)
        if found is None:
            known = tuple(rule.code.value for rule in self.rules)
            raise InvalidInput(
                "rule", message(N_("没有口径“%(code)s”，可选：%(known)s。"), code=code, known=known)
            )
        return found


STAFF_RULES = (
    CountingRule(
        StaffRule.ASSIGNED,
        N_("从事本项服务的人员"),
        N_(
            "统计当日，在已入库机构的服务场所任职、从事精神障碍社区康复服务的专职、兼职和派遣人员；"
            "志愿者和实习人员不计，机构中从事其他业务的人员不计。"
            "同一人在一家机构只计一次，区划合计也只计一次，因此各部分之和可以大于合计。"
        ),
    ),
    CountingRule(
        StaffRule.ALL_STAFF,
        N_("机构全部人员"),
        N_(
            "统计当日，在已入库机构的服务场所任职的全部专职、兼职和派遣人员，不论是否从事精神障碍社区康复服务；"
            "志愿者和实习人员不计。"
            "同一人在一家机构只计一次，区划合计也只计一次，因此各部分之和可以大于合计。"
        ),
    ),
)

QUALIFIED_SHARE = FigureDefinition(
    code="qualified-share",
    title=N_("相关专业学历从业人员占比"),
    unit="%",
    numerator=N_("具有相关专业学历的人员"),
    numerator_note=N_(
        "持有精神卫生、社会工作、心理健康三类专业的学历证书，当日已取得并经核验，专业在当日有效的专业目录内。"
        "只有学位证书、学历核验中的，不计。"
    ),
    denominator=N_("从业人员"),
    lacking=N_("无相关专业学历"),
    clause=N_(
        "《关于推进本市精神障碍社区康复服务发展的实施意见》（沪民残福发〔2023〕4号）：到“十四五”末，"
        "精神障碍社区康复服务机构中具有精神卫生、社会工作、心理健康相关专业学历的从业人员应占30%以上。"
    ),
    holding=QUALIFYING_DIPLOMA,
    rules=STAFF_RULES,
)

CERTIFIED_SHARE = FigureDefinition(
    code="certified-share",
    title=N_("社工持证率"),
    unit="%",
    numerator=N_("持有社会工作者职业水平证书的人员"),
    numerator_note=N_(
        "持有社会工作者职业水平证书（助理社会工作师、社会工作师、高级社会工作师），当日在登记有效期内。"
    ),
    denominator=N_("从业人员"),
    lacking=N_("无有效社工证书"),
    clause=N_("参考指标，与学历占比并列显示，人员范围相同；没有规定目标。"),
    holding=SOCIAL_WORKER_CERTIFICATE,
    rules=STAFF_RULES,
)

FIGURES: Mapping[str, FigureDefinition] = {
    definition.code: definition for definition in (QUALIFIED_SHARE, CERTIFIED_SHARE)
}


def figure(code: str) -> FigureDefinition:
    """A figure by its code; raises UnknownFigure."""
    try:
        return FIGURES[code]
    except KeyError:
        known = tuple(FIGURES)
        raise UnknownFigure(
            message(N_("没有指标“%(code)s”，可选：%(known)s。"), code=code, known=known)
        ) from None
