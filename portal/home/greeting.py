"""Good morning, and what day it is."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from portal.formatting import day_in_words
from registry.clock import SHANGHAI, WorkingCalendar


@dataclass(frozen=True)
class Greeting:
    """What the head of the home page says."""

    hello: str
    today: str


def greeting(now: datetime, calendar: WorkingCalendar) -> Greeting:
    """By the clocks of Shanghai."""
    local = now.astimezone(SHANGHAI)
    return Greeting(hello_at(local.hour), today_words(local.date(), calendar))


def today_words(day: date, calendar: WorkingCalendar) -> str:
    """今天2026年11月26日，星期四，本周第4个工作日。"""
    places = {
        "day": day_in_words(day),
        "weekday": weekday_of(day),
        "working_day": working_day_of(day, calendar),
    }
    return str(_("今天%(day)s，%(weekday)s，%(working_day)s。", **places))


def hello_at(hour: int) -> str:
    """As people greet each other at that hour."""
    morning = ((5, _("晚上好")), (9, _("早上好")), (12, _("上午好")))
    hours = (*morning, (14, _("中午好")), (18, _("下午好")), (24, _("晚上好")))
    return next(str(words) for end, words in hours if hour < end)


def weekday_of(day: date) -> str:
    """星期一 and so on."""
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return str(names[day.weekday()])


def working_day_of(day: date, calendar: WorkingCalendar) -> str:
    """Which working day of the week it is, by the published calendar."""
    ordinal = calendar.ordinal_in_week(day)
    return str(_("休息日") if ordinal is None else _("本周第 %(ordinal)s 个工作日", ordinal=ordinal))
