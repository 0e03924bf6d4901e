"""The named cases: institutions and people that figures must show, each with the values it was designed to have.

Values are of the default counting rule on the day of the world unless said otherwise. Tests read this table and check
it with plain SQL; `docs/demonstration.md` tells the same to people.
"""

from dataclasses import dataclass
from datetime import date

from portal.demo.plan import Count

LEFT_ON = date(2026, 4, 1)
"""The first day without a standing of the institution that left the library."""

CORRECTED_ON = date(2026, 3, 9)
"""The day of the correction that came after the reading of 2025 was frozen."""


@dataclass(frozen=True)
class InstitutionCase:
    """A provider by its name, with its count and, where another rule or day tells the story, that count too."""

    key: str
    name: str
    shows: str
    count: Count
    all_staff: Count | None = None
    on: date | None = None
    """Another day than that of the world."""


@dataclass(frozen=True)
class PersonCase:
    """A practitioner by name; `counts` says whether the numerator holds him on the day of the world."""

    key: str
    name: str
    institution: str
    """The key of an institution where he holds a post."""
    shows: str
    counts: bool = False


INSTITUTION_CASES: tuple[InstitutionCase, ...] = (
    InstitutionCase("just-under", "浦东惠明精神康复服务社（示例）", "29.9%: just under the target", Count(29, 97)),
    InstitutionCase("exactly", "虹口同行社区康复服务中心（示例）", "exactly 30.0%: met", Count(3, 10)),
    InstitutionCase("zero-staff", "青浦新芽社区康复服务中心（示例）", "nobody: not applicable", Count(0, 0)),
    InstitutionCase("volunteers-only", "奉贤守望志愿康复服务站（示例）", "nine volunteers, no staff", Count(0, 0)),
    InstitutionCase("one-short", "黄浦暖阳社区康复服务中心（示例）", "one person short", Count(5, 17)),
    InstitutionCase("shared-a", "静安知音心理健康服务中心（示例）", "shares a worker with Xuhui", Count(3, 8)),
    InstitutionCase("shared-b", "徐汇知行社区康复服务中心（示例）", "shares one worker with each", Count(3, 8)),
    InstitutionCase("shared-c", "徐汇晴空日间照料康复中心（示例）", "shares a worker within Xuhui", Count(4, 9)),
    InstitutionCase("being-verified", "闵行启航辅助就业工场（示例）", "met once a diploma is verified", Count(2, 9)),
    InstitutionCase("degree-only", "松江拾光社区康复服务中心（示例）", "a degree without a diploma", Count(2, 8)),
    InstitutionCase("ends-next-month", "静安春晖社区康复服务中心（示例）", "falls to 3 of 12 next month", Count(4, 13)),
    InstitutionCase(
        "mixed", "普陀和风康复医院（示例）", "met by the default rule, missed by all staff",
        Count(11, 34), Count(21, 130),
    ),
    InstitutionCase(
        "mixed-reverse", "长宁安宁精神专科医院（示例）", "missed by the default rule, met by all staff",
        Count(2, 12), Count(14, 40),
    ),
    InstitutionCase("left", "杨浦扬帆社区康复服务中心（示例）", "left the library on 2026-04-01", Count(0, 0)),
    InstitutionCase(
        "left", "杨浦扬帆社区康复服务中心（示例）", "the day before it left", Count(6, 14), on=date(2026, 3, 31)
    ),
    InstitutionCase("two-districts", "长宁携手精神康复服务社（示例）", "two districts: 2/6 and 1/5", Count(3, 11)),
    InstitutionCase("strong", "嘉定常青精神康复服务社（示例）", "lifts its district", Count(16, 24)),
    InstitutionCase("drag", "宝山安心康复医院（示例）", "drags its district down", Count(2, 50)),
    InstitutionCase(
        "long-name",
        "上海市浦东新区精神障碍社区康复与社会工作综合服务及家庭照护者支持促进中心（浦兴路社区分中心）（示例）",
        "a name that must not break a page", Count(2, 7),
    ),
    InstitutionCase("corrected", "静安彩虹社区康复服务中心（示例）", "today, after the correction", Count(5, 15)),
    InstitutionCase(
        "corrected", "静安彩虹社区康复服务中心（示例）", "the live reading of 2025; frozen as 5 of 14",
        Count(4, 15), on=date(2025, 12, 31),
    ),
)  # fmt: skip

FROZEN_JINGAN = Count(42, 111)
"""静安区 at the end of 2025 as it was frozen: the correction of 2026-03-09 left 41 of 112."""

FROZEN_CORRECTED = Count(5, 14)

PERSON_CASES: tuple[PersonCase, ...] = (
    PersonCase(
        "shared-city", "马睿", "shared-a", "in two districts: once in each, once in the city", counts=True
    ),
    PersonCase(
        "shared-district",
        "蒋文静",
        "shared-b",
        "in two institutions of one district: once in it",
    ),
    PersonCase("being-verified", "周慧敏", "being-verified", "a diploma that is being verified"),
    PersonCase("degree-only", "钟立群", "degree-only", "a degree in psychology, no diploma"),
    PersonCase("ends-next-month", "高秀英", "ends-next-month", "the post ends next month", counts=True),
    PersonCase("rare-zhe", "吉喆", "shared-c", "a rare character", counts=True),
    PersonCase("rare-kun", "陶堃", "shared-c", "a rare character"),
    PersonCase("middle-dot", "阿依古丽·买买提", "strong", "a name with a middle dot", counts=True),
    PersonCase(
        "namesake-a", "王芳", "one-short", "born 1985, a namesake in the same institution", counts=True
    ),
    PersonCase("namesake-b", "王芳", "one-short", "born 1992, a namesake in the same institution"),
    PersonCase(
        "ended-yesterday",
        "许国强",
        "one-short",
        "the registration ended yesterday, as it did for half a year in 2023",
    ),
    PersonCase("rejected", "郑晓东", "corrected", "a diploma that counted until it proved wrong"),
    PersonCase("entered-late", "何佳怡", "corrected", "began in December 2025, entered in March 2026"),
)
