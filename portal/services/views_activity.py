"""Activities as their pages show them."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from portal.formatting import data, number, word
from portal.listing import ListView
from registry.services.models import ActivityCorrection, ServiceKind


@dataclass(frozen=True)
class Before:
    """What a record said before it was corrected or struck out."""

    title: str
    at: datetime
    by: str
    reason: str
    facts: tuple[tuple[str, str], ...]


def said_before(correction: ActivityCorrection) -> Before:
    """One correction, in words."""
    before = correction.before
    return Before(
        title=_("作废") if correction.is_void else _("更正"),
        at=correction.at,
        by=correction.by_name,
        reason=correction.reason,
        facts=(
            (_("活动日期"), before["held_on"]),
            (_("服务类别"), word(ServiceKind(before["kind"]))),
            (_("参加人数"), number(before["persons"])),
            (_("人次"), number(before["person_times"])),
            (_("时长（分钟）"), number(before["minutes"])),
            (_("备注"), data(before["note"])),
        ),
    )


def months_of(view: ListView, on: date) -> list[tuple[str, str, bool]]:
    """This month, the last one, this year, everything: tabs of the list."""
    last = date(on.year - 1, 12, 1) if on.month == 1 else date(on.year, on.month - 1, 1)
    this_month, last_month, this_year = f"{on:%Y-%m}", f"{last:%Y-%m}", f"{on:%Y}"
    month, year = view.question.typed.get("month", ""), view.question.typed.get("year", "")
    return [
        (_("全部"), view.url(month="", year=""), not month and not year),
        (_("本月"), view.url(month=this_month, year=""), month == this_month),
        (_("上月"), view.url(month=last_month, year=""), month == last_month),
        (_("本年"), view.url(month="", year=this_year), year == this_year and not month),
    ]
