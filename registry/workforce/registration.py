"""证书登记: a social worker's certificate is registered within a year, for three years, and again before they end.

The certificate holds its latest registration, `CertificateRegistration` those that were renewed. A social worker's
registration always has an end: where nobody told it, it is written with the usual term, which the parameter
`certificate.registration_months` tells of the day on which it began (《社会工作者职业水平证书登记办法》).
A registration of another kind without an end does not end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.divisions.codes import NATION
from registry.errors import UnknownParameter
from registry.periods import Period, months_after
from registry.policy.queries import TermInForce, parameter_if_set, terms_of, value_on
from registry.workforce.models import Certificate, CertificateKind

FIRST_MONTHS = "certificate.first_registration_months"
VALID_MONTHS = "certificate.registration_months"
RENEWAL_MONTHS = "certificate.renewal_months"


class Registration(StrEnum):
    """How a registration stands on a day."""

    DUE = "due"
    """Not registered yet, and still within the term."""
    MISSED = "missed"
    NOT_YET = "not_yet"
    VALID = "valid"
    RENEWAL = "renewal"
    """Valid, and to be registered again now."""
    EXPIRED = "expired"


@dataclass(frozen=True)
class RegistrationRules:
    """The terms in force in a place on a day, in months."""

    first: int
    renewal: int


@dataclass(frozen=True)
class Registered:
    """The state, and the day that matters next: by when to register, from when to renew, when it ended."""

    state: Registration
    day: date


@dataclass(frozen=True)
class RegistrationTerms:
    """How long a registration lasts and how long before its end it is renewed, over time and for the whole country."""

    valid: Sequence[TermInForce]
    renewal: Sequence[TermInForce]

    def end_of(self, kind: CertificateKind, start: date) -> date | None:
        """The first day after the usual term; None for kinds without one, and where no parameter tells it."""
        if kind is not CertificateKind.SOCIAL_WORKER or not self.valid:
            return None
        return months_after(start, int(value_on(self.valid, start)))

    def renews(self, kind: CertificateKind, before: Period, start: date | None) -> bool:
        """Whether what begins on a day is a renewal: later than the end, or in the months in which one may renew.

        Whatever else overlaps with a registration is that one, told better.
        """
        if before.start is None or before.end is None or start is None or start <= before.start:
            return False
        is_early = kind is CertificateKind.SOCIAL_WORKER and self.renewal
        early = int(value_on(self.renewal, start)) if is_early else 0
        return start >= months_after(before.end, -early)


def registration_terms(session: Session) -> RegistrationTerms:
    """The two parameters; what nobody set is empty."""

    def over_time(key: str) -> Sequence[TermInForce]:
        try:
            return terms_of(session, key, NATION)
        except UnknownParameter:
            return ()

    return RegistrationTerms(over_time(VALID_MONTHS), over_time(RENEWAL_MONTHS))


def registration_rules(session: Session, place: str, on: date) -> RegistrationRules | None:
    """Dated parameters; None where one of them is not in force: nobody can say then how a registration stands."""
    first, renewal = (parameter_if_set(session, key, place, on) for key in (FIRST_MONTHS, RENEWAL_MONTHS))
    return None if first is None or renewal is None else RegistrationRules(int(first), int(renewal))


def registration_on(certificate: Certificate, on: date) -> Period | None:
    """The registration in force on a day; of two, while one is renewed before its end, the later one."""
    return next((one for one in reversed(certificate.registrations) if one.holds_on(on)), None)


def registration_of(certificate: Certificate, rules: RegistrationRules | None, on: date) -> Registered | None:
    """None for certificates that are not registered in this way, and without rules."""
    if rules is None or certificate.kind is not CertificateKind.SOCIAL_WORKER:
        return None
    held = [(one.start, one.end) for one in certificate.registrations if one.start and one.end]
    if not held:
        by = months_after(certificate.issued_on, rules.first)
        return Registered(Registration.DUE if on <= by else Registration.MISSED, by)
    ends = held[-1][1]
    if not any(start <= on < end for start, end in held):
        ahead = [start for start, _end in held if on < start]
        return Registered(Registration.NOT_YET, ahead[0]) if ahead else Registered(Registration.EXPIRED, ends)
    opens = months_after(ends, -rules.renewal)  # whoever renewed already does so before the end of the latest
    return Registered(Registration.RENEWAL, ends) if on >= opens else Registered(Registration.VALID, opens)
