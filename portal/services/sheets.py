"""Photos of sign-in sheets on the page of an activity: who sees that there is one, and who sees it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, url_for
from sqlalchemy.orm import Session

from portal.attachments.handing import handed_out
from portal.security import current_actor
from portal.sessions import current_stay
from registry.access.actors import Actor
from registry.access.masks import Field, Mask, mask_now
from registry.access.reveals import revealed_until
from registry.access.rules import may
from registry.actions import Action
from registry.attachments.models import Attachment
from registry.attachments.queries import attachment_of, attachments_of
from registry.clock import utc_now
from registry.errors import NotVisible
from registry.services.models import Activity

FIELD = Field.ACTIVITY_SHEET


@dataclass(frozen=True)
class Sheet:
    """One file in the list."""

    attachment: Attachment
    url: str
    """Empty where the reader may not open it now."""


@dataclass(frozen=True)
class Sheets:
    """The files of an activity as one reader sees them."""

    mask: Mask
    lines: tuple[Sheet, ...]
    until: datetime | None
    """Until when they are open to him on request."""
    reveal_url: str
    """Where he can ask; empty where he cannot, or need not."""


def sheets_of(session: Session, activity: Activity, actor: Actor) -> Sheets:
    """Where the reader has nothing to do with them, there are none for him."""
    revealed = revealed_until(session, stay=current_stay(), subject_code=activity.code, at=utc_now())
    mask = mask_now(actor, FIELD, revealed.keys())
    if mask is Mask.NONE:
        return Sheets(mask, (), None, "")
    found = attachments_of(session, activity)
    can_ask = mask is Mask.PART and bool(found) and may(actor, Action.IDENTITY_REVEAL, activity)
    return Sheets(
        mask,
        tuple(Sheet(one, _address(activity, one) if mask is Mask.SHOW else "") for one in found),
        revealed.get(FIELD) if mask is Mask.SHOW else None,
        url_for("activities.show_sheets", activity=activity.code) if can_ask else "",
    )


def sheet_answer(session: Session, activity: Activity, code: str) -> Response:
    """The file, for whoever may see it now; it is entered in the trail that he opened it."""
    actor = current_actor()
    revealed = revealed_until(session, stay=current_stay(), subject_code=activity.code, at=utc_now())
    found = attachment_of(session, activity, code)
    if found is None or mask_now(actor, FIELD, revealed.keys()) is not Mask.SHOW:
        raise NotVisible
    return handed_out(session, found, activity, division_code=activity.division_code, called="sheet")


def _address(activity: Activity, attachment: Attachment) -> str:
    if not attachment.is_kept:
        return ""
    return url_for("activities.sheet", activity=activity.code, attachment=attachment.code)
