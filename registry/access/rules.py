"""The one permission table: read aloud, it is the policy. One rule that holds is enough; the rest is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.access.actors import Actor
from registry.access.roles import BUSINESS_ROLES, DEPARTMENTS, ORGANISATION_ROLES, REGULATORS, Role
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
CHARITY, ASSOCIATION = Role.CHARITY, Role.ASSOCIATION
SOCIALWORK, HEALTH, FINANCE, HR, DPF = Role.SOCIALWORK, Role.HEALTH, Role.FINANCE, Role.HR, Role.DPF
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


RULES: dict[Action, tuple[Rule, ...]] = {
    Action.HOME_SEE: (anywhere(*Role),),
    Action.SIGN_IN_KEEP: (anywhere(*Role),),  # his own password, second factor and stays
    Action.UNSENT_KEEP: (anywhere(*Role),),  # what he typed himself and did not send
    Action.INBOX_SEE: (anywhere(*BUSINESS_ROLES, SECADMIN),),
    Action.FIGURE_SEE: (
        in_subtree(*REGULATORS, STATION, SOCIALWORK, HEALTH, FINANCE, HR, DPF),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.FIGURE_SIGN: (in_subtree(PROVINCE, CITY, DISTRICT),),
    Action.MAP_SEE: (anywhere(*BUSINESS_ROLES),),  # of sites; shares only where FIGURE_SEE holds
    Action.ORGANISATION_SEE: (anywhere(*BUSINESS_ROLES),),
    Action.SITE_SEE: (anywhere(*BUSINESS_ROLES),),
    Action.DIRECTORY_EXPORT: (anywhere(*(role for role in BUSINESS_ROLES if role is not Role.POLICE)),),
    Action.PRACTITIONER_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET, SOCIALWORK, HR),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.IDENTITY_SEARCH: (in_subtree(DISTRICT, STREET), in_own_organisation(STATION, PROVIDER)),
    Action.IDENTITY_REVEAL: (in_subtree(DISTRICT, STREET),),  # of what masks.py shows in part
    Action.PRACTITIONER_EXPORT: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET, HR),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.PRACTITIONER_RECORD: (in_subtree(DISTRICT), in_own_organisation(PROVIDER)),
    Action.EDUCATION_VERIFY: (in_subtree(DISTRICT),),  # never by whoever reported it
    Action.PRACTITIONER_ROUND_TRIP: (  # whoever loads people and sees their names whole
        in_subtree(DISTRICT),
        in_own_organisation(PROVIDER),
    ),
    Action.MAJOR_SEE: (  # of whoever sees the figures that it makes
        anywhere(*REGULATORS, STATION, PROVIDER, SOCIALWORK, HEALTH, FINANCE, HR, DPF),
    ),
    Action.MAJOR_CHANGE_SEE: (in_subtree(PROVINCE, CITY),),
    Action.MAJOR_CHANGE_MAKE: (in_subtree(PROVINCE, CITY),),  # one list for everybody
    Action.MAJOR_CHANGE_PUBLISH: (in_subtree(PROVINCE, CITY),),  # never by whoever had a hand in it
    Action.CERTIFICATE_REMINDER_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.CERTIFICATE_REMINDER_SEND: (in_subtree(PROVINCE, CITY, DISTRICT),),
    Action.PERSON_MERGE_SEE: (in_subtree(CITY, DISTRICT),),
    Action.PERSON_MERGE_PROPOSE: (
        in_subtree(PROVINCE, CITY, DISTRICT),
        in_own_organisation(PROVIDER),
    ),  # by loading
    Action.PERSON_MERGE_DECIDE: (in_subtree(DISTRICT),),
    Action.DOCUMENT_ISSUE: (in_subtree(PROVINCE, CITY, DISTRICT, STREET, STATION),),
    Action.DOCUMENT_SEE: (in_subtree(PROVINCE, CITY, DISTRICT, STREET, STATION),),
    Action.INTAKE_RUN: (in_subtree(PROVINCE, CITY, DISTRICT), in_own_organisation(PROVIDER)),
    Action.INTAKE_UNDO: (in_subtree(PROVINCE, CITY, DISTRICT), in_own_organisation(PROVIDER)),
    Action.RECONCILIATION_RUN: (in_subtree(PROVINCE, CITY, DISTRICT), in_own_organisation(PROVIDER)),
    Action.SOURCE_SYSTEM_SEE: (anywhere(PROVINCE, CITY, DISTRICT, PROVIDER),),
    Action.SOURCE_SYSTEM_KEEP: (in_subtree(PROVINCE, CITY, DISTRICT),),
    Action.ADDRESS_CHANGE_SEE: (in_subtree(CITY, DISTRICT, STREET), in_own_organisation(PROVIDER)),
    Action.ADDRESS_CHANGE_ASK: (in_own_organisation(PROVIDER),),
    Action.ADDRESS_CHANGE_CONFIRM: (in_subtree(DISTRICT),),
    Action.PROVIDER_ENTRY_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET),
        in_own_organisation(PROVIDER),
    ),
    Action.PROVIDER_ENTRY_ASK: (in_own_organisation(PROVIDER),),
    Action.PROVIDER_ENTRY_CHECK: (in_subtree(DISTRICT),),
    Action.PROVIDER_ENTRY_CONFIRM: (in_subtree(PROVINCE, CITY),),  # whichever of the two policy names
    Action.STATION_FILING_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET),
        in_own_organisation(STATION),
    ),
    Action.STATION_FILING_ASK: (
        in_own_organisation(STATION),
        in_subtree(STREET),
    ),  # by the street for a station without an account
    Action.STATION_FILING_REPORT: (in_subtree(STREET),),
    Action.STATION_FILING_FILE: (in_subtree(DISTRICT),),
    Action.INSPECTION_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET),
        in_own_organisation(STATION, PROVIDER),
    ),  # by the organisation from the moment when it is told
    Action.INSPECTION_RECORD: (in_subtree(CITY, DISTRICT),),
    Action.INSPECTION_ANSWER: (in_own_organisation(STATION, PROVIDER),),
    Action.INSPECTION_CLOSE: (in_subtree(CITY, DISTRICT),),  # never by whoever looked last
    Action.RATING_RECORD: (in_subtree(CITY, DISTRICT),),
    Action.ONE_PAGE_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.ONE_PAGE_ISSUE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.SERVICE_SEE: (anywhere(*BUSINESS_ROLES),),
    Action.SERVICE_REPORT_SEE: (
        in_subtree(CITY, DISTRICT, STREET),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.SERVICE_REPORT_ASK: (in_own_organisation(STATION, PROVIDER),),
    Action.SERVICE_REPORT_CONFIRM: (in_subtree(DISTRICT),),
    Action.ACTIVITY_SEE: (in_subtree(*REGULATORS), in_own_organisation(STATION, PROVIDER)),
    Action.ACTIVITY_RECORD: (in_own_organisation(STATION, PROVIDER),),
    Action.PARAMETER_SEE: (anywhere(*Role),),
    Action.CALENDAR_CHANGE: (anywhere(PROVINCE, CITY),),  # one schedule for the whole country
    Action.DIVISION_SEE: (anywhere(*Role),),
    Action.DIVISION_CHANGE: (in_subtree(PROVINCE, CITY),),
    Action.INTERFACE_SEE: (anywhere(*Role),),
    Action.DELEGATION_GIVE: (anywhere(*BUSINESS_ROLES),),  # of his own position
    Action.EMERGENCY_ACCESS_SEE: (in_subtree(SECADMIN, AUDITADMIN), in_own_organisation(STATION, PROVIDER)),
    Action.EMERGENCY_ACCESS_OPEN: (
        in_subtree(PROVINCE, CITY, DISTRICT),
    ),  # of what masks.py opens in an emergency
    Action.EMERGENCY_ACCESS_REVIEW: (in_subtree(SECADMIN),),
    Action.SYSTEM_SEE: (anywhere(SYSADMIN),),
    Action.ACCOUNT_OPEN: (anywhere(SECADMIN),),
    Action.ACCOUNT_SEE: (in_subtree(SECADMIN, *REGULATORS), in_own_organisation(*ORGANISATION_ROLES)),
    Action.POSITION_END: (in_subtree(SECADMIN), in_own_organisation(*ORGANISATION_ROLES)),
    Action.APPOINTMENT_SEE: (in_subtree(SECADMIN, *REGULATORS), in_own_organisation(*ORGANISATION_ROLES)),
    Action.APPOINTMENT_ASK: (in_subtree(SECADMIN), in_own_organisation(*ORGANISATION_ROLES)),
    Action.APPOINTMENT_CONFIRM: (in_subtree(*REGULATORS),),  # of positions that supervision.py lets them give
    Action.RELEASE_SEE: (
        in_own_organisation(STATION, PROVIDER),
        in_subtree(PROVINCE, CITY, DISTRICT, STREET, HR),
    ),
    Action.RELEASE_ASK: (  # a file above the cap; the same as PRACTITIONER_EXPORT
        in_own_organisation(STATION, PROVIDER),
        in_subtree(PROVINCE, CITY, DISTRICT, STREET, HR),
    ),
    Action.RELEASE_DECIDE: (  # beside the maker or one level above: releases/deciding.py
        in_own_organisation(STATION, PROVIDER),
        in_subtree(PROVINCE, CITY, DISTRICT, STREET, HR),
    ),
    Action.HANDOVER_SEE: (
        in_subtree(SECADMIN, *REGULATORS, *DEPARTMENTS),
        in_own_organisation(*ORGANISATION_ROLES),
    ),
    Action.HANDOVER_HAND_ON: (  # of himself, of a position that he may end, or left to him from below: deciding.py
        in_subtree(SECADMIN, *REGULATORS, *DEPARTMENTS),
        in_own_organisation(*ORGANISATION_ROLES),
    ),
    Action.HANDOVER_ACKNOWLEDGE: (  # the successor; whoever looks after his desk once he has left: deciding.py
        in_subtree(SECADMIN, *REGULATORS, *DEPARTMENTS),
        in_own_organisation(*ORGANISATION_ROLES),
    ),
    Action.TASK_SEE: (in_subtree(*REGULATORS, *DEPARTMENTS), in_own_organisation(STATION, PROVIDER)),
    Action.TASK_SEND: (
        in_subtree(*REGULATORS, *DEPARTMENTS),
    ),  # and the desk that sent leads it: tasks/operations.py
    Action.TASK_ANSWER: (  # the desk that was asked
        in_subtree(*REGULATORS, *DEPARTMENTS),
        in_own_organisation(STATION, PROVIDER),
    ),
    Action.DOSSIER_SEE: (
        in_subtree(PROVINCE, CITY, DISTRICT, STREET, SOCIALWORK),
        in_own_organisation(CHARITY, ASSOCIATION),
    ),
    Action.DOSSIER_EXPORT: (in_subtree(PROVINCE, CITY, DISTRICT, STREET, SOCIALWORK),),
    Action.DOSSIER_BRING_IN: (in_subtree(PROVINCE, CITY, DISTRICT),),  # from the authority's list
    Action.DOSSIER_CHECK: (in_subtree(CITY, DISTRICT),),
    Action.DOSSIER_REMARK: (in_own_organisation(CHARITY, ASSOCIATION),),
    Action.DOSSIER_REMARK_ANSWER: (in_subtree(DISTRICT),),
    Action.SUCCESSION_RECORD: (in_subtree(CITY, DISTRICT),),
    Action.ENQUIRY_SEE: (in_subtree(DISTRICT),),  # people write names into them
    Action.ENQUIRY_ANSWER: (in_subtree(DISTRICT),),
    Action.PERMISSION_SEE: (anywhere(SECADMIN),),
    Action.ALARM_SEE: (anywhere(SECADMIN),),
    Action.AUDIT_SEE: (anywhere(AUDITADMIN),),
    Action.AUDIT_EXPORT: (anywhere(AUDITADMIN),),
}


def may(actor: Actor, action: Action, record: Any = None) -> bool:
    """Whether a rule holds; without a record, whether the role does this at all (navigation, buttons)."""
    if not is_handed_over(actor, action):
        return False
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
    if not is_handed_over(actor, action):
        return sa.false()
    return sa.or_(sa.false(), *(rule.clause(actor, model) for rule in RULES[action]))


def is_handed_over(actor: Actor, action: Action) -> bool:
    """In his own position a person may do all that the table says, standing in for somebody what he was left."""
    return actor.limited_to is None or action in actor.limited_to


def roles_of(action: Action) -> Iterable[Role]:
    """Every role that the action is open to, in the order of the enumeration."""
    return tuple(role for role in Role if any(role in rule.roles for rule in RULES[action]))
