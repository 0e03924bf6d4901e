"""Periods by the Civil Code: the first day is not counted, and the last one is the day of the same number.

民法典第二百零一条、第二百零二条: 开始的当日不计入；到期月的对应日为期间的最后一日，没有对应日的，月末日为最后一日。
"""

import calendar
from datetime import date, timedelta


def last_day_of(start: date, months: int) -> date:
    """The last day of a period of so many months that begins with something on `start`."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def first_day_after(start: date, months: int) -> date:
    """The first day on which the period is full."""
    return last_day_of(start, months) + timedelta(days=1)
