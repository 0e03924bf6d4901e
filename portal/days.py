"""The day that an address asks about: one reader for figures, lists and the tree of divisions."""

from datetime import date

from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.parsing import CellProblem, day

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def read_day(typed: str, today: date) -> date:
    """A day in any way that people write one; today where nothing is typed."""
    if not typed.strip():
        return today
    try:
        found = day(typed)
    except CellProblem:
        sentence = N_("日期“%(value)s”无法识别或不存在，请写成2026-11-23这样的形式。")
        raise InvalidInput("on", message(sentence, value=printable(typed))) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        sentence = N_("统计日期应在%(first)s至%(last)s之间，现为%(value)s。")
        shown = {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat(), "value": found.isoformat()}
        raise InvalidInput("on", message(sentence, **shown))
    return found


def printable(typed: str) -> str:
    """What was typed, short and on one line."""
    return "".join(character for character in typed[:40] if character.isprintable())
