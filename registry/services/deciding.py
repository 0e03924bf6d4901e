"""Whose report it is, beyond the permission table."""

from typing import Any

from registry.messages import N_, Message, message
from registry.services.models import ServiceReport


def is_of_others(report: ServiceReport, actor: Any) -> Message | None:
    """The permission table says the same; as a bar it keeps a returned report from waiting at desks nobody holds.

    A report may be mended by a station or by a provider: an organisation has people in one of these roles.
    """
    if actor.organisation_id == report.organisation_id:
        return None
    return message(N_("这份申报由提出的机构自己修改和提交。"))
