"""The figures: what is counted, among whom, by which rule, and on what authority."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.errors import InvalidInput, UnknownFigure
from registry.messages import N_, message
from registry.workforce.counting import (
    QUALIFYING_DIPLOMA,
    SOCIAL_WORKER_CERTIFICATE,
    SOCIAL_WORKER_REGISTRATION,
    StaffRule,
)
from registry.workforce.holdings import (
    ALL_OF_THEM,
    EVERYBODY,
    REHABILITATION_TRAINING,
    SOCIAL_WORKER_PAPER,
    Among,
    Held,
)
from reports.figures.shares import Measure


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
    holding: Held
    rules: tuple[CountingRule, ...]
    ending: str = N_("证书或专业目录有效期届满")
    """Why somebody ceases to hold it while he stays."""
    measure: Measure = Measure.SHARE
    among: Among = ALL_OF_THEM
    """Of the staff by a rule, those who make the denominator."""
    among_note: str = ""
    """The same in words, after those of the rule; empty where all of them do."""

    @property
    def value_title(self) -> str:
        """What the value is called, as a msgid."""
        return VALUE_TITLES[self.measure]

    @property
    def is_share(self) -> bool:
        """Told in percent: it can be mapped, briefed on and held to a target."""
        return self.measure is Measure.SHARE

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


VALUE_TITLES = {
    Measure.SHARE: N_("占比"),
    Measure.PERSONS: N_("人数"),
    Measure.DENSITY: N_("每万人口人数"),
}

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
        "持有社会工作者职业水平证书（助理社会工作师、社会工作师、高级社会工作师），当日在登记有效期内或尚未首次登记；"
        "登记到期未再登记的，不计。"
    ),
    denominator=N_("从业人员"),
    lacking=N_("无有效社工证书"),
    clause=N_("参考指标，与学历占比并列显示，人员范围相同；没有规定目标。"),
    holding=SOCIAL_WORKER_CERTIFICATE,
    rules=STAFF_RULES,
)

TRAINED_SHARE = FigureDefinition(
    code="trained-share",
    title=N_("培训达标率"),
    unit="%",
    numerator=N_("培训学时达到规定的人员"),
    numerator_note=N_(
        "自当年1月1日起至统计当日，参加精神障碍康复培训的学时累计达到“政策参数”规定的年度学时；"
        "培训按结束日期计入当年，年度内尚未达到的不计。年中新到岗人员是否按月折算，由“政策参数”规定。"
    ),
    denominator=N_("直接服务人员"),
    lacking=N_("培训学时未达到"),
    clause=N_(
        "《民政部等四部门关于开展“精康融合行动”的通知》（民发〔2022〕104号）：直接服务人员每年接受精神康复培训"
        "不少于20学时（据新华社2023-01-04报道，正文未逐条核对）；没有规定目标。"
    ),
    holding=REHABILITATION_TRAINING,
    rules=STAFF_RULES,
    ending=N_("年度结束，学时重新累计"),
    among=Among(is_direct=True),
    among_note=N_("其中只统计任直接服务岗位的人员。"),
)

REGISTERED_SHARE = FigureDefinition(
    code="registered-share",
    title=N_("证照有效率"),
    unit="%",
    numerator=N_("社工证书登记有效的人员"),
    numerator_note=N_(
        "社会工作者职业水平证书已登记，当日在登记有效期内；从未登记或登记到期未再登记的，不计。"
    ),
    denominator=N_("持有社工证书的人员"),
    lacking=N_("社工证书未登记或登记已到期"),
    clause=N_(
        "参考指标。登记依据《社会工作者职业水平证书登记办法》（民发〔2009〕44号），每三年再登记一次"
        "（转引，正文未逐条核对）；没有规定目标。"
    ),
    holding=SOCIAL_WORKER_REGISTRATION,
    rules=STAFF_RULES,
    ending=N_("证书登记到期"),
    among=Among(holding=SOCIAL_WORKER_PAPER),
    among_note=N_("其中只统计当日已取得社会工作者职业水平证书的人员，不论登记是否有效。"),
)

STAFF = FigureDefinition(
    code="staff",
    title=N_("从业人员数（按岗位）"),
    unit=N_("人"),
    numerator=N_("从业人员"),
    numerator_note=N_("统计当日在岗的人员，按人数计；按岗位分列时，同一人任两个岗位的各计一次。"),
    denominator=N_("从业人员"),
    lacking=N_("不在岗"),
    clause=N_("参考指标，反映从业人员的数量和岗位构成；没有规定目标。"),
    holding=EVERYBODY,
    rules=STAFF_RULES,
    measure=Measure.PERSONS,
)

STAFF_PER_RESIDENTS = FigureDefinition(
    code="staff-per-10000",
    title=N_("每万常住人口从业人员数"),
    unit=N_("人/万人"),
    numerator=N_("从业人员"),
    numerator_note=N_("统计当日在岗的人员，按人数计。"),
    denominator=N_("常住人口"),
    lacking=N_("不在岗"),
    clause=N_(
        "参考指标，反映从业人员相对于常住人口的多少；没有规定目标。常住人口取不晚于统计年度的最近一次人口普查，"
        "没有人口数的区划和单家机构不计算。"
    ),
    holding=EVERYBODY,
    rules=STAFF_RULES,
    measure=Measure.DENSITY,
)

FIGURES: Mapping[str, FigureDefinition] = {
    definition.code: definition
    for definition in (
        QUALIFIED_SHARE,
        CERTIFIED_SHARE,
        TRAINED_SHARE,
        REGISTERED_SHARE,
        STAFF,
        STAFF_PER_RESIDENTS,
    )
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
