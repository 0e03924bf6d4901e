"""How each role sees names of practitioners; masks are applied where view data are made."""

from enum import StrEnum

from registry.access.actors import Actor
from registry.access.models import Role


class Mask(StrEnum):
    """As it is, in part, or not at all."""

    SHOW = "show"
    PART = "part"
    NONE = "none"


STAFF_NAME: dict[Role, Mask] = {
    Role.PROVINCE: Mask.PART,
    Role.CITY: Mask.PART,
    Role.DISTRICT: Mask.SHOW,
    Role.STREET: Mask.PART,
    Role.STATION: Mask.SHOW,
    Role.PROVIDER: Mask.SHOW,
    Role.SYSADMIN: Mask.NONE,
    Role.SECADMIN: Mask.NONE,
    Role.AUDITADMIN: Mask.NONE,
}
"""Names of practitioners (C2): who keeps the register of a place or of his own organisation sees them whole."""

COMPOUND_SURNAMES = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "东方", "尉迟", "皇甫", "令狐", "慕容", "公孙"}
)


def masked_name(name: str) -> str:
    """张三 becomes 张*, 欧阳小明 becomes 欧阳*明: the surname and, in longer names, the last character stay."""
    surname = name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]
    given = name[len(surname) :]
    if len(given) <= 1:
        return surname + "*"
    return surname + "*" * (len(given) - 1) + given[-1]


def sees_whole_names(actor: Actor) -> bool:
    """Whether names of practitioners are shown to the actor as they are registered."""
    return STAFF_NAME[actor.role] is Mask.SHOW


def staff_name(actor: Actor, name: str) -> str | None:
    """A practitioner's name as the actor sees it; None where he may not see it."""
    mask = STAFF_NAME[actor.role]
    if mask is Mask.NONE:
        return None
    return name if mask is Mask.SHOW else masked_name(name)
