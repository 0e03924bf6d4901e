"""入库信息凭证: one page that says what the register says of a provider, and where that can be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.messages import N_
from registry.organisations.models import Organisation, Site
from registry.provider_entries.models import EntryMark, EntryState
from registry.services.models import ServiceKind
from registry.vocabulary import term
from reports.documents.paper import CheckMark, Column, Paper, Paragraph, Table
from reports.documents.speech import Speech

GROUP = 4
NOT_A_LICENCE = N_("本凭证供查验入库信息，不作为行政许可证件。")
STANDS = {
    EntryState.LISTED: N_("在库"),
    EntryState.LEAVING: N_("在库，已告知拟退出"),
    EntryState.DECIDING: N_("在库，去留待决定"),
    EntryState.LEFT: N_("已退出"),
    EntryState.REPLACED: N_("内容已更新"),
}
"""What a slip says of the state on the day on which it is printed."""
MARKS = {EntryMark.SUSPENDED: N_("已暂停"), EntryMark.LAPSED: N_("有效期已过")}
"""What it says before the state."""


@dataclass(frozen=True)
class Merger:
    """The institution is over: into which one it was merged, and since when."""

    successor: str
    on: date


@dataclass(frozen=True)
class Slip:
    """What is printed."""

    number: str
    organisation: Organisation
    site: Site
    place: str
    state: EntryState
    marks: Sequence[EntryMark]
    merger: Merger | None
    granted_on: date
    ended_on: date | None
    valid_until: date | None
    is_adopted: bool
    """From a list of before: that no term is on record does not say that there is none."""
    kinds: Sequence[ServiceKind]
    phone: str
    check_code: str
    check_url: str
    """Empty where the portal's public address is not set: then no QR is printed."""
    printed_on: date

    @property
    def address(self) -> str:
        """District, street and door; the street once, though addresses often begin with it."""
        shared = (
            start for start in range(len(self.place) - 1) if self.site.address.startswith(self.place[start:])
        )
        return self.place[: next(shared, len(self.place))] + self.site.address


def slip_paper(slip: Slip, say: Speech) -> Paper:
    """One page of A4."""
    return Paper(
        locale=say.locale,
        title_lines=(say(N_("社区康复服务机构入库信息凭证")),),
        draft_mark="",
        example_mark=say(N_("（示例数据，不得用于实际工作）")) if slip.organisation.is_example else "",
        body=(_facts(slip, say), *_notes(slip, say)),
        dated=say.day(slip.printed_on),
        annexes=(),
        stamp_line=(),
        check=CheckMark(
            grouped(slip.check_code),
            slip.check_url,
            say(N_("扫码或在公众查询页输入核验码，可查看机构现在的入库状态。")),
        ),
    )


def grouped(check_code: str) -> str:
    """Groups of four, which people can compare aloud."""
    return " ".join(check_code[start : start + GROUP] for start in range(0, len(check_code), GROUP))


def _facts(slip: Slip, say: Speech) -> Table:
    ended = ((say(N_("退出日期")), say.day(slip.ended_on)),) if slip.ended_on else ()
    return Table(
        caption=say(N_("入库信息")),
        columns=(Column(say(N_("项目")), 28), Column(say(N_("内容")), 72)),
        rows=(
            (say(N_("入库编号")), slip.number),
            (say(N_("机构名称")), slip.organisation.name),
            (say(N_("统一社会信用代码")), slip.organisation.uscc or "--"),
            (say(N_("服务场所")), slip.site.name),
            (say(N_("地址")), slip.address),
            (say(N_("联系电话")), slip.phone or "--"),
            (say(N_("服务类别")), _kinds(slip, say)),
            (say(N_("入库状态")), _standing(slip, say)),
            (say(N_("入库日期")), say.day(slip.granted_on)),
            *ended,
            (say(N_("有效期至")), _term(slip, say)),
        ),
    )


def _term(slip: Slip, say: Speech) -> str:
    if slip.valid_until is not None:
        return say.day(slip.valid_until)
    return say(N_("既有名单未载明")) if slip.is_adopted else say(N_("长期"))


def _notes(slip: Slip, say: Speech) -> tuple[Paragraph, ...]:
    found = [NOT_A_LICENCE, N_("凭证上的内容为打印当日的登记，此后以核验结果为准。")]
    if slip.state is not EntryState.LISTED or slip.marks or slip.merger:
        found.insert(0, N_("机构现在的状态不是正常在库，选择服务前请先向区县民政部门了解。"))
    return tuple(Paragraph(say(sentence), is_note=sentence == found[-1]) for sentence in found)


def _standing(slip: Slip, say: Speech) -> str:
    """A merger tells all; otherwise what stands beside the state comes before it."""
    if slip.merger is not None:
        sentence = N_("已于%(day)s并入“%(name)s”")
        return say(sentence, day=say.day(slip.merger.on), name=slip.merger.successor)
    words = [say(MARKS[mark]) for mark in slip.marks] + [say(STANDS[slip.state])]
    return ("；" if say.is_chinese else "; ").join(words)


def _kinds(slip: Slip, say: Speech) -> str:
    return say.alone(say.listed(say.word(term(kind)) for kind in slip.kinds))
