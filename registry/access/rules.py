"""The one permission table: read aloud, it is the policy. One rule that holds is enough; the rest is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.scopes import Scope, row_in_scope, rows_in_scope
from registry.actions import Action as Action
from registry.errors import NotAllowed, NotVisible


@dataclass(frozen=True)
class Rule:
    """These roles, this far."""

    roles: frozenset[Role]
    scope: Scope

    def holds(self, actor: Actor, record: Any) -> bool:
        """The predicate, for a record in hand."""
        return actor.role in self.roles and row_in_scope(self.scope, actor, record)

    def clause(self, actor: Actor, model: type) -> ColumnElement[bool]:
        """The same rule as SQL, for a list."""
        return rows_in_scope(self.scope, actor, model) if actor.role in self.roles else sa.false()


PROVINCE, CITY, DISTRICT, STREET = Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.STREET
STATION, PROVIDER = Role.STATION, Role.PROVIDER
SYSADMIN, SECADMIN, AUDITADMIN = Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN


def anywhere(*roles: Role) -> Rule:
    """These roles, in the whole country."""
    return Rule(frozenset(roles), Scope.ANYWHERE)


def in_subtree(*roles: Role) -> Rule:
    """These roles, in the divisions they answer for."""
    return Rule(frozenset(roles), Scope.SUBTREE)


def in_own_organisation(*roles: Role) -> Rule:
    """These roles, in the organisation they belong to."""
    return Rule(frozenset(roles), Scope.OWN_ORGANISATION)


BUSINESS_ROLES = (PROVINCE, CITY, DISTRICT, STREET, STATION, PROVIDER)

RULES: dict[Action, tuple[Rule, ...]] = {
    Action.HOME_SEE: (anywhere(*Role),),
    Action.SIGN_IN_KEEP: (anywhere(*Role),),  # his own password, second factor and stays
    Action.INBOX_SEE: (anywhere(*BUSINESS_ROLES),),
    Action.FIGURE_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET, STATION),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.FIGURE_SIGN: (in_subtree(PROVINCE, CITY, DISTRICT),),
    Action.MAP_SEE: (anywhere(*BUSINESS_ROLES),),  # of sites; shares only where FIGURE_SEE holds
    Action.ORGANISATION_SEE: (anywhere(*BUSINESS_ROLES),),
    Action.SITE_SEE: (anywhere(*BUSINESS_ROLES),),
    Action.DIRECTORY_EXPORT: (anywhere(*BUSINESS_ROLES),),
    Action.PRACTITIONER_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.IDENTITY_SEARCH: (in_subtree(DISTRICT, STREET), in_own_organisation(STATION, PROVIDER)),
    Action.IDENTITY_REVEAL: (in_subtree(DISTRICT, STREET),),  # of what masks.py shows in part
    Action.PRACTITIONER_EXPORT: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.DOCUMENT_ISSUE: (in_subtree(PROVINCE, CITY, DISTRICT, STREET, STATION),),
    Action.DOCUMENT_SEE: (in_subtree(PROVINCE, CITY, DISTRICT, STREET, STATION),),
    Action.INTAKE_RUN: (in_subtree(PROVINCE, CITY, DISTRICT), in_own_organisation(PROVIDER)),
    Action.ADDRESS_CHANGE_SEE: (in_subtree(CITY, DISTRICT, STREET), in_own_organisation(PROVIDER)),
    Action.ADDRESS_CHANGE_ASK: (in_own_organisation(PROVIDER),),
    Action.ADDRESS_CHANGE_CONFIRM: (in_subtree(DISTRICT),),
    Action.PARAMETER_SEE: (anywhere(*Role),),
    Action.DIVISION_SEE: (anywhere(*Role),),
    Action.DIVISION_CHANGE: (in_subtree(PROVINCE, CITY),),
    Action.INTERFACE_SEE: (anywhere(*Role),),
    Action.SYSTEM_SEE: (anywhere(SYSADMIN),),
    Action.ACCOUNT_OPEN: (anywhere(SYSADMIN),),
    Action.PERMISSION_SEE: (anywhere(SECADMIN),),
    Action.AUDIT_SEE: (anywhere(AUDITADMIN),),
    Action.AUDIT_EXPORT: (anywhere(AUDITADMIN),),
}


def may(actor: Actor, action: Action, record: Any = None) -> bool:
    """Whether a rule holds; without a record, whether the role does this at all (navigation, buttons)."""
    rules = RULES[action]
    if record is None:
        return any(actor.role in rule.roles for rule in rules)
    return any(rule.holds(actor, record) for rule in rules)


def authorize(actor: Actor, action: Action, record: Any = None, *, see: Action | None = None) -> None:
    """Raises NotVisible where the actor may not know of the record (`see` fails), NotAllowed where he may not act."""
    if may(actor, action, record):
        return
    if see is not None and may(actor, see, record):
        raise NotAllowed
    raise NotAllowed if record is None else NotVisible


def readable(model: type, actor: Actor, action: Action) -> ColumnElement[bool]:
    """The rows on which the actor may do this: the SQL form of `may`."""
    return sa.or_(sa.false(), *(rule.clause(actor, model) for rule in RULES[action]))


def roles_of(action: Action) -> Iterable[Role]:
    """Every role that the action is open to, in the order of the enumeration."""
    return tuple(role for role in Role if any(role in rule.roles for rule in RULES[action]))
