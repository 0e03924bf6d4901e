"""再登记: what is told of a certificate is a new registration beside the one it has, or that one told better."""

from datetime import datetime

from registry.messages import N_, Message, message
from registry.periods import Period
from registry.workforce.models import Certificate, CertificateRegistration
from registry.workforce.registration import RegistrationTerms


def latest_after(
    certificate: Certificate, said: Period, terms: RegistrationTerms, *, source: str, at: datetime
) -> Period:
    """The registration that the certificate is to hold; what it renews is put among the earlier ones.

    Where the latest one is taken away, the one before it is the latest again.
    """
    if said.start is None and certificate.earlier:
        return certificate.earlier.pop().period
    latest = Period(certificate.valid_from, certificate.valid_to)
    if terms.renews(certificate.kind, latest, said.start):
        renewed = CertificateRegistration(
            valid_from=latest.start, valid_to=latest.end, source=source, recorded_at=at
        )
        certificate.earlier.append(renewed)
    return said


def not_after(earlier: Period) -> Message:
    """Why a start is refused that lies before the end of an earlier registration."""
    sentence = N_("登记有效期起早于上一次登记的有效期止%(day)s，请对照证书核对。")
    return message(sentence, day=earlier.end.isoformat() if earlier.end else "")
