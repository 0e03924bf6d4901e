"""The roles of the permission table, and what they have in common."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is charged with: his department at its level, his organisation, or a part of the administration."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    STATION = "station"
    PROVIDER = "provider"
    CHARITY = "charity"
    ASSOCIATION = "association"
    SOCIALWORK = "socialwork"
    HEALTH = "health"
    POLICE = "police"
    FINANCE = "finance"
    HR = "hr"
    DPF = "dpf"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITADMIN = "auditadmin"


REGULATORS = frozenset({Role.PROVINCE, Role.CITY, Role.DISTRICT, Role.STREET})
"""Civil affairs, level by level: keep the register of their divisions."""

DEPARTMENTS = frozenset({Role.SOCIALWORK, Role.HEALTH, Role.POLICE, Role.FINANCE, Role.HR, Role.DPF})
"""The other departments: read of their divisions what their own tasks need."""

ORGANISATION_ROLES = frozenset({Role.STATION, Role.PROVIDER, Role.CHARITY, Role.ASSOCIATION})
"""Belong to one organisation."""

ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN})
"""三员: no two of these posts in one hand, none beside a business post, no business rows (GB/T 22239-2019, 8.1.5)."""

BUSINESS_ROLES = tuple(role for role in Role if role not in ADMINISTRATORS)
"""Everybody who works with the register itself, in the order of the enumeration."""
