"""The sentences of an outlook and a plan: the page shows them, the paper prints them, and they cannot differ."""

from collections.abc import Callable, Iterator, Sequence

from registry.messages import N_
from registry.workforce.records import Person
from reports.documents.briefing_text import lack
from reports.documents.speech import Speech
from reports.figures.outlook import Change, Effect, Outlook, Turn
from reports.figures.plans import Step, StepKind, Totals
from reports.figures.shares import Share, Verdict
from reports.figures.wording import NOTHING, percent_text
from reports.prospects.prospect import Prospect

NameOf = Callable[[Person], str]
"""A person as the reader may know him."""

MOST_NAMED = 12
"""People named in one line; the ledger of the institution has all."""

STEPS = {
    StepKind.CHECK: N_("核验%(count)s项学历：%(before)s → %(after)s"),
    StepKind.CONVERT: N_("安排%(count)s名现有人员取得相关专业学历：%(before)s → %(after)s"),
    StepKind.HIRE: N_("聘用%(count)s名相关专业人员：%(before)s → %(after)s"),
}
EFFECTS = {
    (Effect.LEAVES, True): N_("不再计入分子和分母"),
    (Effect.LEAVES, False): N_("不再计入分母"),
    (Effect.JOINS, True): N_("计入分子和分母"),
    (Effect.JOINS, False): N_("计入分母"),
    (Effect.LOSES, False): N_("不再计入分子"),
    (Effect.GAINS, True): N_("计入分子"),
}


def fraction_text(share: Share) -> str:
    """5/17."""
    return f"{share.numerator}/{share.denominator}"


def reading_text(share: Share) -> str:
    """6/18 = 33.3%; “--” with nobody."""
    return f"{fraction_text(share)} = {percent_text(share)}" if share.denominator else NOTHING


def step_text(step: Step, say: Speech) -> str:
    """聘用1名相关专业人员：5/17 → 6/18 = 33.3%."""
    return say(
        STEPS[step.kind], count=step.number, before=fraction_text(step.before), after=reading_text(step.after)
    )


def candidates_text(step: Step, say: Speech, name_of: NameOf) -> str:
    """Who it may be; of more than are needed, that so many are enough. Nothing of a hire."""
    if not step.people:
        return ""
    named = say.listed(name_of(person) for person in step.people[:MOST_NAMED])
    more = len(step.people) - MOST_NAMED
    if more > 0:
        named = say(N_("%(names)s等%(count)s人"), names=named, count=len(step.people))
    if len(step.people) == step.number:
        return say(N_("人选：%(names)s。"), names=named)
    return say(N_("人选：%(names)s，其中%(count)s人即可。"), names=named, count=step.number)


def is_named(step: Step, prospect: Prospect) -> bool:
    """Of a division, people are named whose check is waited for or who help several institutions; the plan of an
    institution names everybody who may be trained."""
    return prospect.is_of_institution or step.kind is StepKind.CHECK or step.is_shared


def where_text(step: Step, say: Speech) -> str:
    """Where one step helps several institutions, or which institution is proposed for it."""
    if step.sender is not None:
        return say(N_("可由%(name)s办理，由其他机构办理效果相同。"), name=step.sender.name)
    if not step.is_shared:
        return ""
    names = say.listed(employer.name for employer in step.employers)
    return say(N_("同一人在%(names)s任职，办理一次，各家都计入。"), names=names)


def totals_text(totals: Totals, say: Speech) -> str:
    """核验1项学历，安排10名现有人员取得相关专业学历; what is not needed is not named."""
    named = (
        (totals.checks, N_("核验%(count)s项学历")),
        (totals.conversions, N_("安排%(count)s名现有人员取得相关专业学历")),
        (totals.hires, N_("聘用%(count)s名相关专业人员")),
    )
    told = [say(sentence, count=count) for count, sentence in named if count]
    return ("，" if say.is_chinese else "; ").join(told)


def outlook_text(outlook: Outlook, say: Speech) -> str:
    """From which day on it is below its target, by what is registered."""
    if outlook.share.verdict is Verdict.NOT_APPLICABLE:
        return say(N_("没有计入的从业人员，不作预判。"))
    if outlook.share.verdict is Verdict.NO_TARGET:
        return say(N_("没有规定目标，不作预判。"))
    if outlook.is_below:
        return say(N_("目前已低于目标。"))
    return say.joined(_fall_texts(outlook, say))


def _fall_texts(outlook: Outlook, say: Speech) -> Iterator[str]:
    """By all that is registered; and by the ends of posts alone where that day comes first."""
    falls, alone = outlook.falls, outlook.ends_alone
    if falls is None:
        yield say(N_("按已登记的变动，看不到低于目标的日期。"))
    else:
        places = {"day": falls.on, "reading": reading_text(falls.share)}
        yield say(N_("按已登记的变动，自%(day)s起低于目标：%(reading)s。"), **places)
    if alone is not None and (falls is None or alone.on < falls.on):
        places = {"day": alone.on, "reading": reading_text(alone.share)}
        yield say(N_("只看任职结束，自%(day)s起低于目标：%(reading)s。"), **places)


def then_text(turn: Turn | None, say: Speech) -> str:
    """What it will take on that day."""
    return "" if turn is None else say(N_("届时%(lack)s。"), lack=lack(turn.share, say))


def causes_text(turn: Turn | None, say: Speech, name_of: NameOf) -> str:
    """Whose change it is."""
    if turn is None or not turn.causes:
        return ""
    return say(
        N_("当日变动：%(changes)s。"),
        changes=say.listed(change_text(one, say, name_of) for one in turn.causes),
    )


def change_text(change: Change, say: Speech, name_of: NameOf) -> str:
    """高秀英（任职结束）."""
    reason = say.message(change.reason)
    return say(
        N_("%(name)s（%(reason)s）"), name=name_of(change.person), reason=reason[:1].lower() + reason[1:]
    )


def effect_text(change: Change, say: Speech, name_of: NameOf) -> str:
    """高秀英（任职结束）：不再计入分子和分母."""
    effect = say(EFFECTS[change.effect, change.is_holder])
    return say(N_("%(change)s：%(effect)s"), change=change_text(change, say, name_of), effect=effect)


def every_institution_text(prospect: Prospect, say: Speech) -> Iterator[str]:
    """The way for all institutions of a division, and what it comes to otherwise."""
    path = prospect.path
    if not path.institutions:
        yield say(N_("没有未达标的机构，不需要安排。"))
        return
    yield say(
        N_("%(count)s家机构未达标，共需：%(totals)s。"),
        count=len(path.institutions),
        totals=totals_text(path.totals, say),
    )
    yield say(
        N_("全部完成后，合计%(before)s → %(after)s。"),
        before=fraction_text(path.pooled),
        after=reading_text(path.pooled_after),
    )
    yield from _otherwise(path.totals, path.unchecked, say)
    if prospect.hires_alone:
        yield say(N_("只靠新聘时，共需聘用%(count)s名相关专业人员。"), count=prospect.hires_alone)
    if not path.is_proven:
        yield say(N_("机构之间共用人员较多，此方案可行，但未能证明所需人数最少。"))


def pooled_text(prospect: Prospect, say: Speech) -> Iterator[str]:
    """The way for the division as a whole."""
    pooled = prospect.pooled
    if pooled.share.verdict is not Verdict.NOT_MET:
        yield say(POOLED[pooled.share.verdict])
        return
    yield say(N_("共需：%(totals)s。"), totals=totals_text(pooled.totals, say))
    yield from _otherwise(pooled.totals, pooled.unchecked, say)


POOLED = {
    Verdict.MET: N_("合计已达到目标，不需要安排。"),
    Verdict.NOT_APPLICABLE: N_("没有计入的从业人员，不需要安排。"),
    Verdict.NO_TARGET: N_("没有规定目标，不作安排。"),
}


def institution_text(prospect: Prospect, say: Speech) -> Iterator[str]:
    """The way of one institution, before its steps."""
    if prospect.share.verdict is not Verdict.NOT_MET:
        yield say(OF_ONE[prospect.share.verdict])
        return
    yield say(N_("共需：%(totals)s。"), totals=totals_text(prospect.path.totals, say))
    yield from _otherwise(prospect.path.totals, prospect.path.unchecked, say)
    hires = prospect.share.hires_needed
    if hires:
        after = Share(
            prospect.share.numerator + hires, prospect.share.denominator + hires, prospect.share.target
        )
        sentence = N_("只靠新聘时，需聘用%(count)s名相关专业人员：%(before)s → %(after)s。")
        before = fraction_text(prospect.share)
        yield say(sentence, count=hires, before=before, after=reading_text(after))


OF_ONE = {
    Verdict.MET: N_("已达到目标，不需要安排。"),
    Verdict.NOT_APPLICABLE: N_("没有计入的从业人员，不需要安排。"),
    Verdict.NO_TARGET: N_("没有规定目标，不作安排。"),
}


def assumptions(prospect: Prospect, say: Speech) -> Sequence[str]:
    """What the numbers rest on."""
    weights = prospect.weights
    said = [
        say(
            N_(
                "预判只看已登记的起止日期（任职、机构入库、服务场所、专业目录），不假设续聘、新聘或离职；以后登记的变动会改变结果。"
            )
        ),
        say(N_("学历核验中的，核验通过即计入，不算成本；核验未通过的，按“核验都未通过”的人数安排。")),
        say(N_("取得学历的人员仍在原机构任职；一人在几家机构任职的，取得一次，各家都计入，合计只计一次。")),
        say(N_("聘用的人员具有已核验的相关专业学历，在一家机构任职，分子和分母各加1人。")),
        say(
            N_(
                "新聘1名计%(hire)s份，1名现有人员取得学历计%(conversion)s份，总份数最少的为最省方案；份数相同的，"
                "先核验，再安排现有人员，最后新聘，并优先安排只在未达标机构任职的人员。"
            ),
            hire=weights.hire,
            conversion=weights.conversion,
        ),
    ]
    if not prospect.is_of_institution:
        said.append(say(N_("机构在本区划外另有场所的，只计其在本区划内的人员。")))
    return said


def _otherwise(totals: Totals, unchecked: Totals, say: Speech) -> Iterator[str]:
    if totals.checks:
        yield say(N_("核验都未通过时，共需：%(totals)s。"), totals=totals_text(unchecked, say))
