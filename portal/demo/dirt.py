"""What every real register has: odd spacing, names that look alike, bodies without a code, sites without a point.

None of them holds a standing as provider, so no figure changes.
"""

from dataclasses import dataclass
from datetime import date

from portal.demo.plan import Plan, PlannedOrganisation, PlannedSite, PlannedStanding
from registry.organisations.models import OrganisationKind, Precision, SiteKind, StandingKind


@dataclass(frozen=True)
class Oddity:
    """One organisation with one site, and what is odd about it."""

    key: str
    name: str
    street: str
    address: str
    shows: str
    kind: OrganisationKind = OrganisationKind.UNIDENTIFIED
    has_uscc: bool = False
    has_point: bool = False
    closed_on: date | None = None
    standing: StandingKind | None = None


ODDITIES: tuple[Oddity, ...] = (
    Oddity("spaced", "普陀 向阳  康复服务站（示例）", "310107015", "长寿路街道 示例路 12 号", "spaces inside the name"),
    Oddity(
        "alike-a", "徐汇心晴社区康复服务中心（示例）", "310104008", "枫林路街道示例路77号",
        "looks like the next one",
    ),
    Oddity(
        "alike-b", "徐汇区心晴社区康复服务中心（示例）", "310104008", "枫林路街道示例路77号",
        "looks like the one before",
    ),
    Oddity(
        "half-width", "闵行友邻康复服务点(示例)", "310112101", "莘庄镇示例路８号",
        "half-width brackets, a full-width digit",
    ),
    Oddity("no-address", "崇明和风服务点（示例）", "310151101", "", "no address"),
    Oddity(
        "closed", "静安旧里康复站（示例）", "310106018", "共和新路街道示例路3号", "closed in 2024",
        OrganisationKind.SOCIAL_SERVICE, has_uscc=True, has_point=True, closed_on=date(2024, 3, 1),
    ),
    Oddity(
        "charity", "申城心灯慈善基金会（示例）", "310101013", "外滩街道示例路100号", "a charity on file",
        OrganisationKind.FOUNDATION, has_uscc=True, has_point=True, standing=StandingKind.CHARITY,
    ),
    Oddity(
        "association", "申城精神康复行业协会（示例）", "310104014", "徐家汇街道示例路200号", "an association on file",
        OrganisationKind.ASSOCIATION, has_uscc=True, has_point=True, standing=StandingKind.ASSOCIATION,
    ),
)  # fmt: skip

OPENED_ON = date(2021, 9, 1)


def dirt() -> Plan:
    """The oddities as a plan without people."""
    return Plan(tuple(_organisation(oddity) for oddity in ODDITIES))


def _organisation(oddity: Oddity) -> PlannedOrganisation:
    site = PlannedSite(
        f"{oddity.key}/0",
        oddity.name,
        oddity.street,
        OPENED_ON,
        closed_on=oddity.closed_on,
        kind=SiteKind.OFFICE if oddity.standing else SiteKind.REHABILITATION,
        address=oddity.address,
        precision=Precision.STREET if oddity.has_point else None,
    )
    return PlannedOrganisation(
        oddity.key,
        oddity.name,
        oddity.street,
        (site,),
        (PlannedStanding(OPENED_ON, kind=oddity.standing),) if oddity.standing else (),
        oddity.kind,
        has_uscc=oddity.has_uscc,
        opened_on=OPENED_ON,
        closed_on=oddity.closed_on,
    )
