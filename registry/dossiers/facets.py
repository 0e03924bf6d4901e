"""Answers that the list of dossiers can be cut by; each is worked out from the facts on a day, none is stored."""

from enum import StrEnum


class Recognition(StrEnum):
    """Whether the organisation is a charity."""

    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"


class FundraisingState(StrEnum):
    """The certificate of public fundraising."""

    HELD = "held"
    REVOKED = "revoked"
    NONE = "none"


class CreditState(StrEnum):
    """Whether it is on a credit list."""

    CLEAN = "clean"
    ABNORMAL = "abnormal"
    DISHONEST = "dishonest"


class Presence(StrEnum):
    """Whether the newest list of its registrar names it."""

    LISTED = "listed"
    MISSING = "missing"
