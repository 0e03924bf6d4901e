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
