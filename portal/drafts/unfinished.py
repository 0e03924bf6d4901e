"""草稿: what the reader began and has not handed in, with the way back to it, for the home page and the inbox."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.workflow.inbox import page_of_subject
from registry.access.actors import Actor
from registry.drafts.unfinished import Unfinished, unfinished_of

TITLES = {
    "provider_entry": _l("机构入库"),
    "station_filing": _l("建站备案"),
    "service_report": _l("服务项目申报"),
    "address_change": _l("地址变更"),
}
"""Subject to what is filled in."""


@dataclass(frozen=True)
class DraftRow:
    """One draft as a line."""

    title: str
    subject: str
    url: str
    saved_at: datetime | None


def draft_rows(session: Session, actor: Actor) -> list[DraftRow]:
    """The reader's drafts, those kept last first."""
    return [_row_of(one) for one in unfinished_of(session, actor)]


def _row_of(one: Unfinished) -> DraftRow:
    url = page_of_subject(one.subject.type, one.subject.code)
    return DraftRow(str(TITLES[one.subject.type]), one.subject.name, url, one.saved_at)
