"""The registration that a row tells of a certificate: the latest one, its renewal, or one that was renewed since."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from registry.intake.declaration import Findings
from registry.intake.kinds.practitioner_rows import (
    CertificateFacts,
    CertificateKey,
    PractitionerLookups,
    PractitionerRow,
)
from registry.messages import N_, message
from registry.periods import Period
from registry.workforce.certificate_days import DayFault, faults_of_days

_FILL_IN, _COMPARE = message(N_("请对照证书补填。")), message(N_("请对照证书核对起止日期。"))
_SAID_OF_DAYS = {
    DayFault.ISSUED_LATER: (message(N_("发证日期在今天之后。")), message(N_("请对照证书核对日期。"))),
    DayFault.NO_START: (message(N_("填了有效期止，没有填有效期起。")), _FILL_IN),
    DayFault.NO_END: (message(N_("填了有效期起，没有填有效期止。")), _FILL_IN),
    DayFault.BEFORE_ISSUE: (message(N_("有效期起早于发证日期。")), _COMPARE),
    DayFault.ENDS_FIRST: (message(N_("有效期的止日不晚于起日。")), _COMPARE),
}


def with_registration(
    key: CertificateKey, facts: CertificateFacts, lookups: PractitionerLookups
) -> CertificateFacts:
    """What the row says of the latest registration: an end that it leaves out is the one known, or the usual one.

    An older file tells of one that was renewed since: of the latest it says nothing.
    """
    if facts.valid_from is None:
        return facts
    if _was_renewed(key, facts, lookups) is not None:
        return facts._replace(valid_from=None, valid_to=None)
    if facts.valid_to is not None or _is_of_the_latest(key, facts, lookups):
        return facts
    return facts._replace(valid_to=lookups.terms.end_of(key.kind, facts.valid_from))


def check_registration(
    row: PractitionerRow, key: CertificateKey, lookups: PractitionerLookups, findings: Findings
) -> None:
    """What is to be written: one end may be typed and the other registered."""
    _check_days(row, key, lookups, findings)
    renewed = _was_renewed(key, row, lookups)
    if renewed is not None and row.valid_to not in (None, renewed.end):
        _refuse_days(row, "valid_to", N_("这一次登记已办理再登记，止日与登记的不同。"), findings)
    earlier = lookups.earlier.get(key)
    if earlier and not lookups.terms.renews(key.kind, earlier[-1], lookups.certificates.said[key].valid_from):
        _refuse_days(row, "valid_from", N_("有效期起早于上一次登记的有效期止。"), findings)


def _check_days(
    row: PractitionerRow, key: CertificateKey, lookups: PractitionerLookups, findings: Findings
) -> None:
    """Days that the register holds already are not this row's doing: whatever else it says is taken."""
    issued_on, registered = _days_of(lookups.certificates.said[key])
    known = lookups.certificates.known.get(key)
    if known is not None and _days_of(known[1]) == (issued_on, registered):
        return
    for fault in faults_of_days(key.kind, issued_on, registered, today=lookups.context.on):
        findings.error(row.number, fault.column, *_SAID_OF_DAYS[fault])


def _days_of(facts: CertificateFacts) -> tuple[date, Period]:
    return facts.issued_on, Period(facts.valid_from, facts.valid_to)


def renewed_registrations(
    lookups: PractitionerLookups, *, source: str, at: datetime
) -> Iterator[dict[str, Any]]:
    """Rows of the registrations that the file renews."""
    for key, said in lookups.certificates.said.items():
        if _is_renewal(key, said, lookups):
            latest = _latest(key, lookups)
            yield {
                "certificate_id": lookups.certificates.known[key][0],
                "valid_from": latest.start,
                "valid_to": latest.end,
                "source": source,
                "recorded_at": at,
            }


def _latest(key: CertificateKey, lookups: PractitionerLookups) -> Period:
    known = lookups.certificates.known.get(key)
    return Period(known[1].valid_from, known[1].valid_to) if known else Period(None, None)


def _is_renewal(key: CertificateKey, said: CertificateFacts, lookups: PractitionerLookups) -> bool:
    return lookups.terms.renews(key.kind, _latest(key, lookups), said.valid_from)


def _is_of_the_latest(key: CertificateKey, said: CertificateFacts, lookups: PractitionerLookups) -> bool:
    return _latest(key, lookups).start is not None and not _is_renewal(key, said, lookups)


def _was_renewed(
    key: CertificateKey, told: CertificateFacts | PractitionerRow, lookups: PractitionerLookups
) -> Period | None:
    return next((one for one in lookups.earlier.get(key, ()) if one.start == told.valid_from), None)


def _refuse_days(row: PractitionerRow, column: str, what: str, findings: Findings) -> None:
    findings.error(row.number, column, message(what), message(N_("请对照证书核对起止日期。")))
