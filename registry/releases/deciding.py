"""Who may let a file go: a colleague in the same charge, or one level above, never its maker."""

from collections.abc import Mapping

from registry.access.actors import Actor
from registry.access.roles import Role
from registry.messages import N_, Message, message
from registry.releases.models import Release

ABOVE: Mapping[Role, frozenset[Role]] = {
    Role.STATION: frozenset({Role.STREET, Role.DISTRICT}),
    Role.PROVIDER: frozenset({Role.STREET, Role.DISTRICT}),
    Role.STREET: frozenset({Role.DISTRICT}),
    Role.DISTRICT: frozenset({Role.CITY}),
    Role.CITY: frozenset({Role.PROVINCE}),
    Role.HR: frozenset({Role.HR}),
}
"""One level above each role that takes people along; each of them holds the right to do so himself."""


def may_release(actor: Actor, release: Release) -> bool:
    """Whether the actor stands beside the maker or one level above him; who he is does not matter here."""
    is_above = actor.role in ABOVE.get(release.asked_as, ()) and actor.answers_for(release.division_code)
    if release.organisation is not None:  # the file holds people of all its places
        is_above = is_above and actor.answers_for(release.organisation.division_code)
    is_wider = len(actor.division_code) < len(release.division_code) or actor.role is not release.asked_as
    return release.is_asked_in(actor) or (is_above and is_wider)


def is_not_his_to_decide(release: Release, actor: Actor) -> Message | None:
    """Releasing and refusing: never the maker, nobody who stands in, and only beside the maker or one level above."""
    is_his_own = release.asked_by.code in actor.people
    if may_release(actor, release) and not is_his_own and actor.principal is None:
        return None
    return message(N_("这项导出由申请人的同岗同事或上一级复核：申请人和代办人不能复核。"))


def is_not_his_to_take(release: Release, actor: Actor) -> Message | None:
    """Taking: the maker alone, in the charge in which he asked."""
    if release.asked_by.code == actor.code and actor.principal is None and release.is_asked_in(actor):
        return None
    return message(N_("已批准的文件只能由申请人本人在原岗位取走。"))
