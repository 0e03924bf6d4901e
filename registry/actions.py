"""The names of what can be done. Who may do it is the permission table, `registry/access/rules.py`.

Nouns listed above the permission table name actions in their workflows, so the names stand beside the base.
"""

from enum import StrEnum


class Action(StrEnum):
    """What an endpoint or a command does; each one names its action."""

    HOME_SEE = "home.see"
    SIGN_IN_KEEP = "sign_in.keep"
    INBOX_SEE = "inbox.see"
    FIGURE_SEE = "figure.see"
    FIGURE_SIGN = "figure.sign"
    MAP_SEE = "map.see"
    ORGANISATION_SEE = "organisation.see"
    SITE_SEE = "site.see"
    DIRECTORY_EXPORT = "directory.export"
    PRACTITIONER_SEE = "practitioner.see"
    IDENTITY_SEARCH = "identity.search"
    IDENTITY_REVEAL = "identity.reveal"
    PRACTITIONER_EXPORT = "practitioner.export"
    DOCUMENT_ISSUE = "document.issue"
    DOCUMENT_SEE = "document.see"
    INTAKE_RUN = "intake.run"
    ADDRESS_CHANGE_SEE = "address_change.see"
    ADDRESS_CHANGE_ASK = "address_change.ask"
    ADDRESS_CHANGE_CONFIRM = "address_change.confirm"
    PARAMETER_SEE = "parameter.see"
    DIVISION_CHANGE = "division.change"
    DIVISION_SEE = "division.see"
    INTERFACE_SEE = "interface.see"
    SYSTEM_SEE = "system.see"
    ACCOUNT_OPEN = "account.open"
    PERMISSION_SEE = "permission.see"
    AUDIT_SEE = "audit.see"
    AUDIT_EXPORT = "audit.export"


class Deed(StrEnum):
    """What the trail names beside the actions: steps of a workflow, and acts that need no permission of their own."""

    SIGN_IN = "account.sign_in"
    SIGN_OUT = "account.sign_out"
    ADDRESS_CHANGE_DRAW_UP = "address_change.draw_up"
    ADDRESS_CHANGE_SAVE = "address_change.save"
    ADDRESS_CHANGE_SUBMIT = "address_change.submit"
    ADDRESS_CHANGE_RETURN = "address_change.return"
    ADDRESS_CHANGE_WITHDRAW = "address_change.withdraw"
    DIVISION_CHANGE_UNDO = "division.change.undo"
    PERMISSION_CHANGE = "permission.change"
