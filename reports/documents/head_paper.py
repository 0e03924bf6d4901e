"""The head of the trail as one page for the file: printed, signed by hand, kept where no computer reaches."""

from datetime import datetime

from registry.audit.heads import KeptHead
from registry.clock import today
from registry.messages import N_
from reports.documents.paper import CheckMark, Column, Paper, Paragraph, Table
from reports.documents.speech import Speech

STAMP_LINE = (N_("单位（盖章）"), N_("审计管理员"), N_("监交人"), N_("归档日期"))
GROUP = 8


def head_paper(head: KeptHead, say: Speech) -> Paper:
    """One page of A4; the head of a trail that was verified and holds."""
    exported_at = datetime.fromisoformat(head.exported_at)
    return Paper(
        locale=say.locale,
        title_lines=(say(N_("操作留痕链首摘要")),),
        draft_mark="",
        example_mark="",
        body=(
            Paragraph(
                say(
                    N_(
                        "截至%(at)s，操作留痕共%(count)s条。下表摘要由全部留痕逐条相连得出，"
                        "其中任何一条被改动、删除或插入，摘要都会不同。"
                    ),
                    at=say.moment(exported_at),
                    count=head.sequence,
                )
            ),
            _table(head, say),
            Paragraph(
                say(
                    N_(
                        "本页打印后由审计管理员签名，与服务器分开存放，保存不少于三年。"
                        "核对时运行portal audit verify，或用同名的链首摘要文件运行scripts/verify-trail。"
                    )
                ),
                is_note=True,
            ),
        ),
        dated=say.day(today(exported_at)),
        annexes=(),
        stamp_line=tuple(say(label) for label in STAMP_LINE),
        check=CheckMark(grouped(head.entry_hash)[:35], "", say(N_("核验码为摘要的前32位。"))),
    )


def grouped(digest: str) -> str:
    """Groups of eight signs, which people can compare aloud."""
    return " ".join(digest[start : start + GROUP] for start in range(0, len(digest), GROUP))


def _table(head: KeptHead, say: Speech) -> Table:
    entry_at = say.moment(datetime.fromisoformat(head.entry_at)) if head.entry_at else "--"
    return Table(
        caption=say(N_("链首")),
        columns=(Column(say(N_("项目")), 30), Column(say(N_("内容")), 70)),
        rows=(
            (say(N_("最后一条的序号")), str(head.sequence)),
            (say(N_("最后一条的时间")), entry_at),
            (say(N_("摘要（HMAC-SHA256）")), grouped(head.entry_hash)),
            (say(N_("导出前核验")), say(N_("逐条相连，封印完好"))),
        ),
    )
