"""Nobody grants what he does not hold: which roles a regulator may confirm, and only in his own divisions."""

from collections.abc import Mapping

from registry.access.actors import Actor
from registry.access.positions import Charge, refuse_misplaced
from registry.access.roles import ADMINISTRATORS, DEPARTMENTS, ORGANISATION_ROLES, Role
from registry.divisions.codes import NATION, lies_within
from registry.errors import InvalidInput
from registry.messages import N_, message

BELOW_STREET = ORGANISATION_ROLES
BELOW_DISTRICT = BELOW_STREET | DEPARTMENTS | {Role.STREET}
BELOW_CITY = BELOW_DISTRICT | {Role.DISTRICT}

CONFIRMS: Mapping[Role, frozenset[Role]] = {
    Role.STREET: BELOW_STREET | {Role.STREET},
    Role.DISTRICT: BELOW_DISTRICT | {Role.DISTRICT},
    Role.CITY: BELOW_CITY | {Role.CITY},
    Role.PROVINCE: BELOW_CITY | {Role.CITY, Role.PROVINCE},
}
"""His own role, so that colleagues check one another, and the roles that his level answers for."""

CODE_LENGTHS: Mapping[Role, frozenset[int]] = {
    Role.STREET: frozenset({9}),
    Role.DISTRICT: frozenset({6}),
    Role.CITY: frozenset({2, 4}),
    Role.PROVINCE: frozenset({2}),
    **dict.fromkeys(DEPARTMENTS, frozenset({2, 4, 6})),
}
"""Digits of the division that a role answers for; a municipality is its own city, and streets have no departments."""


def may_confirm(actor: Actor, charge: Charge) -> bool:
    """Whether the actor may let somebody hold this position: he answers for all that it reaches."""
    places = {charge.division_code}
    if charge.organisation is not None:
        places.add(charge.organisation.division_code)
    return charge.role in CONFIRMS.get(actor.role, ()) and all(actor.answers_for(code) for code in places)


def may_propose(actor: Actor, charge: Charge) -> bool:
    """Whether the actor may ask for it: an organisation for its own staff, others where they answer for."""
    if actor.organisation_id is None:
        return actor.answers_for(charge.division_code)
    own = charge.organisation is not None and charge.organisation.id == actor.organisation_id
    return own and charge.role is actor.role and actor.answers_for(charge.division_code)


def refuse_impossible(charge: Charge) -> None:
    """InvalidInput where such a position is not given by way of an appointment, or not for such a division."""
    if charge.role in ADMINISTRATORS:
        sentence = N_("系统、安全、审计管理员由安装人员在服务器上用命令开通，不在此办理。")
        raise InvalidInput("role", message(sentence))
    refuse_misplaced(charge)
    lengths = CODE_LENGTHS.get(charge.role)
    if charge.division_code == NATION or (lengths and len(charge.division_code) not in lengths):
        raise InvalidInput("division_code", message(N_("这个岗位与所选区划的级别不符，请重新选择。")))
    if charge.organisation is not None and not lies_within(
        charge.division_code, charge.organisation.division_code
    ):
        raise InvalidInput("division_code", message(N_("所选单位不在这个区划，请核对。")))
