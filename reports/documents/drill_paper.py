"""恢复演练报告: a backup was restored, beside the register and not in its place, and what came of it; for the file."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from registry.clock import today
from registry.messages import N_
from reports.documents.head_paper import grouped
from reports.documents.paper import CheckMark, Column, Paper, Paragraph, Table
from reports.documents.speech import Speech

STAMP_LINE = (N_("单位（盖章）"), N_("系统管理员"), N_("监督人"), N_("归档日期"))


class CheckKind(StrEnum):
    """What a restored register is asked."""

    STRUCTURE = "structure"
    COUNTS = "counts"
    FILES = "files"
    TRAIL = "trail"
    SEALS = "seals"
    DOOR = "door"
    WRONG_KEY = "wrong_key"
    EDITED = "edited"
    CUT = "cut"


class StepKind(StrEnum):
    """What takes time."""

    BACKUP = "backup"
    UNSEAL = "unseal"
    RESTORE = "restore"
    VERIFY = "verify"


@dataclass(frozen=True)
class Check:
    """One question: `fault` is empty where all is well; `detail` is what was found."""

    kind: CheckKind
    fault: str
    detail: str


@dataclass(frozen=True)
class Step:
    """How long something took, in seconds."""

    kind: StepKind
    seconds: float


@dataclass(frozen=True)
class Drill:
    """One rehearsal. Times are ISO 8601 in UTC; the goals are those in force on its day, in minutes."""

    at: str
    backup: str
    engine: str
    migration: str
    head: str
    rows: int
    files: int
    size: int
    """Bytes of the sealed backup."""
    steps: Sequence[Step]
    checks: Sequence[Check]
    age_before: float | None
    """Minutes since the backup before; what would have been lost just before the drill. None where there was none."""
    lost_goal: int
    restored_goal: int

    @property
    def restored_in(self) -> float:
        """Minutes from the sealed backup to a verified register: what the goal of recovery is held against."""
        return sum(step.seconds for step in self.steps if step.kind is not StepKind.BACKUP) / 60

    @property
    def is_in_time(self) -> bool:
        """Both goals are reached."""
        is_young = self.age_before is not None and self.age_before <= self.lost_goal
        return is_young and self.restored_in <= self.restored_goal

    @property
    def holds(self) -> bool:
        """Every check passed."""
        return not any(check.fault for check in self.checks)


LABELS: dict[StrEnum, str] = {
    CheckKind.STRUCTURE: N_("数据库结构完整，版本一致"),
    CheckKind.COUNTS: N_("各表行数与备份清单一致"),
    CheckKind.FILES: N_("文件逐个核对摘要一致"),
    CheckKind.TRAIL: N_("操作留痕逐条相连，封印完好"),
    CheckKind.SEALS: N_("加密字段均可用现有密钥打开"),
    CheckKind.DOOR: N_("账号可以登录，验证器可用"),
    CheckKind.WRONG_KEY: N_("用错误的密钥恢复被拒绝"),
    CheckKind.EDITED: N_("被改动的备份被拒绝"),
    CheckKind.CUT: N_("被截断的备份被拒绝"),
    StepKind.BACKUP: N_("备份（系统照常运行）"),
    StepKind.UNSEAL: N_("核对并解封备份"),
    StepKind.RESTORE: N_("恢复到演练环境"),
    StepKind.VERIFY: N_("核验恢复结果"),
}


def drill_facts(drill: Drill) -> dict[str, Any]:
    """The same for programs: what the JSON file holds."""
    worked_out = {
        "restored_in": round(drill.restored_in, 3),
        "is_in_time": drill.is_in_time,
        "holds": drill.holds,
    }
    return asdict(drill) | worked_out


def drill_paper(drill: Drill, say: Speech) -> Paper:
    """Two pages of A4, to be printed on one sheet."""
    return Paper(
        locale=say.locale,
        title_lines=(say(N_("备份恢复演练报告")),),
        draft_mark="",
        example_mark="",
        body=(
            Paragraph(_summary(drill, say)),
            _about(drill, say),
            _times(drill, say),
            _checks(drill, say),
            Paragraph(
                say(N_("演练环境用后即清除，正在使用的数据没有改动。本页打印后签名归档。")), is_note=True
            ),
        ),
        dated=say.day(today(datetime.fromisoformat(drill.at))),
        annexes=(),
        stamp_line=tuple(say(label) for label in STAMP_LINE),
        check=CheckMark(grouped(drill.head)[:35], "", say(N_("核验码为备份时留痕链首摘要的前32位。"))),
    )


def _summary(drill: Drill, say: Speech) -> str:
    at = say.moment(datetime.fromisoformat(drill.at))
    if drill.holds and drill.is_in_time:
        return say(
            N_("%(at)s进行恢复演练：备份可以完整恢复，各项核验通过，数据丢失和恢复用时均在目标以内。"), at=at
        )
    if drill.holds:
        return say(
            N_(
                "%(at)s进行恢复演练：备份可以完整恢复，各项核验通过，但时间目标没有全部达到，见“用时与目标”表。"
            ),
            at=at,
        )
    return say(N_("%(at)s进行恢复演练：核验没有全部通过，见“核验”表。请立即处理后重新演练。"), at=at)


def _about(drill: Drill, say: Speech) -> Table:
    return Table(
        caption=say(N_("备份")),
        columns=(Column(say(N_("项目")), 30), Column(say(N_("内容")), 70)),
        rows=(
            (say(N_("备份名称")), drill.backup),
            (say(N_("数据库")), f"{drill.engine}  {drill.migration}"),
            (say(N_("数据行数")), f"{drill.rows:,}"),
            (say(N_("文件数")), f"{drill.files:,}"),
            (say(N_("加密后大小")), f"{drill.size / 1_000_000:,.1f} MB"),
        ),
    )


def _times(drill: Drill, say: Speech) -> Table:
    age = say(N_("此前没有备份")) if drill.age_before is None else _minutes(drill.age_before, say)
    steps = tuple((say(LABELS[step.kind]), _seconds(step.seconds, say), "--") for step in drill.steps)
    goals = (
        (say(N_("数据丢失（距上一次备份）")), age, _minutes(drill.lost_goal, say)),
        (
            say(N_("恢复用时（不含备份）")),
            _minutes(drill.restored_in, say),
            _minutes(drill.restored_goal, say),
        ),
    )
    return Table(
        caption=say(N_("用时与目标")),
        columns=(Column(say(N_("项目")), 46), Column(say(N_("实际")), 27), Column(say(N_("目标")), 27)),
        rows=(*steps, *goals),
    )


def _checks(drill: Drill, say: Speech) -> Table:
    passed = say(N_("通过"))
    return Table(
        caption=say(N_("核验")),
        columns=(Column(say(N_("项目")), 50), Column(say(N_("结果")), 50)),
        rows=tuple((say(LABELS[check.kind]), check.fault or passed) for check in drill.checks),
    )


def _minutes(minutes: float, say: Speech) -> str:
    if minutes < 1:
        return _seconds(minutes * 60, say)
    return say(N_("%(count)s分钟"), count=f"{minutes:.1f}".removesuffix(".0"))


def _seconds(seconds: float, say: Speech) -> str:
    return say(N_("%(count)s秒"), count=f"{seconds:.1f}")
