"""Reminders stay with the successor of their sender's division after a division change."""

from registry.certificates.models import CertificateReminder
from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message

declare_holder(
    Holder(message(N_("证书到期的批量提醒")), CertificateReminder.division_code, CertificateReminder.text)
)
