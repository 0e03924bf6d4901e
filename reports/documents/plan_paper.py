"""达标方案 as a paper: where things stand, what is known to come, the steps with who they may be, what it rests on."""

from collections.abc import Iterable, Iterator, Sequence

from registry.access.masks import masked_name
from registry.clock import today
from registry.documents.codes import grouped
from registry.messages import N_
from registry.workforce.records import Person
from reports.documents.briefing_paper import STAMP_LINE
from reports.documents.briefing_text import lack, verdict
from reports.documents.ledger_tables import people_note, people_tables
from reports.documents.paper import (
    Block,
    CheckMark,
    Column,
    Heading,
    NewPage,
    Paper,
    Paragraph,
    Table,
)
from reports.documents.speech import Speech
from reports.documents.words import verdict_word
from reports.figures.ledger import LedgerRow
from reports.figures.outlook import Turn
from reports.figures.plans import Step
from reports.figures.shares import Verdict
from reports.figures.wording import percent_text
from reports.prospects.lines import (
    assumptions,
    candidates_text,
    causes_text,
    effect_text,
    every_institution_text,
    fraction_text,
    institution_text,
    is_named,
    outlook_text,
    pooled_text,
    reading_text,
    step_text,
    then_text,
    where_text,
)
from reports.prospects.prospect import Prospect, Row


def plan_paper(
    prospect: Prospect,
    *,
    code: str,
    check_url: str,
    say: Speech,
    people: Sequence[LedgerRow] = (),
    taken: str = "",
) -> Paper:
    """The whole paper; names are cut, as in every list that leaves the house.

    `people` are the ledger at its end, `taken` says who takes them along and what for.
    """
    example = N_("示例数据，仅供演示，不得作为工作依据")
    return Paper(
        locale=say.locale,
        title_lines=(prospect.name, say(N_("专业人员占比达标方案"))),
        draft_mark=say(N_("（代拟稿）")),
        example_mark=say(example) if prospect.has_examples else "",
        body=tuple(_body(prospect, say)),
        dated=say.day(today(prospect.computed_at)),
        annexes=(*_annexes(prospect, say), *_ledger(prospect, people, taken, say)),
        stamp_line=tuple(say(label) for label in STAMP_LINE),
        check=CheckMark(grouped(code), check_url, _check_sentence(prospect, say)),
    )


def printed_person(person: Person) -> str:
    """高*英（310106-0042）: the number leads to the person."""
    return f"{masked_name(person.name)}（{person.person_no}）"


def _body(prospect: Prospect, say: Speech) -> Iterator[Block]:
    yield Heading(say(N_("一、现状")))
    yield Paragraph(_present(prospect, say))
    yield Heading(say(N_("二、预判")))
    falls = prospect.outlook.falls
    told = (causes_text(falls, say, printed_person), then_text(falls, say))
    yield _paragraph((outlook_text(prospect.outlook, say), *told), say)
    if prospect.is_of_institution:
        yield Heading(say(N_("三、最省方案")))
        yield _paragraph(institution_text(prospect, say), say)
        yield from _numbered(prospect.steps, prospect, say)
        return
    yield Heading(say(N_("三、方案一：各机构都达标")))
    yield _paragraph(every_institution_text(prospect, say), say)
    yield Heading(say(N_("四、方案二：合计达标")))
    yield _paragraph(pooled_text(prospect, say), say)
    yield from _numbered(prospect.pooled.steps, prospect, say)


def _paragraph(sentences: Iterable[str], say: Speech) -> Paragraph:
    """In Chinese without spaces around signs: justified lines would stretch them."""
    text = say.joined(sentences)
    return Paragraph(text.replace(" → ", "→").replace(" = ", "=") if say.is_chinese else text)


def _present(prospect: Prospect, say: Speech) -> str:
    share = prospect.share
    if not share.denominator:
        sentence = N_("截至%(day)s，按“%(rule)s”口径，没有计入的从业人员，占比不适用。")
        return say(sentence, day=prospect.on, rule=say(prospect.reading.rule.title))
    stands = say(
        N_(
            "截至%(day)s，按“%(rule)s”口径计入从业人员%(whole)s人，其中%(what)s%(part)s人，占%(percent)s，%(verdict)s。"
        ),
        day=prospect.on,
        rule=say(prospect.reading.rule.title),
        whole=share.denominator,
        what=say(prospect.reading.figure.numerator),
        part=share.numerator,
        percent=percent_text(share),
        verdict=verdict(share, say),
    )
    if share.verdict is not Verdict.NOT_MET:
        return stands
    return say.joined((stands, say(N_("%(lack)s，即可达标。"), lack=lack(share, say))))


def _numbered(steps: Sequence[Step], prospect: Prospect, say: Speech) -> Iterator[Block]:
    for number, step in enumerate(steps, start=1):
        told = say(N_("%(number)s. %(step)s。"), number=number, step=step_text(step, say))
        who = candidates_text(step, say, printed_person) if is_named(step, prospect) else ""
        yield _paragraph((told, who, where_text(step, say)), say)


def _annexes(prospect: Prospect, say: Speech) -> Iterator[Block]:
    if prospect.rows:
        yield NewPage()
        yield _institutions(prospect, say)
    turns = prospect.outlook.listed
    if turns:
        yield _turns(turns, prospect, say)
    yield Heading(say(N_("测算说明")))
    for sentence in assumptions(prospect, say):
        yield Paragraph(sentence, is_note=True)
    yield Paragraph(say(N_("口径：%(note)s"), note=say(prospect.reading.rule.explanation)), is_note=True)
    yield Paragraph(say(prospect.reading.figure.clause), is_note=True)
    yield Paragraph(say(N_("计算时间：%(time)s。"), time=say.moment(prospect.computed_at)), is_note=True)


def _ledger(prospect: Prospect, people: Sequence[LedgerRow], taken: str, say: Speech) -> Iterator[Block]:
    """Behind the notes: it may be longer than all before."""
    if not people:
        return
    places = {"place": prospect.name, "day": prospect.on}
    yield NewPage()
    yield Heading(say(N_("附表　%(place)s逐人台账（截至%(day)s）"), **places))
    yield people_note(say, taken)
    yield from people_tables(people, say)


def _institutions(prospect: Prospect, say: Speech) -> Table:
    caption = say(
        N_("附表　%(place)s未达标和将低于目标的机构（截至%(day)s）"), place=prospect.name, day=prospect.on
    )
    columns = (
        Column(say(N_("机构")), 27),
        Column(say(N_("占比")), 17),
        Column(say(N_("结论")), 10),
        Column(say(N_("低于目标的日期")), 14),
        Column(say(N_("步骤")), 32),
    )
    return Table(caption, columns, [_institution(row, prospect, say) for row in prospect.rows])


def _institution(row: Row, prospect: Prospect, say: Speech) -> tuple[str, ...]:
    share, falls = row.part.share, row.outlook.falls
    steps = [_of_institution(step, prospect, say) for step in row.steps]
    return (
        row.part.name,
        f"{fraction_text(share)} = {percent_text(share)}",
        verdict_word(share, say),
        falls.on.isoformat() if falls else say(N_("现在")),
        say.joined(steps) or then_text(falls, say),
    )


def _of_institution(step: Step, prospect: Prospect, say: Speech) -> str:
    """A step in a cell."""
    who = candidates_text(step, say, printed_person) if is_named(step, prospect) else ""
    return say.joined((say(N_("%(step)s。"), step=step_text(step, say)), who, where_text(step, say)))


def _turns(turns: Sequence[Turn], prospect: Prospect, say: Speech) -> Table:
    caption = say(
        N_("附表　%(place)s已登记的变动（至%(day)s）"), place=prospect.name, day=prospect.outlook.until
    )
    columns = (
        Column(say(N_("日期")), 15),
        Column(say(N_("变动")), 57),
        Column(say(N_("此后占比")), 18),
        Column(say(N_("结论")), 10),
    )
    return Table(caption, columns, [_turn(turn, say) for turn in turns])


def _turn(turn: Turn, say: Speech) -> tuple[str, ...]:
    changes = [effect_text(one, say, printed_person) for one in turn.changes]
    return (
        turn.on.isoformat(),
        ("；" if say.is_chinese else "; ").join(changes) or say(N_("目标调整")),
        reading_text(turn.share),
        verdict_word(turn.share, say),
    )


def _check_sentence(prospect: Prospect, say: Speech) -> str:
    sentence = N_("在系统“核验”页输入核验码，可核对本件的占比及其人数。数据读取时间：%(time)s。")
    return say(sentence, time=say.moment(prospect.computed_at))
