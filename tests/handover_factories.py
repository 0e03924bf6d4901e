"""Handovers: rows in any state, and the doors of the workflow."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from registry.access.models import Account
from registry.handovers.models import Handover, HandoverKind, HandoverLine, HandoverState, Passing
from tests.factories import make_account


def make_handover(session: Session, account: Account, **facts: Any) -> Handover:
    """The account's first position; passed on to a colleague unless it is only drawn up."""
    position = account.positions[0]
    state = facts.get("state", HandoverState.DRAWN_UP)
    defaults: dict[str, Any] = {
        "state": state,
        "kind": HandoverKind.LEAVING,
        "note": "调离，见调令",
        "division_code": position.division_code,
        "organisation": position.organisation,
        "drawn_up_at": datetime.now(UTC) - timedelta(days=1),
        "drawn_up_as": position.role,
        "waits_for_role": position.role,
        "waits_for_code": position.division_code,
        "position": position,
        "drawn_up_by": account,
    }
    if state is not HandoverState.DRAWN_UP and "successor" not in facts:
        held = {"organisation": position.organisation} if position.organisation else {}
        colleague = make_account(session, position.role, division_code=position.division_code, **held)
        defaults["successor"] = colleague.positions[0]
        defaults["lines"] = [
            HandoverLine(
                subject_type="site",
                subject_code="2222222222",
                subject_name="示例服务点",
                title="本岗待办",
                passing=Passing.DESK,
            )
        ]
    handover = Handover(**(defaults | facts))
    session.add(handover)
    session.flush()
    return handover
