"""The institutions of the named cases: where they stand, since when they are listed, and the course of their staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.careers import EARLIEST_START
from portal.demo.cases import INSTITUTION_CASES, LEFT_ON
from portal.demo.organisations import Street, address_in, plain_street
from portal.demo.plan import Count, PlannedOrganisation, PlannedSite, PlannedStanding
from registry.organisations.models import OrganisationKind, Precision, SiteKind

HOSPITAL, SOCIAL_SERVICE = OrganisationKind.HOSPITAL, OrganisationKind.SOCIAL_SERVICE
SINCE_2021 = date(2021, 6, 1)

Streets = Mapping[str, Sequence[Street]]
"""The streets of each district, by its code."""


@dataclass(frozen=True)
class NamedProvider:
    """One row of the table below; `course` reads like a district's, up to the last reading before it closed."""

    key: str
    places: tuple[tuple[str, str], ...]
    """District code and street, one site each; the first is the seat."""
    course: tuple[tuple[int, int], ...]
    kind: OrganisationKind = SOCIAL_SERVICE
    site_kind: SiteKind = SiteKind.REHABILITATION
    listed_on: date = SINCE_2021
    left_on: date | None = None
    name: str = ""
    """Given where the row is in no table of cases."""

    @property
    def counts(self) -> tuple[Count, ...]:
        """The course as counts."""
        return tuple(Count(qualified, staff) for qualified, staff in self.course)


def _in(district: str, *streets: str) -> tuple[tuple[str, str], ...]:
    return tuple((district, street) for street in streets)


NAMED_PROVIDERS: tuple[NamedProvider, ...] = (
    NamedProvider(
        "just-under",
        _in("310115", "花木街道", "陆家嘴街道", "洋泾街道", "川沙新镇", "周浦镇", "惠南镇", "张江镇", "三林镇"),
        ((10, 62), (15, 72), (20, 82), (26, 92), (29, 97)),
    ),
    NamedProvider("exactly", _in("310109", "四川北路街道"), ((1, 8), (2, 9), (2, 9), (3, 10), (3, 10))),
    NamedProvider("zero-staff", _in("310118", "夏阳街道"), (), listed_on=date(2026, 9, 1)),
    NamedProvider("volunteers-only", _in("310120", "南桥镇"), ()),
    NamedProvider(
        "one-short", _in("310101", "外滩街道", "豫园街道"), ((2, 12), (2, 13), (3, 15), (4, 16), (5, 17))
    ),
    NamedProvider("shared-a", _in("310106", "静安寺街道"), ((2, 6), (2, 6), (3, 7), (3, 8), (3, 8))),
    NamedProvider("shared-b", _in("310104", "枫林路街道"), ((1, 6), (1, 6), (2, 7), (2, 7), (3, 8))),
    NamedProvider(
        "shared-c", _in("310104", "田林街道"), ((2, 7), (2, 7), (3, 8), (3, 8), (4, 9)), site_kind=SiteKind.DAY_CENTRE
    ),
    NamedProvider(
        "being-verified", _in("310112", "莘庄镇"), ((1, 7), (1, 8), (2, 9), (2, 9), (2, 9)), site_kind=SiteKind.WORKSHOP
    ),
    NamedProvider("degree-only", _in("310117", "方松街道"), ((1, 6), (1, 7), (2, 8), (2, 8), (2, 8))),
    NamedProvider("ends-next-month", _in("310106", "曹家渡街道"), ((3, 10), (3, 11), (4, 12), (4, 13), (4, 13))),
    NamedProvider(
        "mixed", _in("310107", "真如镇街道"), ((5, 26), (6, 28), (8, 30), (10, 33), (11, 34)),
        HOSPITAL, SiteKind.HOSPITAL,
    ),
    NamedProvider(
        "mixed-reverse", _in("310105", "北新泾街道"), ((2, 10), (2, 11), (2, 12), (2, 12), (2, 12)),
        HOSPITAL, SiteKind.HOSPITAL,
    ),
    NamedProvider("left", _in("310110", "五角场街道"), ((5, 12), (5, 13), (6, 14), (6, 14), (6, 14)), left_on=LEFT_ON),
    NamedProvider("two-districts", (("310105", "新华路街道"), ("310112", "古美街道")), ()),
    NamedProvider("strong", _in("310114", "南翔镇", "江桥镇"), ((8, 18), (10, 20), (13, 22), (15, 24), (16, 24))),
    NamedProvider(
        "drag", _in("310113", "友谊路街道"), ((0, 40), (0, 42), (1, 44), (1, 47), (2, 50)), HOSPITAL, SiteKind.HOSPITAL
    ),
    NamedProvider("long-name", _in("310115", "浦兴路街道"), ((1, 5), (1, 5), (1, 6), (2, 7), (2, 7))),
    NamedProvider("corrected", _in("310106", "大宁路街道"), ((3, 11), (3, 12), (4, 13), (4, 15), (5, 15))),
    NamedProvider(
        "left-2023", _in("310120", "奉城镇"), ((1, 5),), left_on=date(2023, 10, 1),
        name="奉贤沐光社区康复服务站（示例）",
    ),
    NamedProvider(
        "left-2024", _in("310105", "天山路街道"), ((2, 7), (2, 7)), left_on=date(2024, 7, 1),
        name="长宁畅怀心理服务社（示例）",
    ),
    NamedProvider(
        "left-2025", _in("310113", "顾村镇"), ((1, 6), (1, 6), (1, 6)), left_on=date(2025, 10, 1),
        name="宝山海棠辅助就业工场（示例）",
    ),
)  # fmt: skip

NAMES = {case.key: case.name for case in INSTITUTION_CASES}


def named_organisation(rng: Random, row: NamedProvider, streets: Streets) -> PlannedOrganisation:
    """The row as an organisation; whoever has a course had opened long before it."""
    name = row.name or NAMES[row.key]
    opened_on = min(row.listed_on - timedelta(days=90), EARLIEST_START if row.course else row.listed_on)
    sites = tuple(
        _site(rng, row, name, i, _street(streets, district, street), opened_on)
        for i, (district, street) in enumerate(row.places)
    )
    standing = PlannedStanding(row.listed_on, row.left_on)
    return PlannedOrganisation(
        row.key, name, sites[0].street, sites, (standing,), row.kind, opened_on=opened_on
    )


def _site(
    rng: Random, row: NamedProvider, name: str, number: int, street: Street, opened_on: date
) -> PlannedSite:
    suffix = f"{plain_street(street)}服务点（示例）"
    return PlannedSite(
        site_key(row.key, number),
        name.removesuffix("（示例）") + suffix if len(row.places) > 1 else name,
        street.code,
        opened_on,
        kind=row.site_kind,
        address=address_in(rng, street),
        precision=Precision.EXACT if number == 0 else Precision.STREET,
    )


def _street(streets: Streets, district: str, name: str) -> Street:
    return next(street for street in streets[district] if street.name == name)


def site_key(provider: str, number: int = 0) -> str:
    """How people's posts name a site of the table."""
    return f"{provider}/{number}"
