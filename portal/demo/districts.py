"""The characters of Shanghai's sixteen districts: invented for the demonstration, they say nothing about the real ones.

Each district has a course through five readings (qualified among staff, pooled, default counting rule). The last
reading is the day the world is built for; the others are fixed days. The readings are those of the register as it
stands now; what was frozen before a later correction is told in `cases.py`. The streets named here stay without a
provider.
"""

from dataclasses import dataclass
from datetime import date

from portal.demo.plan import Count

READINGS = (date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1), date(2025, 12, 31))
"""The fixed days of every course; the day of the world comes after them."""

ASSESSED_ON = READINGS[-1]

Course5 = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class District:
    """One district: what it shows, its course, and how much of it there is."""

    code: str
    name: str
    character: str
    course: Course5
    institutions: int
    """Listed providers without those of the named cases."""
    blank_streets: tuple[str, ...] = ()
    pending: int = 0
    """Staff whose counting diploma is being verified."""
    volunteers: int = 4
    other_business: int = 0
    """Staff of a provider's other business, outside the default counting rule."""
    is_even: bool = False
    """Qualified people spread evenly over the ordinary institutions instead of gathering in some."""

    @property
    def counts(self) -> tuple[Count, ...]:
        """The course as counts."""
        return tuple(Count(qualified, staff) for qualified, staff in self.course)


DISTRICTS: tuple[District, ...] = (
    District(
        "310101", "黄浦区", "27.4% against the target of 30%, rising year by year",
        ((12, 66), (15, 74), (19, 82), (23, 90), (26, 95)), 8, ("老西门街道",),
    ),
    District(
        "310104", "徐汇区", "rising: missed the target at the end of 2025 (28.4%), reaches it now (31.2%)",
        ((17, 90), (21, 98), (27, 108), (33, 116), (39, 125)), 11, ("虹梅路街道", "华泾镇"), other_business=9,
    ),
    District(
        "310105", "长宁区", "stands still at 28 to 29 per cent for four years",
        ((24, 84), (25, 87), (26, 91), (27, 95), (28, 97)), 7, ("程家桥街道",),
    ),
    District(
        "310106", "静安区", "well above the target; its frozen reading of 2025 (42 of 111) differs from the live one",
        ((30, 92), (34, 98), (39, 106), (41, 112), (45, 117)), 9, ("石门二路街道",),
    ),
    District(
        "310107", "普陀区", "a mixed-purpose hospital: met by the default rule, missed when all its staff are counted",
        ((10, 60), (14, 65), (18, 70), (22, 74), (25, 78)), 7, ("万里街道",),
    ),
    District(
        "310109", "虹口区", "exactly 30.0%: 24 of 80; every street has a provider",
        ((13, 64), (16, 69), (19, 74), (22, 78), (24, 80)), 9,
    ),
    District(
        "310110", "杨浦区", "falling: 34% in 2023, still met at the end of 2025, missed now",
        ((28, 82), (29, 86), (31, 95), (31, 102), (24, 92)), 9, ("新江湾城街道",),
    ),
    District(
        "310112", "闵行区", "many diplomas are being verified: 20% now, above the target if all were",
        ((12, 80), (15, 88), (18, 97), (20, 104), (22, 110)), 10, ("新虹街道", "吴泾镇"), pending=17,
    ),
    District(
        "310113", "宝山区", "ten institutions of eleven reach the target, the large one drags the pooled share down",
        ((14, 82), (17, 88), (21, 96), (25, 103), (27, 108)), 10, ("罗泾镇", "庙行镇"), is_even=True,
    ),
    District(
        "310114", "嘉定区", "one strong institution lifts the pooled share, the other nine miss the target",
        ((15, 70), (19, 78), (24, 86), (28, 92), (30, 95)), 9, ("华亭镇",), is_even=True,
    ),
    District(
        "310115", "浦东新区", "80 of 267 is 29.96%: rounds to 30.0%, yet is one person short of the target",
        ((37, 190), (47, 210), (59, 232), (71, 252), (80, 267)), 27,
        ("合庆镇", "高东镇", "泥城镇", "书院镇", "万祥镇", "老港镇"), volunteers=10, other_business=12,
    ),
    District(
        "310116", "金山区", "a suburban district with few staff",
        ((3, 22), (4, 25), (6, 29), (8, 32), (9, 34)), 6, ("吕巷镇", "廊下镇", "漕泾镇"),
    ),
    District(
        "310117", "松江区", "grew fastest: 15% in 2023, 29.5% now",
        ((10, 66), (15, 78), (22, 92), (29, 104), (33, 112)), 11, ("石湖荡镇", "新浜镇", "泖港镇"),
    ),
    District(
        "310118", "青浦区", "has a provider with nobody on its staff",
        ((7, 44), (9, 50), (12, 56), (15, 61), (17, 64)), 7, ("金泽镇", "白鹤镇"),
    ),
    District(
        "310120", "奉贤区", "rests on volunteers, who are outside the counting rules",
        ((6, 44), (8, 48), (10, 53), (12, 58), (14, 61)), 7, ("四团镇", "海湾镇"), volunteers=24,
    ),
    District(
        "310151", "崇明区", "blank: eleven of its eighteen towns have no provider",
        ((3, 28), (4, 31), (5, 35), (7, 40), (8, 42)), 5,
        (
            "新河镇", "竖新镇", "向化镇", "三星镇", "港沿镇", "绿华镇",
            "港西镇", "建设镇", "新海镇", "新村乡", "横沙乡",
        ),
    ),
)  # fmt: skip

DISTRICT_OF = {district.code: district for district in DISTRICTS}
