"""Where the accounts of the stage stand, and where the records lie that each of them is asked about.

江苏省 with two cities, three districts and their streets; 浙江省 beside it. An account stands at one place, or in one
organisation there; a relation says where a record lies as seen from him.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.access.models import Extent, Role
from registry.access.roles import ORGANISATION_ROLES

PROVINCE, CITY, DISTRICT, STREET = "32", "3201", "320102", "320102001"
NAMES: Mapping[str, str] = {
    PROVINCE: "江苏省",
    CITY: "南京市",
    DISTRICT: "玄武区",
    STREET: "梅园街道",
    "320102001001": "示例社区",
    "320102003": "新街口街道",
    "320102003001": "邻街社区",
    "320106": "鼓楼区",
    "320106001": "宁海路街道",
    "3202": "无锡市",
    "320205": "锡山区",
    "33": "浙江省",
    "3301": "杭州市",
    "330102": "上城区",
    "330102001": "清波街道",
}
ENDED: Mapping[str, str] = {PROVINCE: "3299", CITY: "320199", DISTRICT: "320102099", STREET: "320102001099"}
"""Below each place where accounts stand, a division that was abolished in 2022."""

HOMES: Mapping[Role, str] = {
    Role.PROVINCE: PROVINCE,
    Role.CITY: CITY,
    Role.DISTRICT: DISTRICT,
    Role.STREET: STREET,
    Role.STATION: STREET,
    Role.PROVIDER: STREET,
    Role.CHARITY: STREET,
    Role.ASSOCIATION: STREET,
    Role.SOCIALWORK: DISTRICT,
    Role.HEALTH: DISTRICT,
    Role.POLICE: DISTRICT,
    Role.FINANCE: DISTRICT,
    Role.HR: DISTRICT,
    Role.DPF: DISTRICT,
    Role.SYSADMIN: PROVINCE,
    Role.SECADMIN: PROVINCE,
    Role.AUDITADMIN: PROVINCE,
}


DEPUTIES: Mapping[str, Extent] = {"district-read": Extent.READ, "district-full": Extent.FULL}
"""Colleagues who stand in for the district (授权代办), one to read and one for everything that can be handed over."""


def role_of(who: str) -> Role | None:
    """The role in which an account acts; None where nobody is signed in any more."""
    role = who.partition("-")[0]
    return Role(role) if role in set(Role) else None


def standing_of(who: str) -> Role:
    """The same; whoever has no role asks about what is the district's."""
    return role_of(who) or Role.DISTRICT


def home_of(who: str) -> str:
    """The place that an account asks about."""
    return HOMES[standing_of(who)]


class Relation(StrEnum):
    """Where a record lies, as seen from an account."""

    OWN = "own"
    """At his place; of his organisation, where he belongs to one."""
    ENDED = "ended"
    """The same, and over: closed, dissolved, left, abolished."""
    DRAFT = "draft"
    """The same, and not yet handed in."""
    NEIGHBOUR = "neighbour"
    """At his place, of another organisation."""
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    COUSIN = "cousin"
    """Below a place beside his."""
    ELSEWHERE = "elsewhere"
    """In another province."""


FAMILY: Mapping[str, Mapping[Relation, str]] = {
    PROVINCE: {Relation.CHILD: CITY, Relation.SIBLING: "33", Relation.COUSIN: "3301"},
    CITY: {
        Relation.CHILD: DISTRICT,
        Relation.PARENT: PROVINCE,
        Relation.SIBLING: "3202",
        Relation.COUSIN: "320205",
    },
    DISTRICT: {
        Relation.CHILD: STREET,
        Relation.PARENT: CITY,
        Relation.SIBLING: "320106",
        Relation.COUSIN: "320106001",
    },
    STREET: {
        Relation.CHILD: "320102001001",
        Relation.PARENT: DISTRICT,
        Relation.SIBLING: "320102003",
        Relation.COUSIN: "320102003001",
    },
}
"""The other places as seen from each; nobody stands above a province."""

ELSEWHERE: Mapping[str, str] = {PROVINCE: "330102", CITY: "3301", DISTRICT: "330102", STREET: "330102001"}


@dataclass(frozen=True)
class Spot:
    """Where a record lies; `owner` names the role whose organisation it is, empty for the one of the place itself."""

    place: str
    owner: str = ""
    state: str = "live"


def spot_of(role: Role, relation: Relation) -> Spot | None:
    """Where the record lies that stands in this relation to the account of a role; None without such a place."""
    home = HOMES[role]
    owner = role.value if role in ORGANISATION_ROLES else ""
    if relation in (Relation.OWN, Relation.ENDED, Relation.DRAFT):
        return Spot(home, owner, "live" if relation is Relation.OWN else relation.value)
    if relation is Relation.NEIGHBOUR:
        return Spot(home) if owner else None
    if relation is Relation.ELSEWHERE:
        return Spot(ELSEWHERE[home])
    place = FAMILY[home].get(relation)
    return Spot(place) if place else None


def relations_of(role: Role) -> Iterator[tuple[Relation, Spot]]:
    """Every relation that a record can stand in to the account of a role."""
    for relation in Relation:
        spot = spot_of(role, relation)
        if spot is not None:
            yield relation, spot


def every_spot() -> tuple[Spot, ...]:
    """All places that hold a record, each once."""
    return tuple(dict.fromkeys(spot for role in Role for _relation, spot in relations_of(role)))
